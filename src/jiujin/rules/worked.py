"""Invented spells made of a plan's worked cases: what a demonstration shows is what the plan's own cases speak of.

A spell is what one person has of one scheme: one row of facts, or the rows of a case that are judged together. Facts are in
the rules' units (fen, dates, codes), None not known. The dates that an ordinary spell begins on are spread over the plan's
period, its month ends and its edges.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from random import Random
from typing import Any

from jiujin.plan.models import Plan, Scheme
from jiujin.rules.cases import fact_value

Facts = Mapping[str, Any]
Spell = tuple[Facts, ...]

ORDINARY_SHARE = 0.6
AWKWARD_DAY_SHARE = 0.15
MONEY_RAISE_MAX = 0.4
LEAP_YEARS_BACK = 4


class WorkedSpells:
    """Draws spells of one scheme: about ORDINARY_SHARE of them like the cases' base, moved in time; the rest cases as written."""

    def __init__(self, plan: Plan, scheme: Scheme) -> None:
        self.plan = plan
        self.scheme = scheme
        self.base, self.cases = worked_spells(plan, scheme)

    def draw(self, pick: Random) -> Spell:
        """One spell; the same `pick` in the same state gives the same spell."""
        if pick.random() < ORDINARY_SHARE or not self.cases:
            return (self._moved(pick),)
        return pick.choice(self.cases)

    def _moved(self, pick: Random) -> Facts:
        """The base with its dates moved together, and its money raised a little."""
        start = self.base.get(self.scheme.dates["start"]) if "start" in self.scheme.dates else None
        move = self._start_day(pick) - start if isinstance(start, date) else timedelta(0)
        raised = 1 + pick.random() * MONEY_RAISE_MAX
        return {name: self._varied(name, value, move, raised) for name, value in self.base.items()}

    def _varied(self, name: str, value: Any, move: timedelta, raised: float) -> Any:
        if isinstance(value, date):
            return value + move
        return int(value * raised) if self.plan.facts[name].type == "money" and value is not None else value

    def _start_day(self, pick: Random) -> date:
        days = days_of_period(self.plan)
        if pick.random() < AWKWARD_DAY_SHARE:
            return pick.choice(awkward_days(days[0], days[-1]))
        return pick.choice(days)


def worked_spells(plan: Plan, scheme: Scheme) -> tuple[Facts, list[Spell]]:
    """The base of a scheme's cases, and each different set of rows that its cases give one person."""
    book = plan.cases[scheme.id]
    base: Facts = {name: fact_value(plan.facts[name], raw) for name, raw in book.base.items()}
    spells: list[Spell] = []
    for case in book.cases:
        rows = [{**case.facts, **row.facts} for row in case.as_rows()]
        typed = [{**base, **{name: fact_value(plan.facts[name], raw) for name, raw in row.items()}} for row in rows]
        whose = typed[0].get(scheme.identity)
        spell: Spell = tuple(row for row in typed if row.get(scheme.identity) == whose)
        if spell not in spells:
            spells.append(spell)
    return base, spells


@lru_cache(maxsize=4)
def _days(first: date, last: date) -> tuple[date, ...]:
    return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))


def days_of_period(plan: Plan) -> tuple[date, ...]:
    """Every day of the plan's period; a plan without one has none to draw from. Raises ValueError."""
    period = plan.header.period
    if period.start is None or period.end is None:
        raise ValueError(f"plan {plan.id} has no period of two days")
    return _days(period.start, period.end)


@lru_cache(maxsize=4)
def awkward_days(first: date, last: date) -> tuple[date, ...]:
    """Days on which month arithmetic and periods go wrong: month ends, the period's edges, the last leap day before it."""
    firsts = [month for month in _days(first, last) if month.day == 1]
    ends = [later - timedelta(days=1) for _, later in pairwise(firsts)]
    edges = [first - timedelta(days=1), first, last, last + timedelta(days=1)]
    return tuple(sorted({*ends, *edges, *_leap_days(first)}))


def _leap_days(before: date) -> Iterator[date]:
    """29 February of the years just before a day."""
    for years in range(1, LEAP_YEARS_BACK + 1):
        day = date(before.year - years, 3, 1) - timedelta(days=1)
        if day.day == 29:
            yield day
