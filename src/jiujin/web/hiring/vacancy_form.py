"""The one page on which a vacancy is written."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiujin.registry.models import Organisation, Workplace
from jiujin.web.hiring.fields import CountField, DayField, HoursField, WordsField, YuanField, plain_figures
from jiujin.web.hiring.occupations import find_occupations
from jiujin.web.hiring.words import form_choices
from jiujin.work.models import Occupation, Schooling, Shift, Vacancy, WagePeriod
from jiujin.work.vacancy_fields import HEADCOUNT_MAX, HOURS_A_WEEK_MAX, PHONE

FIRST_OPEN_DAYS: Final = 30  # what the very first form of an employer suggests
SHORT_DAYS: Final = 7  # a vacancy as short as that was an exception
KEY_PREFIX: Final = "form:"
FROM_THE_LAST: Final = (
    "form", "wage_period", "hours_a_week", "shift", "workplace", "contact_name", "contact_phone",
    "welcomes_priority_groups",
)  # fmt: skip
FORM_FIELDS: Final = {"wage_min_fen": "wage_min", "wage_max_fen": "wage_max"}  # a field of the model by its name here


class VacancyForm(forms.Form):
    """What an employer writes; `key` is made by the page, so that sent twice it is one vacancy."""

    key = forms.UUIDField(
        widget=forms.HiddenInput,
        label=gettext_lazy("这一页"),
        error_messages=dict.fromkeys(("required", "invalid"), gettext_lazy("页面不完整，请从“我的岗位”重新打开再填")),
    )
    title = forms.CharField(
        label=gettext_lazy("岗位名称"),
        max_length=80,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("例如：收银员")}),
        error_messages={"required": gettext_lazy("岗位名称没有填")},
    )
    occupation_words = forms.CharField(
        label=gettext_lazy("职业"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("输入几个字，从国家职业分类里选一个；居民按职业找工作。"),
    )
    occupation = forms.CharField(required=False, max_length=7, label=gettext_lazy("职业"))
    form = forms.ChoiceField(label=gettext_lazy("用工形式"))
    headcount = CountField(
        label=gettext_lazy("招几个人"),
        least=1,
        most=HEADCOUNT_MAX,
        initial=1,
        error_messages={"required": gettext_lazy("招几个人没有填")},
    )
    wage_min = YuanField(label=gettext_lazy("工资从（元）"), required=False)
    wage_max = YuanField(label=gettext_lazy("到（元）"), required=False)
    wage_period = forms.ChoiceField(
        label=gettext_lazy("计薪"), choices=WagePeriod.choices, initial=WagePeriod.MONTH, required=False
    )
    hours_a_week = HoursField(label=gettext_lazy("每周工时（小时）"), most=HOURS_A_WEEK_MAX, required=False)
    shift = forms.ChoiceField(
        label=gettext_lazy("班次"), choices=[("", gettext_lazy("面谈")), *Shift.choices], required=False
    )
    workplace = forms.ModelChoiceField(
        label=gettext_lazy("工作地点"),
        queryset=Workplace.objects.none(),
        empty_label=None,
        error_messages={
            "required": gettext_lazy("工作地点没有选"),
            "invalid_choice": gettext_lazy("请从自己单位正在使用的地点里选一个"),
        },
    )
    schooling_min = forms.TypedChoiceField(
        label=gettext_lazy("最低学历"), choices=Schooling.choices, coerce=int, initial=Schooling.NONE, required=False
    )
    licences = WordsField(
        label=gettext_lazy("要有的证书"), required=False, max_length=400, help_text=gettext_lazy("例如：健康证、电工证")
    )
    skills = WordsField(
        label=gettext_lazy("要会的技能"), required=False, max_length=400, help_text=gettext_lazy("例如：收银、电脑录入")
    )
    description = forms.CharField(
        label=gettext_lazy("做什么、有什么待遇"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("不写性别、年龄、籍贯和婚育要求，不收费用，不留私人联系方式；发布前会检查。"),
    )
    open_until = DayField(label=gettext_lazy("招到哪天"), error_messages={"required": gettext_lazy("招到哪天没有填")})
    contact_name = forms.CharField(label=gettext_lazy("联系人"), required=False, max_length=60)
    contact_phone = forms.CharField(
        label=gettext_lazy("联系电话"),
        required=False,
        max_length=24,
        help_text=gettext_lazy("只给您约了见面的人看。"),
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    welcomes_priority_groups = forms.BooleanField(label=gettext_lazy("欢迎就业重点群体应聘"), required=False)

    def __init__(self, organisation: Organisation, given: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(given, initial={"key": uuid4(), **(initial or {})})
        workplace, form = self.fields["workplace"], self.fields["form"]
        assert isinstance(workplace, forms.ModelChoiceField) and isinstance(form, forms.ChoiceField)
        workplace.queryset = open_workplaces(organisation)
        form.choices = form_choices()

    def clean_title(self) -> str:
        """A title with something in it."""
        return str(self.cleaned_data["title"]).strip()

    def clean_contact_phone(self) -> str:
        """Digits, without blanks and hyphens."""
        phone = plain_figures(self.cleaned_data["contact_phone"]).replace("-", "")
        if phone and not PHONE.fullmatch(phone):
            raise forms.ValidationError(_("联系电话只填 5 到 15 位数字"))
        return phone

    def clean_open_until(self) -> date:
        """A day that has not passed."""
        day: date = self.cleaned_data["open_until"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("%(day)s 已经过去。请填今天或以后的日期") % {"day": day.isoformat()})
        return day

    def clean(self) -> dict[str, Any]:
        """The wage in order; the occupation from the words where one was not picked."""
        cleaned: dict[str, Any] = super().clean() or {}
        low, high = cleaned.get("wage_min"), cleaned.get("wage_max")
        if high is not None and "wage_min" not in self.errors:
            if low is None:
                self.add_error("wage_min", _("写了工资的上限，也请写下限"))
            elif high < low:
                self.add_error("wage_max", _("上限比下限低。请核对两个数"))
        cleaned["occupation"] = self._occupation(cleaned)
        return cleaned

    def _occupation(self, cleaned: dict[str, Any]) -> str:
        """The code that was picked; without a script, the one that the words can only mean."""
        code, words = cleaned.get("occupation", ""), cleaned.get("occupation_words", "")
        if code:
            if not Occupation.objects.filter(code=code).exists():
                self.add_error("occupation_words", _("请从列出的职业里选一个"))
            return str(code)
        if not words:
            return ""
        found = find_occupations(words)
        if len(found) == 1 or (found and found[0].name == words):
            return found[0].code
        said = _("请从列出的职业里选一个，或者清空") if found else _("职业分类里没有找到这几个字，请换个说法，或者清空")
        self.add_error("occupation_words", said)
        return ""

    @property
    def picked_occupation(self) -> Occupation | None:
        """The occupation as it stands on the page."""
        code = self["occupation"].value()
        return Occupation.objects.select_related("parent").filter(code=str(code)).first() if code else None

    @property
    def offered_occupations(self) -> list[Occupation]:
        """What the words on the page find, when it comes back with an error."""
        words = self["occupation_words"].value()
        return find_occupations(str(words)) if words and not self.picked_occupation else []

    def vacancy_fields(self) -> dict[str, Any]:
        """What was written, by the names of `work.vacancy_fields`."""
        cleaned = self.cleaned_data
        same = (
            "title", "occupation", "form", "headcount", "hours_a_week", "shift", "licences", "skills", "description",
            "open_until", "contact_name", "contact_phone", "welcomes_priority_groups",
        )  # fmt: skip
        return {name: cleaned[name] for name in same} | {
            "wage_min_fen": cleaned["wage_min"],
            "wage_max_fen": cleaned["wage_max"],
            "wage_period": cleaned["wage_period"] or WagePeriod.MONTH,
            "schooling_min": cleaned["schooling_min"] or 0,
        }

    def source_key(self) -> str:
        """The key under which the vacancy is written once."""
        key: UUID = self.cleaned_data["key"]
        return f"{KEY_PREFIX}{key}"


def open_workplaces(organisation: Organisation) -> Any:
    """The places of work that take vacancies, by name."""
    return organisation.workplaces.filter(is_open=True).select_related("area").order_by("name", "pk")


def initial_of(vacancy: Vacancy) -> dict[str, Any]:
    """A vacancy as the form shows it."""
    names = [
        name for name in VacancyForm.base_fields if name not in ("key", "wage_min", "wage_max", "occupation_words")
    ]
    shown = {name: getattr(vacancy, name) for name in names}
    occupation = vacancy.occupation
    return shown | {
        "wage_min": vacancy.wage_min_fen,
        "wage_max": vacancy.wage_max_fen,
        "occupation": occupation.code if occupation else "",
        "occupation_words": occupation.name if occupation else "",
    }


def initial_for_copy(vacancy: Vacancy, today: date) -> dict[str, Any]:
    """Another vacancy like this one, open for as many days."""
    return initial_of(vacancy) | {"open_until": today + timedelta(days=open_days(vacancy))}


def initial_for_new(organisation: Organisation, today: date) -> dict[str, Any]:
    """What mostly stays the same, from the last vacancy; for the first one, what the organisation is known by."""
    last = organisation.vacancies.order_by("-created_at", "-pk").first()
    if last is None:
        return {
            "open_until": today + timedelta(days=FIRST_OPEN_DAYS),
            "contact_name": organisation.contact_name,
            "contact_phone": organisation.contact_phone or "",
        }
    kept = {name: getattr(last, name) for name in FROM_THE_LAST}
    days = open_days(last)
    return kept | {"open_until": today + timedelta(days=days if days >= SHORT_DAYS else FIRST_OPEN_DAYS)}


def open_days(vacancy: Vacancy) -> int:
    """For how many days a vacancy was to be open."""
    return max(1, (vacancy.open_until - timezone.localdate(vacancy.created_at)).days)
