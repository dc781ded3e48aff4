"""Month arithmetic that clamps to the last day of a month.

A term of n months is full when its last day + 1 is on or after its first day + n months (31 August + 6 months is
28 February). Everything else here follows from `add_months`.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

MONTHS_A_YEAR = 12


def add_months(day: date, months: int) -> date:
    """`day` moved by `months` (negative goes back); a day that the month does not have becomes its last day."""
    year, month_index = divmod(day.year * MONTHS_A_YEAR + day.month - 1 + months, MONTHS_A_YEAR)
    month = month_index + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def whole_months(start: date, end: date) -> int:
    """The largest n with `end` + 1 day on or after `start` + n months; both days belong to the term.

    Negative where the term ends more than a day before it starts.
    """
    return _steps(start, end + timedelta(days=1))


def years_old(born: date, on: date) -> int:
    """Age in full years on a day: the largest n with `on` on or after `born` + 12n months."""
    return _steps(born, on) // MONTHS_A_YEAR


def _steps(start: date, reached: date) -> int:
    """The largest n with `reached` on or after `start` + n months."""
    months = (reached.year - start.year) * MONTHS_A_YEAR + reached.month - start.month
    return months if add_months(start, months) <= reached else months - 1
