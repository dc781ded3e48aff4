"""Month arithmetic against an oracle that only counts days of the calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiujin.values import add_months, whole_months, years_old

DAY = timedelta(days=1)
days = st.dates(date(1950, 1, 1), date(2080, 12, 31))
spans = st.integers(-400, 400)


def walked(day: date, months: int) -> date:
    """`day` moved month by month: to the first of the next (or last) month, day by day, then to its place there."""
    first = day.replace(day=1)
    step = DAY if months > 0 else -DAY
    for _ in range(abs(months)):
        first += step
        while first.day != 1:
            first += step
    found = first
    while found.day < day.day and (found + DAY).month == first.month:
        found += DAY
    return found


@given(days, st.integers(-60, 60))
def test_months_are_added_as_one_walks_the_calendar(day: date, months: int) -> None:
    assert add_months(day, months) == walked(day, months)


@given(days, st.integers(-60, 60), st.integers(0, 40))
def test_whole_months_are_the_largest_that_the_next_day_reaches(start: date, months: int, extra_days: int) -> None:
    end = walked(start, months) - DAY + timedelta(days=extra_days)
    counted = whole_months(start, end)
    assert walked(start, counted) <= end + DAY < walked(start, counted + 1)


@given(days, days)
def test_an_age_is_the_birthdays_there_have_been(born: date, on: date) -> None:
    age = years_old(born, on)
    assert add_months(born, 12 * age) <= on < add_months(born, 12 * (age + 1))


@given(days, st.integers(0, 200), st.integers(0, 200))
def test_more_months_never_end_earlier(day: date, some: int, more: int) -> None:
    assert add_months(day, some) <= add_months(day, some + more)


@pytest.mark.parametrize(
    ("day", "months", "reached"),
    [
        (date(2021, 8, 31), 6, date(2022, 2, 28)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), -12, date(2023, 2, 28)),
        (date(2022, 12, 31), 2, date(2023, 2, 28)),
        (date(2022, 1, 15), 0, date(2022, 1, 15)),
    ],
)
def test_the_last_day_is_kept_within_its_month(day: date, months: int, reached: date) -> None:
    assert add_months(day, months) == reached


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2022, 3, 1), date(2022, 8, 31), 6),
        (date(2022, 3, 1), date(2022, 8, 30), 5),
        (date(2021, 8, 31), date(2022, 2, 27), 6),
        (date(2021, 8, 31), date(2022, 2, 26), 5),
        (date(2022, 3, 1), date(2022, 3, 1), 0),
        (date(2022, 3, 1), date(2022, 2, 28), 0),
        (date(2022, 3, 1), date(2022, 2, 27), -1),
    ],
)
def test_a_term_is_full_the_day_before(start: date, end: date, months: int) -> None:
    assert whole_months(start, end) == months


@pytest.mark.parametrize(
    ("on", "age"),
    [(date(2022, 2, 27), 17), (date(2022, 2, 28), 18), (date(2024, 2, 28), 19), (date(2024, 2, 29), 20)],
)
def test_who_is_born_on_a_leap_day_is_older_on_the_last_of_february(on: date, age: int) -> None:
    assert years_old(date(2004, 2, 29), on) == age
