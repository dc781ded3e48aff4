"""Placements whose months are nearly full: how many months each form must run is the plan's, read from its schemes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, DateField, ExpressionWrapper, F, Func, IntegerField, Q, QuerySet, Value, When

from jiujin.plan import Plan
from jiujin.plan.parameters import value_on
from jiujin.registry.models import Person
from jiujin.values import add_months
from jiujin.web.desk import queries
from jiujin.web.desk.words import FORM_FACT
from jiujin.work.models import Placement
from jiujin.work.queries import running_on

SUBJECT = "placement"
SLACK = timedelta(days=4)
MONTHS_AFTER_START = re.compile(r"^\s*start_on\s*\+\s*param\('([a-z0-9_]+)'\)\s*$")


@dataclass(frozen=True)
class Term:
    """How many months the forms of one scheme must run."""

    scheme: str
    forms: tuple[str, ...]
    months: int


def terms_of(plan: Plan, today: date) -> list[Term]:
    """The term of each scheme for placements that says one, with the forms its roster takes; unset ones are left out."""
    return [
        term for scheme in plan.schemes.values() if scheme.subject == SUBJECT for term in _term(plan, scheme.id, today)
    ]


def _term(plan: Plan, scheme_id: str, today: date) -> Iterator[Term]:
    scheme = plan.schemes[scheme_id]
    said = MONTHS_AFTER_START.match(scheme.dates.get("term_full", ""))
    forms = next((field.choices for field in scheme.sheet if field.fact == FORM_FACT), [])
    months = value_on(plan, said[1], today) if said else None
    if isinstance(months, int) and forms:
        yield Term(scheme_id, tuple(forms), months)


def nearly_full_placements(
    people: QuerySet[Person], plan: Plan, today: date, *, days_ahead: int
) -> QuerySet[Placement]:
    """The running placements of these people that become full from today to `days_ahead` days on.

    Each has `full_months`, and `full_on`, the last day of those months (their day + 1 is the first day + the months).
    """
    terms = terms_of(plan, today)
    running = queries.placements_of_people(people).filter(running_on(today))
    if not terms:
        return running.none()
    last = today + timedelta(days=days_ahead)
    running = running.filter(_may_be_full(terms, today, last))
    months = Case(*(When(form__in=t.forms, then=Value(t.months)) for t in terms), output_field=IntegerField())
    found = running.annotate(full_months=months)
    found = found.annotate(full_on=_last_day(F("start_on"), F("full_months")))
    return found.filter(full_on__gte=today, full_on__lte=last)


def _may_be_full(terms: list[Term], first: date, last: date) -> Q:
    """The starts among which those lie that are full between two days, for an index: months are of 28 to 31 days."""
    found = Q(pk__in=[])
    for term in terms:
        span = (add_months(first, -term.months) - SLACK, add_months(last, -term.months) + SLACK)
        found |= Q(form__in=term.forms, start_on__range=span)
    return found


def _last_day(start: F, months: F) -> ExpressionWrapper:
    """`start` + `months` − 1 day in SQL, months clamped to their last day as PostgreSQL does."""
    span = Func(months, template="make_interval(months => %(expressions)s)")
    moved = Func(start, span, template="(%(expressions)s)::date - 1", arg_joiner=" + ")
    return ExpressionWrapper(moved, output_field=DateField())
