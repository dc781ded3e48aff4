"""The forms of a placement: where someone works since when, its contract, and its end."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiujin.core.current_plan import current_plan
from jiujin.core.proof import Proof
from jiujin.registry.models import Organisation, OrganisationKind
from jiujin.values import CreditCodeError, check_credit_code
from jiujin.web.day_input import day_input
from jiujin.web.desk.words import FORM_FACT

DECLARABLE = [(Proof.DECLARED.value, Proof.DECLARED.label), (Proof.DOCUMENTED.value, Proof.DOCUMENTED.label)]
EMPLOYERS_LISTED = 500


def _day(label: Any, *, required: bool = False) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=day_input())


class TermForm(forms.Form):
    """A first day, a last day or none, and how far it is proven."""

    start_on = _day(gettext_lazy("开始日期"), required=True)
    end_on = _day(gettext_lazy("结束日期"))
    open_ended = forms.BooleanField(label=gettext_lazy("无固定期限"), required=False)
    proof = forms.TypedChoiceField(label=gettext_lazy("佐证"), choices=DECLARABLE, coerce=int)

    def clean_proof(self) -> Proof:
        """As the services take it."""
        return Proof(self.cleaned_data["proof"])


class PlacementForm(TermForm):
    """Where someone works, under which form, since when."""

    employer = forms.CharField(
        label=gettext_lazy("用人单位"),
        max_length=120,
        help_text=gettext_lazy("单位全称或统一社会信用代码；打几个字会列出登记过的单位。"),
        widget=forms.TextInput(attrs={"list": "employers", "autocomplete": "off"}),
    )
    form = forms.ChoiceField(label=gettext_lazy("用工形式"), widget=forms.RadioSelect)
    field_order = ("employer", "form", "start_on", "end_on", "open_ended", "proof")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["form"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = list(current_plan().facts[FORM_FACT].choices.items())

    def clean_employer(self) -> Organisation:
        """The one employer of this name or code."""
        written = self.cleaned_data["employer"].strip()
        employers = Organisation.objects.filter(kinds__contains=[OrganisationKind.EMPLOYER])
        try:
            found = list(employers.filter(credit_code=check_credit_code(written)).order_by("pk")[:2])
        except CreditCodeError:
            found = list(employers.filter(name=written).order_by("pk")[:2])
        if not found:
            raise forms.ValidationError(_("没有登记过这个单位，没有保存。请核对全称，或请区里经办先登记单位。"))
        if len(found) > 1:
            raise forms.ValidationError(_("有几个单位叫这个名字，没有保存。请改填统一社会信用代码。"))
        return found[0]


class ContractForm(TermForm):
    """A contract or agreement as signed; a second one with another first day is a renewal."""

    number = forms.CharField(label=gettext_lazy("合同编号"), max_length=60, required=False)
    signed_on = _day(gettext_lazy("签订日期"))
    field_order = ("number", "signed_on", "start_on", "end_on", "open_ended", "proof")


class LeavingForm(forms.Form):
    """The last day really worked, and why it was the last."""

    left_on = _day(gettext_lazy("最后上班的日子"), required=True)
    because = forms.CharField(label=gettext_lazy("原因"), max_length=200, required=False)


def employer_names() -> list[str]:
    """Names to choose from while one types."""
    employers = Organisation.objects.filter(kinds__contains=[OrganisationKind.EMPLOYER]).order_by("name", "pk")
    return list(employers.values_list("name", flat=True)[:EMPLOYERS_LISTED])
