"""Why a vacancy fits, in sentences with numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from jiujin.work.models import JobWish, Vacancy
from jiujin.work.nearby.wages import monthly_wage_fen

KILOMETRE_M = 1000
ROUNDED_TO_M = 10
RELATED_SHARE = 0.5  # of the levels of a wished occupation


def reasons_for(
    vacancy: Vacancy, wish: JobWish | None, *, distance_m: float, is_rough: bool, parts: Mapping[str, float]
) -> list[str]:
    """The reasons that speak for a vacancy, and a wage that is lower than wished; the distance comes first."""
    found = [_distance(distance_m, is_rough)]
    if wish is not None:
        found += [*_occupation(vacancy, wish, parts), *_wage(vacancy, wish), *_time(vacancy, wish)]
        found += _abilities(vacancy, wish)
    if vacancy.welcomes_priority_groups:
        found.append(_("欢迎就业重点群体"))
    return found


def distance_words(distance_m: float) -> str:
    """`820 米`, `1.2 公里`."""
    if distance_m < KILOMETRE_M - ROUNDED_TO_M / 2:
        return _("%(n)s 米") % {"n": round(distance_m / ROUNDED_TO_M) * ROUNDED_TO_M}
    return _("%(n)s 公里") % {"n": f"{distance_m / KILOMETRE_M:.1f}"}


def _distance(distance_m: float, is_rough: bool) -> str:
    words = {"distance": distance_words(distance_m)}
    return _("直线约 %(distance)s（按社区中心点算）") % words if is_rough else _("直线 %(distance)s") % words


def _occupation(vacancy: Vacancy, wish: JobWish, parts: Mapping[str, float]) -> Iterator[str]:
    if not wish.occupations or vacancy.occupation is None:
        return
    words = {"occupation": vacancy.occupation.name}
    if parts.get("occupation", 0.0) >= 1:
        yield _("正是想找的工种：%(occupation)s") % words
    elif parts.get("occupation", 0.0) >= RELATED_SHARE:
        yield _("和想找的工种相近：%(occupation)s") % words


def _wage(vacancy: Vacancy, wish: JobWish) -> Iterator[str]:
    wage = monthly_wage_fen(vacancy)
    if wage is None or not wish.wage_min_fen:
        return
    low, high = wage
    words = {"low": _yuan(low), "high": _yuan(high), "wish": _yuan(wish.wage_min_fen)}
    if low > wish.wage_min_fen:
        yield _("工资每月 %(low)s 元起，高于期望的 %(wish)s 元") % words
    elif high >= wish.wage_min_fen:
        yield _("工资每月 %(low)s 到 %(high)s 元，够得着期望的 %(wish)s 元") % words
    else:
        yield _("工资每月最高 %(high)s 元，低于期望的 %(wish)s 元") % words


def _time(vacancy: Vacancy, wish: JobWish) -> Iterator[str]:
    if vacancy.shift and vacancy.shift in wish.shifts:
        yield _("%(shift)s，合乎想要的时间") % {"shift": vacancy.get_shift_display()}
    if vacancy.hours_a_week and wish.hours_a_week_max and vacancy.hours_a_week <= wish.hours_a_week_max:
        words = {"hours": f"{vacancy.hours_a_week:g}", "most": f"{wish.hours_a_week_max:g}"}
        yield _("每周 %(hours)s 小时，不超过想做的 %(most)s 小时") % words


def _abilities(vacancy: Vacancy, wish: JobWish) -> Iterator[str]:
    if vacancy.licences and set(vacancy.licences) <= set(wish.licences):
        yield _("要求的证书都有：%(names)s") % {"names": "、".join(vacancy.licences)}
    skills = [skill for skill in vacancy.skills if skill in wish.skills]
    if skills:
        yield _("用得上会的本事：%(names)s") % {"names": "、".join(skills)}
    if vacancy.schooling_min and wish.schooling is not None and wish.schooling >= vacancy.schooling_min:
        yield _("要求的学历达到了：%(schooling)s") % {"schooling": vacancy.get_schooling_min_display()}


def _yuan(fen: int) -> str:
    return f"{round(fen / 100):,}"
