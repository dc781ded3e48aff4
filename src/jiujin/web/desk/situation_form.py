"""How to reach somebody, where they live and what they look for: at the counter, and again whenever it changes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Count
from django.db.models.functions import Left
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiujin.accounts.models import User
from jiujin.core.current_plan import current_plan
from jiujin.registry.models import Area, AreaLevel, Person
from jiujin.values import MoneyError, format_yuan, parse_yuan
from jiujin.web.desk.words import FORM_FACT
from jiujin.work.models import Occupation, Schooling, Shift
from jiujin.work.queries import open_vacancies

PHONE = r"^\d{5,15}$"
OCCUPATION_GROUPS_SHOWN = 16
OCCUPATION_GROUP_DIGITS = 3  # the classification's middle groups: few enough to choose from, and they say a trade


class SituationForm(forms.Form):
    """Telephone, community, wish. `wished` are codes that the person wishes for already; they can be kept or taken off."""

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

    def __init__(self, viewer: User, *args: Any, wished: list[str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "area", [("", "—" if viewer.area_code else _("还不知道")), *area_choices(viewer)])
        choose(self, "forms_wanted", list(current_plan().facts[FORM_FACT].choices.items()))
        choose(self, "occupations", occupation_choices(wished or []))

    def clean_wage_min(self) -> int | None:
        """Yuan a month to fen, or None."""
        written = self.cleaned_data["wage_min"].strip()
        try:
            return parse_yuan(written) if written else None
        except MoneyError as error:
            raise forms.ValidationError(str(error)) from error

    def told_wish(self) -> dict[str, Any]:
        """The wish as `save_wish` takes it."""
        given = self.cleaned_data
        return {
            "is_looking": given["is_looking"],
            "forms": given["forms_wanted"],
            "shifts": given["shifts"],
            "occupations": given["occupations"],
            "schooling": given["schooling"],
            "wage_min_fen": given["wage_min"],
        }


def situation_of(person: Person) -> dict[str, Any]:
    """What the form starts with for someone who is registered."""
    known: dict[str, Any] = {"phone": person.phone, "area": person.home_area_id}
    wish = getattr(person, "wish", None)
    if wish is None:
        return known
    wage = wish.wage_min_fen
    return known | {
        "is_looking": wish.is_looking,
        "forms_wanted": wish.forms,
        "shifts": wish.shifts,
        "occupations": wish.occupations,
        "schooling": wish.schooling,
        "wage_min": "" if wage is None else format_yuan(wage),
    }


def choose(form: forms.Form, name: str, choices: list[Any]) -> None:
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


def occupation_choices(wished: list[str]) -> list[tuple[str, str]]:
    """What is wished for already, then the groups that open vacancies are of, the most asked for first."""
    group = Left("occupation_id", OCCUPATION_GROUP_DIGITS)
    asked = open_vacancies().exclude(occupation=None).annotate(group=group).values("group").order_by()
    groups = asked.annotate(count=Count("pk")).order_by("-count", "group")[:OCCUPATION_GROUPS_SHOWN]
    codes = list(dict.fromkeys([*wished, *(row["group"] for row in groups)]))
    names = dict(Occupation.objects.filter(code__in=codes).values_list("code", "name").order_by("code"))
    return [(code, names[code]) for code in codes if code in names]
