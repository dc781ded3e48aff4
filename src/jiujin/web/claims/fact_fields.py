"""A fact as a field of a form, and back as the rules hold it: money in fen, dates as ISO text, yes and no as such."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiujin.core.listing import Words
from jiujin.plan import Plan, Scheme
from jiujin.plan.models import Fact
from jiujin.values import MoneyError, format_yuan, parse_yuan
from jiujin.web.day_input import day_input

YES_NO: tuple[tuple[str, Words], ...] = (
    ("", gettext_lazy("不清楚")),
    ("yes", gettext_lazy("是")),
    ("no", gettext_lazy("否")),
)
PREFIX = "fact_"
LONGEST_TEXT = 200
WHOLE_MAX = 10**9
HELP: Mapping[str, Words] = {
    "money": gettext_lazy("元，最多两位小数"),
    "months": gettext_lazy("整月数"),
    "days": gettext_lazy("天数"),
    "years": gettext_lazy("年数"),
    "date": gettext_lazy("如 2022-03-01"),
}


def sheet_facts(plan: Plan, scheme: Scheme) -> list[tuple[Fact, str]]:
    """The facts of the scheme's roster in its order, each with its heading there."""
    return [(plan.facts[f.fact], f.label or plan.facts[f.fact].label) for f in scheme.sheet if f.fact in plan.facts]


def fact_field(fact: Fact, label: str) -> forms.Field:
    """The field by which a person gives the fact; an empty one means that it is not known."""
    given: dict[str, Any] = {"label": label, "required": False, "help_text": HELP.get(fact.type, "")}
    if fact.type == "yes_no":
        return forms.ChoiceField(choices=YES_NO, **given)
    if fact.type == "choice":
        return forms.ChoiceField(choices=[("", _("不清楚")), *fact.choices.items()], **given)
    if fact.type == "date":
        return forms.DateField(widget=day_input(), **given)
    if fact.type in ("months", "days", "years", "count"):
        return forms.IntegerField(min_value=0, max_value=WHOLE_MAX, **given)
    return forms.CharField(max_length=LONGEST_TEXT, **given)


def field_value(fact: Fact, held: Any) -> Any:
    """A kept fact as its field shows it."""
    if held is None:
        return ""
    if fact.type == "yes_no":
        return "yes" if held else "no"
    if fact.type == "money":
        return format_yuan(int(held))
    return date.fromisoformat(str(held)) if fact.type == "date" else held


def kept_value(fact: Fact, cleaned: Any) -> Any:
    """What the form gave, as facts are kept. Raises MoneyError for yuan that are none."""
    if cleaned in ("", None):
        return None
    if fact.type == "yes_no":
        return cleaned == "yes"
    if fact.type == "money":
        return parse_yuan(str(cleaned))
    if fact.type == "date":
        return cleaned.isoformat()
    return cleaned


class FactsForm(forms.Form):
    """Some facts of one line."""

    def __init__(self, facts: Iterable[tuple[Fact, str]], held: Mapping[str, Any], given: Any = None) -> None:
        self.kept = [(fact, label) for fact, label in facts]
        initial = {PREFIX + fact.id: field_value(fact, held.get(fact.id)) for fact, _label in self.kept}
        super().__init__(given, initial=initial)
        for fact, label in self.kept:
            self.fields[PREFIX + fact.id] = fact_field(fact, label)

    def clean(self) -> dict[str, Any]:
        """Yuan are yuan."""
        cleaned = super().clean() or {}
        for fact, _label in self.kept:
            try:
                kept_value(fact, cleaned.get(PREFIX + fact.id))
            except MoneyError as error:
                self.add_error(PREFIX + fact.id, str(error))
        return cleaned

    def facts(self) -> dict[str, Any]:
        """The facts as they are kept; null for those not known."""
        return {fact.id: kept_value(fact, self.cleaned_data.get(PREFIX + fact.id)) for fact, _label in self.kept}
