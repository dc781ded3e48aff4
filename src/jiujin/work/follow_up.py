"""When people are asked what became of them: after a placement, after an internship; the plan says after how many months."""

from __future__ import annotations

from datetime import date
from typing import Final

from jiujin.core.plan_in_force import plan_in_force
from jiujin.plan.parameters import value_on

PARAMETER: Final = "follow_up_months"


def follow_up_months(day: date) -> tuple[int, ...]:
    """The months after which one asks, the earliest first; none where the plan says nothing."""
    plan = plan_in_force()
    table = value_on(plan, PARAMETER, day) if PARAMETER in plan.parameters else None
    if not isinstance(table, tuple):
        return ()
    return tuple(sorted(int(row[0]) for row in table if isinstance(row, tuple)))


def months_in_words(months: tuple[int, ...]) -> str:
    """As a sentence has them: 1、3、6."""
    return "、".join(map(str, months))
