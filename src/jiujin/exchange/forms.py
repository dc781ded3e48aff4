"""The upload form of a roster check."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiujin.exchange.storage import ACCEPTED_SUFFIXES
from jiujin.plan import Plan, Scheme, parse_value
from jiujin.plan.models import Parameter
from jiujin.rules import compile_scheme

PARAMETER = "param_"
LONGEST_VALUE = 200
HELP = {
    "money": gettext_lazy("元，最多两位小数"),
    "months": gettext_lazy("月数，整数"),
    "days": gettext_lazy("天数，整数"),
    "years": gettext_lazy("年数，整数"),
    "count": gettext_lazy("整数"),
    "date": gettext_lazy("日期，如 2022-03-01"),
    "choices": gettext_lazy("名单，用逗号分开"),
}


class UploadForm(forms.Form):
    """A scheme, a file, trial values of that scheme's unset parameters, and how strictly to ask for proof."""

    check_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    scheme = forms.ChoiceField(label=gettext_lazy("按哪个补贴项目核对"))
    file = forms.FileField(
        label=gettext_lazy("名单"),
        widget=forms.FileInput(attrs={"accept": ",".join(ACCEPTED_SUFFIXES)}),
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("没有选文件，没有开始核对。请选一份名单。")},
    )
    proof = forms.BooleanField(label=gettext_lazy("按佐证程度判断"), required=False)

    def __init__(self, plan: Plan, scheme: Scheme, given: Any = None, files: Any = None) -> None:
        super().__init__(given, files, initial={"scheme": scheme.id})
        self.plan = plan
        choice = self.fields["scheme"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = scheme_choices(plan)
        for parameter in unset_parameters(plan, scheme):
            self.fields[PARAMETER + parameter.id] = _parameter_field(parameter)

    def clean(self) -> dict[str, Any]:
        """Trial values are held against their type, so that a wrong one is told here and not in the middle of a check."""
        cleaned = super().clean() or {}
        for name, text in self.given_parameters().items():
            try:
                parse_value(self.plan, name, text)
            except ValueError as error:
                self.add_error(PARAMETER + name, str(error))
        return cleaned

    def given_parameters(self) -> dict[str, str]:
        """The trial values that were filled in, as written."""
        given = {n.removeprefix(PARAMETER): v for n, v in self.cleaned_data.items() if n.startswith(PARAMETER)}
        return {name: text for name, text in given.items() if text}

    @property
    def trial_fields(self) -> list[forms.BoundField]:
        """The fields of the trial values."""
        return [self[name] for name in self.fields if name.startswith(PARAMETER)]


def scheme_choices(plan: Plan) -> list[tuple[str, str]]:
    """Schemes in the order of their clauses, each with its place in the document."""
    order = list(plan.clauses)
    schemes = sorted(plan.schemes.values(), key=lambda scheme: order.index(scheme.clause))
    return [(scheme.id, f"{scheme.name}　{plan.clauses[scheme.clause].place}") for scheme in schemes]


def unset_parameters(plan: Plan, scheme: Scheme) -> list[Parameter]:
    """Parameters without a value that the scheme's conditions, amount or warnings wait for."""
    program = compile_scheme(plan, scheme)
    missing = {name.removeprefix("param:") for name in program.missing_names if name.startswith("param:")}
    missing |= {warn.while_unset for warn in scheme.warnings}
    return [p for p in plan.parameters.values() if p.id in missing and p.status == "unset" and p.type != "table"]


def _parameter_field(parameter: Parameter) -> forms.CharField:
    help_text = str(HELP[parameter.type])
    if parameter.note:
        help_text = f"{help_text}；{parameter.note}"
    refers = _("；按%(rule)s设定") % {"rule": parameter.refers_to} if parameter.refers_to else ""
    return forms.CharField(
        label=parameter.name, required=False, max_length=LONGEST_VALUE, help_text=f"{help_text}{refers}"
    )
