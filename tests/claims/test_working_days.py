"""Working days: the published holidays and make-up days, and what comes after them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiujin.claims.working_days import (
    LAST_YEAR,
    add_working_days,
    is_provisional,
    is_working_day,
    working_days_between,
)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2022, 10, 3), False),  # a Monday of the National Day week
        (date(2022, 10, 8), True),  # the Saturday worked instead
        (date(2022, 10, 9), True),
        (date(2022, 11, 12), False),
        (date(2022, 1, 29), True),  # worked for the Spring Festival
        (date(2022, 1, 31), False),
    ],
)
def test_holidays_and_make_up_days_are_those_that_were_published(day: date, works: bool) -> None:
    assert is_working_day(day) is works


def test_the_first_day_does_not_count() -> None:
    assert add_working_days(date(2022, 9, 30), 1) == date(2022, 10, 8)
    assert add_working_days(date(2022, 9, 30), 3) == date(2022, 10, 10)
    assert add_working_days(date(2022, 11, 12), 0) == date(2022, 11, 12)
    with pytest.raises(ValueError, match="working days"):
        add_working_days(date(2022, 1, 1), -1)


def test_past_the_last_published_year_days_are_provisional_and_monday_to_friday() -> None:
    assert not is_provisional(LAST_YEAR)
    assert is_provisional(LAST_YEAR + 1)
    day = date(LAST_YEAR + 1, 5, 1)
    assert is_working_day(day) == (day.weekday() < 5)


@given(st.dates(date(2004, 1, 1), date(2030, 12, 31)), st.integers(1, 60))
def test_the_days_after_a_day_are_as_many_as_were_added(day: date, count: int) -> None:
    end = add_working_days(day, count)
    assert is_working_day(end)
    assert sum(is_working_day(day + timedelta(days=n)) for n in range(1, (end - day).days + 1)) == count
    assert working_days_between(day, end) == count
    assert working_days_between(end, day) == 0
