"""How far a circle reaches, as the plan in force says it."""

from __future__ import annotations

from datetime import date

from jiujin.circles.errors import RadiusUnset
from jiujin.plan import Plan
from jiujin.work.nearby.radius import near_radius_m


def circle_radius_m(plan: Plan, day: date, area_code: str | None = None) -> int:
    """The plan's radius of a circle in metres. Raises RadiusUnset."""
    radius_m = near_radius_m(plan, day, area_code)
    if radius_m is None:
        raise RadiusUnset
    return radius_m
