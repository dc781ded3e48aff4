"""How far a circle reaches, as the plan in force says it."""

from __future__ import annotations

from datetime import date

from jiujin.circles.errors import RadiusUnset
from jiujin.plan import Plan
from jiujin.plan.parameters import value_on

RADIUS_PARAMETER = "circle_radius"


def circle_radius_m(plan: Plan, day: date, area_code: str | None = None) -> int:
    """The plan's radius of a circle in metres; past the plan's period its last value goes on. Raises RadiusUnset."""
    end = plan.header.period.end
    on = min(day, end) if end else day
    value = value_on(plan, RADIUS_PARAMETER, on, area_code) if RADIUS_PARAMETER in plan.parameters else None
    if not isinstance(value, int):
        raise RadiusUnset
    return value
