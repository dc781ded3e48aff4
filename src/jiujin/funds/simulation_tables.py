"""A tried change as tables of figures: by scheme, by township, and what budgets would last for."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from jiujin.funds.simulation import Today, Tried
from jiujin.registry.models import Area, AreaLevel
from jiujin.rules import Outcome
from jiujin.sheets import FigureColumn, FigureTable

Names = Mapping[str, str]
DIFFERENCE = 7  # the column that a chart draws


def township_names() -> dict[str, str]:
    """Townships by code, and the district, where those stand who are in none of them."""
    levels = (AreaLevel.DISTRICT, AreaLevel.TOWNSHIP)
    return dict(Area.objects.filter(level__in=levels).order_by("code").values_list("code", "name"))


def figure_tables(tried: Tried, names: Names) -> list[FigureTable]:
    """Both tables, and the one of budgets where budgets were given."""
    tables = [scheme_table(tried), township_table(tried, names)]
    return [*tables, budget_table(tried)] if tried.result.spending else tables


def scheme_table(tried: Tried) -> FigureTable:
    """One line a scheme."""
    rows = [
        [scheme_name(tried, one.scheme), *_figures(one, tried.today.get(one.scheme, Today()))]
        for one in tried.result.by_scheme()
    ]
    return FigureTable(_("按补贴项目"), _columns(_("补贴项目")), rows, charted=DIFFERENCE)


def township_table(tried: Tried, names: Names) -> FigureTable:
    """One line a township; a person met in two schemes is one person."""
    rows = [
        [names.get(one.area, one.area) or _("住址不明"), *_figures(one, tried.today_by_area.get(one.area, Today()))]
        for one in tried.result.by_area()
    ]
    return FigureTable(_("按乡镇街道"), _columns(_("乡镇街道")), rows, charted=DIFFERENCE)


def budget_table(tried: Tried) -> FigureTable:
    """What each budget that was given would last for."""
    columns = [
        FigureColumn(_("补贴项目")),
        FigureColumn(_("预算"), "money"),
        FigureColumn(_("需要"), "money"),
        FigureColumn(_("余缺"), "money"),
        FigureColumn(_("够付人次"), "count"),
        FigureColumn(_("用完日期"), "day"),
    ]
    rows = [
        [scheme_name(tried, one.scheme), one.budget_fen, one.asked_fen, one.left_fen, one.covered, one.exhausted_on]
        for one in tried.result.spending
    ]
    return FigureTable(_("预算够付到哪天"), columns, rows)


def scheme_name(tried: Tried, scheme: str) -> str:
    """What a scheme is called, in the changed plan or the one in force."""
    found = tried.changed.schemes.get(scheme) or tried.plan.schemes.get(scheme)
    return found.name if found else scheme


def _columns(first: str) -> list[FigureColumn]:
    return [
        FigureColumn(first),
        FigureColumn(_("现行人数"), "count"),
        FigureColumn(_("改后人数"), "count"),
        FigureColumn(_("新增人次"), "count"),
        FigureColumn(_("减少人次"), "count"),
        FigureColumn(_("现行金额"), "money"),
        FigureColumn(_("改后金额"), "money"),
        FigureColumn(_("差额"), "money"),
        FigureColumn(_("标准待定人次"), "count"),
        FigureColumn(_("今天已批准人次"), "count"),
        FigureColumn(_("今天已批准金额"), "money"),
    ]


def _figures(one: Outcome, today: Today) -> list[int]:
    return [
        one.before.people,
        one.after.people,
        one.gains,
        one.loses,
        one.before.amount_fen,
        one.after.amount_fen,
        one.difference_fen,
        one.after.unpriced,
        today.lines,
        today.amount_fen,
    ]
