"""A wage as a month's, so that wages can be compared; the index reckons the same way in SQL (`columns`)."""

from __future__ import annotations

from jiujin.work.models import Vacancy, WagePeriod
from jiujin.work.nearby.columns import HOURS_A_DAY, WEEKS_A_MONTH


def monthly_wage_fen(vacancy: Vacancy) -> tuple[int, int] | None:
    """Least and most a month in fen; None where the wage, or the hours it depends on, are not known."""
    if vacancy.wage_min_fen is None:
        return None
    low, high = vacancy.wage_min_fen, vacancy.wage_max_fen or vacancy.wage_min_fen
    if vacancy.wage_period == WagePeriod.MONTH:
        return low, high
    if not vacancy.hours_a_week:
        return None
    times = float(vacancy.hours_a_week) * WEEKS_A_MONTH
    if vacancy.wage_period == WagePeriod.DAY:
        times /= HOURS_A_DAY
    return round(low * times), round(high * times)
