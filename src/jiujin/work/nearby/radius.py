"""How far near is, as the plan in force says it."""

from __future__ import annotations

from datetime import date

from jiujin.plan import Plan
from jiujin.plan.parameters import value_on

RADIUS_PARAMETER = "circle_radius"
AGE_PARAMETER = "working_age_min"


def near_radius_m(plan: Plan, day: date, area_code: str | None = None) -> int | None:
    """The plan's radius of a circle in metres; None where it gives none."""
    return _whole(plan, RADIUS_PARAMETER, day, area_code)


def working_age_min(plan: Plan, day: date) -> int | None:
    """The age from which the law lets a person work; None where the plan gives none."""
    return _whole(plan, AGE_PARAMETER, day, None)


def _whole(plan: Plan, name: str, day: date, area_code: str | None) -> int | None:
    """A whole number of the plan; past the plan's period its last value goes on, before it the first."""
    if name not in plan.parameters:
        return None
    start, end = plan.header.period.start, plan.header.period.end
    on = min(max(day, start or day), end or day)
    value = value_on(plan, name, on, area_code)
    return value if isinstance(value, int) else None
