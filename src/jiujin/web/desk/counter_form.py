"""Registering someone at the counter: one page, most of it taps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiujin.accounts.models import User
from jiujin.core.current_plan import current_plan
from jiujin.registry.models import ConsentChannel, Purpose, Sex
from jiujin.values import IdNumberError
from jiujin.web.day_input import day_input
from jiujin.web.desk.identity import checked_number
from jiujin.web.desk.situation_form import SituationForm, choose
from jiujin.web.desk.words import CATEGORY_FACT

COUNTER_CHANNELS = (ConsentChannel.COUNTER, ConsentChannel.PAPER, ConsentChannel.PHONE)


class CounterForm(SituationForm):
    """Who it is and which group they belong to, what they agree to, and their situation."""

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
    category = forms.ChoiceField(label=gettext_lazy("人员类别（本人自报）"), required=False, widget=forms.RadioSelect)
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
        super().__init__(viewer, *args, **kwargs)
        self.fields["area"].required = bool(viewer.area_code)  # else the one who registers them would not see them
        choose(self, "category", [("", _("没有问")), *current_plan().facts[CATEGORY_FACT].choices.items()])

    def clean_id_number(self) -> str | None:
        """The number checked, or None where it is not known."""
        written = self.cleaned_data["id_number"].strip()
        if not written:
            return None
        try:
            return checked_number(written).number
        except IdNumberError as error:
            raise forms.ValidationError(_("%(why)s。没有保存。") % {"why": error.message}) from error

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
