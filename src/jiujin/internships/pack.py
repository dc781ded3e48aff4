"""What the plan pack says of internships: its scheme, its bounds by date, its channels. No number stands in this room."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Final

from jiujin.core.current_plan import current_plan
from jiujin.core.plan_in_force import plan_in_force
from jiujin.plan import Plan
from jiujin.plan.models import Condition, Scheme
from jiujin.plan.parameters import FIRST_DAY, LAST_DAY, value_on
from jiujin.rules import Program, compile_scheme
from jiujin.rules.language import Scope, parse

SUBJECT: Final = "internship"
STIPEND_FACT: Final = "monthly_stipend"  # of the subject's schemes, the one that asks for it pays the months
GROUP_FACT: Final = "intern_group"
STIPEND: Final = "internship_stipend"
MONTHS_MIN: Final = "internship_months_min"
MONTHS_MAX: Final = "internship_months_max"
PUBLISHING: Final = "3.2.2-publish"  # the clause whose audiences name the channels
# What an application can say; a condition that asks for more is judged where money is asked for.
TOLD: Final = frozenset(
    {
        "born_on",
        GROUP_FACT,
        "graduated_on",
        "internship_start_on",
        "internship_end_on",
        "internship_months",
        "age_at_internship",
    }
)

_plans: dict[str, Plan] = {}


def months_bounds(day: date) -> tuple[int, int]:
    """How many whole months an internship that begins on a day may take, at least and at most."""
    plan = plan_in_force()
    low, high = value_on(plan, MONTHS_MIN, day), value_on(plan, MONTHS_MAX, day)
    assert isinstance(low, int) and isinstance(high, int), "the plan states both bounds"
    return low, high


def stipend_floor_fen(day: date) -> int | None:
    """The least that a unit pays an intern a month, in fen, on a day; None where the plan has none."""
    value = value_on(plan_in_force(), STIPEND, day)
    return value if isinstance(value, int) else None


def channels() -> list[str]:
    """Where posts are made known, by the plan's audiences of its publishing clause."""
    found = [each for each in current_plan().audiences.values() if each.clause == PUBLISHING]
    return list(dict.fromkeys(channel for audience in found for channel in audience.channels))


def groups() -> dict[str, str]:
    """The groups of interns: code and name; what belongs to none is not among them."""
    return {code: name for code, name in current_plan().facts[GROUP_FACT].choices.items() if code != "none"}


def scheme_of_months(plan: Plan) -> Scheme:
    """The scheme that is judged of an intern's group, term and stipend, found by its subject and what it asks for."""
    return plan.scheme_about(SUBJECT, STIPEND_FACT)


def program_of_groups(plan: Plan) -> Program:
    """The conditions of the scheme that an application can be judged by, on any first day; compiled once a version."""
    _plans[plan.digest] = plan
    return _program(plan.digest)


@lru_cache(maxsize=20)
def _program(digest: str) -> Program:
    plan = _plans[digest]
    scheme = scheme_of_months(plan)
    parts = [part for part in scheme.conditions.all or [] if _facts_of(plan, scheme, part) <= TOLD]
    always = scheme.in_force.model_copy(update={"start": FIRST_DAY, "end": LAST_DAY})
    reduced = scheme.model_copy(update={"conditions": Condition(all=parts), "in_force": always})
    return compile_scheme(plan, reduced, records=True, given=frozenset({"born_on"}))


def _facts_of(plan: Plan, scheme: Scheme, condition: Condition) -> set[str]:
    scope = Scope.of(plan, scheme.subject)
    return {name for leaf in _leaves(condition) for name in parse(leaf.when or leaf.fact or "", scope).facts}


def _leaves(condition: Condition) -> Iterator[Condition]:
    if condition.when or condition.fact:
        yield condition
    for part in (condition.given, condition.negated, *(condition.all or ()), *(condition.any or ())):
        if part is not None:
            yield from _leaves(part)
