"""Registering someone at the counter: one page, most of it taps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Count
from django.db.models.functions import Left
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiujin.accounts.models import User
from jiujin.core.current_plan import current_plan
from jiujin.registry.models import Area, AreaLevel, ConsentChannel, Purpose, Sex
from jiujin.values import IdNumberError, MoneyError, parse_yuan
from jiujin.web.desk.day_input import day_input
from jiujin.web.desk.identity import checked_number
from jiujin.web.desk.words import CATEGORY_FACT, FORM_FACT
from jiujin.work.models import Occupation, Schooling, Shift
from jiujin.work.queries import open_vacancies

PHONE = r"^\d{5,15}$"
COUNTER_CHANNELS = (ConsentChannel.COUNTER, ConsentChannel.PAPER, ConsentChannel.PHONE)
OCCUPATION_GROUPS_SHOWN = 16
OCCUPATION_GROUP_DIGITS = 3  # the classification's middle groups: few enough to choose from, and they say a trade


class CounterForm(forms.Form):
    """Who it is, how to reach them, where they live, which group they belong to, what they look for, what they agree to."""

    id_number = forms.CharField(
        label=gettext_lazy("身份证号"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "data-card": ""}),
        help_text=gettext_lazy("在这里刷卡会连姓名一起填好。没带身份证的先空着，填出生日期和性别。"),
    )
    name = forms.CharField(
        label=gettext_lazy("姓名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    born_on = forms.DateField(label=gettext_lazy("出生日期"), required=False, widget=day_input())
    sex = forms.ChoiceField(
        label=gettext_lazy("性别"), required=False, choices=[("", "—"), *Sex.choices], widget=forms.Select
    )
    phone = forms.RegexField(
        PHONE,
        label=gettext_lazy("电话"),
        required=False,
        help_text=gettext_lazy("一家人可以共用一个。没有电话就空着，登记完给本人一个登录码。"),
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
        error_messages={"invalid": gettext_lazy("电话号码的写法不对，没有保存。请只填 5 到 15 位数字。")},
    )
    area = forms.ChoiceField(
        label=gettext_lazy("住在哪个社区村"),
        required=False,
        help_text=gettext_lazy("先按社区中心点找附近的岗位，准确位置以后可以在地图上改。"),
    )
    category = forms.ChoiceField(label=gettext_lazy("人员类别（本人自报）"), required=False, widget=forms.RadioSelect)
    is_looking = forms.BooleanField(label=gettext_lazy("在找工作"), required=False, initial=True)
    forms_wanted = forms.MultipleChoiceField(
        label=gettext_lazy("用工形式"), required=False, widget=forms.CheckboxSelectMultiple
    )
    shifts = forms.MultipleChoiceField(
        label=gettext_lazy("班次"), required=False, choices=Shift.choices, widget=forms.CheckboxSelectMultiple
    )
    occupations = forms.MultipleChoiceField(
        label=gettext_lazy("想做什么"), required=False, widget=forms.CheckboxSelectMultiple
    )
    schooling = forms.TypedChoiceField(
        label=gettext_lazy("学历"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "—"), *((s.value, s.label) for s in Schooling if s)],
    )
    wage_min = forms.CharField(
        label=gettext_lazy("每月至少多少元"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    consents = forms.MultipleChoiceField(
        label=gettext_lazy("本人同意"), required=False, choices=Purpose.choices, widget=forms.CheckboxSelectMultiple
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("怎样表示的同意"),
        choices=[(c.value, c.label) for c in COUNTER_CHANNELS],
        initial=ConsentChannel.COUNTER,
        widget=forms.RadioSelect,
    )
    not_the_same = forms.BooleanField(label=gettext_lazy("看过了，不是同一个人，仍然登记"), required=False)

    def __init__(self, viewer: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        facts = current_plan().facts
        self.fields["area"].required = bool(viewer.area_code)  # else the one who registers them would not see them
        _choose(self, "area", [("", "—" if viewer.area_code else _("还不知道")), *area_choices(viewer)])
        _choose(self, "category", [("", _("没有问")), *facts[CATEGORY_FACT].choices.items()])
        _choose(self, "forms_wanted", list(facts[FORM_FACT].choices.items()))
        _choose(self, "occupations", occupation_choices())

    def clean_id_number(self) -> str | None:
        """The number checked, or None where it is not known."""
        written = self.cleaned_data["id_number"].strip()
        if not written:
            return None
        try:
            return checked_number(written).number
        except IdNumberError as error:
            raise forms.ValidationError(_("%(why)s。没有保存。") % {"why": error.message}) from error

    def clean_wage_min(self) -> int | None:
        """Yuan a month to fen, or None."""
        written = self.cleaned_data["wage_min"].strip()
        try:
            return parse_yuan(written) if written else None
        except MoneyError as error:
            raise forms.ValidationError(str(error)) from error

    def clean_born_on(self) -> Any:
        """A birth lies in the past."""
        born_on = self.cleaned_data["born_on"]
        if born_on and born_on > timezone.localdate():
            raise forms.ValidationError(_("出生日期在今天以后，没有保存。请核对。"))
        return born_on

    def clean(self) -> dict[str, Any]:
        """The number says birth and sex, whatever was filled in beside it."""
        cleaned = super().clean() or {}
        if number := cleaned.get("id_number"):
            identity = checked_number(number)
            cleaned |= {"born_on": identity.born_on, "sex": identity.sex}
        elif "id_number" in cleaned and not cleaned.get("born_on") and "born_on" in cleaned:
            self.add_error("born_on", _("没有身份证号时要填出生日期，用来分辨同名的人。"))
        return cleaned


def _choose(form: forms.Form, name: str, choices: list[Any]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def area_choices(viewer: User) -> list[tuple[str, list[tuple[str, str]]]]:
    """The communities of the viewer's area under their townships; a township without communities stands for itself."""
    areas = Area.objects.filter(code__startswith=viewer.area_code).exclude(level=AreaLevel.DISTRICT).order_by("code")
    townships: dict[str, tuple[str, list[tuple[str, str]]]] = {}
    for area in areas:
        if area.level == AreaLevel.TOWNSHIP:
            townships[area.code] = (area.name, [(area.code, _("%(name)s（不知道社区村）") % {"name": area.name})])
    for area in areas:
        if area.level == AreaLevel.COMMUNITY:
            townships.setdefault(str(area.parent_id), (str(area.parent_id), []))[1].append((area.code, area.name))
    return list(townships.values())


def occupation_choices() -> list[tuple[str, str]]:
    """The groups that open vacancies are of, the most asked for first: a few taps, not a tree."""
    group = Left("occupation_id", OCCUPATION_GROUP_DIGITS)
    asked = open_vacancies().exclude(occupation=None).annotate(group=group).values("group").order_by()
    codes = [
        row["group"] for row in asked.annotate(count=Count("pk")).order_by("-count", "group")[:OCCUPATION_GROUPS_SHOWN]
    ]
    names = dict(Occupation.objects.filter(code__in=codes).values_list("code", "name").order_by("code"))
    return [(code, names[code]) for code in codes if code in names]
