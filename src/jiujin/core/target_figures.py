"""Counts the targets of the plan from records, by the pack's own SQL (`measure`): progress is counted, never typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from jiujin.plan import Plan
from jiujin.plan.models import Target


@dataclass(frozen=True)
class TargetFigure:
    """How far a target is on a day: counted, and asked for. `counted` is None while the pack has no measure."""

    target: Target
    counted: int | None

    @property
    def asked(self) -> int:
        """What the document asks for."""
        return self.target.figure


def figure_of(plan: Plan, target_id: str, day: date, area_code: str = "") -> TargetFigure:
    """What counts for a target from the plan's first day to `day`, at most the deadline, in an area (blank: everywhere)."""
    target = plan.targets[target_id]
    if target.measure is None:
        return TargetFigure(target, None)
    first = plan.header.period.start or target.deadline.replace(month=1, day=1)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM ({_written(target.measure)}) AS counted WHERE counted.counted_on BETWEEN %(first)s AND %(last)s"
            " AND (%(area)s = '' OR starts_with(counted.area, %(area)s))",
            {"first": first, "last": min(day, target.deadline), "area": area_code},
        )
        (counted,) = cursor.fetchone()
    return TargetFigure(target, counted)


def figures_by_area(plan: Plan, target_id: str, day: date, digits: int) -> dict[str, int]:
    """The same by the first `digits` of the area that each is credited to; what has no area stands under a blank."""
    target = plan.targets[target_id]
    if target.measure is None:
        return {}
    first = plan.header.period.start or target.deadline.replace(month=1, day=1)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT coalesce(left(counted.area, %(digits)s), ''), count(*) FROM ({_written(target.measure)}) AS counted"
            " WHERE counted.counted_on BETWEEN %(first)s AND %(last)s GROUP BY 1 ORDER BY 1",
            {"digits": digits, "first": first, "last": min(day, target.deadline)},
        )
        return dict(cursor.fetchall())


def _written(measure: str) -> str:
    """The measure as a text with gaps to fill has it."""
    return measure.replace("%", "%%")
