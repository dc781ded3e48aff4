"""Distances, directions and wages as a person says them."""

from __future__ import annotations

from math import atan2, cos, degrees, radians, sin

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiujin.core.listing import Words
from jiujin.work.models import Vacancy, WagePeriod

NEAR_M = 1000
HERE_M = 50
PERIODS: dict[str, Words] = {
    WagePeriod.HOUR: gettext_lazy("元/小时"),
    WagePeriod.DAY: gettext_lazy("元/天"),
    WagePeriod.MONTH: gettext_lazy("元/月"),
}
DIRECTIONS: tuple[Words, ...] = (
    gettext_lazy("北"),
    gettext_lazy("东北"),
    gettext_lazy("东"),
    gettext_lazy("东南"),
    gettext_lazy("南"),
    gettext_lazy("西南"),
    gettext_lazy("西"),
    gettext_lazy("西北"),
)


def distance_words(distance_m: float | None) -> str:
    """Metres to the next ten below a kilometre, above it kilometres with one decimal; nothing where it is not known."""
    if distance_m is None:
        return ""
    if distance_m < NEAR_M - 5:
        return _("%(n)s 米") % {"n": max(10, round(distance_m / 10) * 10)}
    kilometres = f"{distance_m / 1000:.1f}".removesuffix(".0")
    return _("%(n)s 公里") % {"n": kilometres}


def radius_words(radius_m: int) -> str:
    """`3 公里`; `800 米`."""
    return distance_words(radius_m)


def direction_words(lat: float, lon: float, to_lat: float, to_lon: float) -> str:
    """Which of the eight directions leads from one point to another."""
    across = radians(to_lon - lon)
    a, b = radians(lat), radians(to_lat)
    bearing = degrees(atan2(sin(across) * cos(b), cos(a) * sin(b) - sin(a) * cos(b) * cos(across))) % 360
    return str(DIRECTIONS[round(bearing / 45) % 8])


def wage_words(vacancy: Vacancy) -> str:
    """`2600–3000 元/月`, `15 元/小时`; that the wage is to be agreed where none is given."""
    if vacancy.wage_min_fen is None:
        return _("工资面谈")
    least, most = _yuan(vacancy.wage_min_fen), _yuan(vacancy.wage_max_fen)
    amount = f"{least}–{most}" if most and most != least else least
    return f"{amount} {PERIODS[vacancy.wage_period]}"


def _yuan(amount_fen: int | None) -> str:
    if amount_fen is None:
        return ""
    return f"{amount_fen // 100}" if amount_fen % 100 == 0 else f"{amount_fen / 100:.2f}"
