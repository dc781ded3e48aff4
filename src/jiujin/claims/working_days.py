"""Working days of the People's Republic: the published holidays and make-up days; past them, Monday to Friday for the time being."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import chinese_calendar
from chinese_calendar.constants import holidays

FIRST_YEAR = min(holidays).year
LAST_YEAR = max(holidays).year
DAYS_MAX = 2000


def is_provisional(year: int) -> bool:
    """Whether the year's holidays are not published (to this calendar): its working days may still change."""
    return not FIRST_YEAR <= year <= LAST_YEAR


@lru_cache(maxsize=4096)
def is_working_day(day: date) -> bool:
    """Whether offices work on the day."""
    if is_provisional(day.year):
        return day.weekday() < 5
    return bool(chinese_calendar.is_workday(day))


@lru_cache(maxsize=4096)
def add_working_days(day: date, count: int) -> date:
    """The `count`-th working day after a day (which does not count itself); the day itself for 0. Raises ValueError."""
    if not 0 <= count <= DAYS_MAX:
        raise ValueError(f"{count} working days are not within 0 to {DAYS_MAX}")
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def working_days_between(first: date, last: date) -> int:
    """How many working days come after `first` until `last`; 0 where `last` is not later."""
    return sum(is_working_day(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))
