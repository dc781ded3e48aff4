"""Fund reports by scheme, township and month of payment: as tables with bars, and as files to take away."""

from __future__ import annotations

from typing import Any, get_args

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room
from jiujin.core.listing import Cell, Column, Empty, Row, Table, Words, read_ask, searched_and_sorted
from jiujin.funds.queries import ReportBy, ReportRow, report, years
from jiujin.sheets import FigureColumn, FigureTable
from jiujin.web.figures import TYPES, figures_response
from jiujin.web.funds.words import area_names, money, number_of, ranked_bars, scheme_names
from jiujin.web.templatetags.components import yuan

BY: dict[str, Words] = {
    "scheme": gettext_lazy("补贴项目"),
    "township": gettext_lazy("乡镇街道"),
    "month": gettext_lazy("拨付月份"),
}
FIGURES: dict[str, Words] = {
    "approved_fen": gettext_lazy("已批准"),
    "committed_fen": gettext_lazy("未排入"),
    "payable_fen": gettext_lazy("待拨付"),
    "paid_fen": gettext_lazy("已拨付"),
    "recoverable_fen": gettext_lazy("待追回"),
    "recovered_fen": gettext_lazy("已追回"),
    "city_fen": gettext_lazy("市级拨付"),
}
PAID = 5  # the column that a workbook's chart draws


@in_room(Room.FUNDS)
@require_safe
def reports(request: SignedInRequest) -> HttpResponse:
    """One report, drawn and as a table."""
    by, year = _asked(request)
    rows = named_rows(request, by, year)
    columns = (
        Column("name", BY[by], sortable=True, can_hide=False),
        Column("lines", gettext_lazy("笔数"), kind="number", sortable=True),
        *(
            Column(key, _("%(what)s（元）") % {"what": label}, kind="money", sortable=True)
            for key, label in FIGURES.items()
        ),
    )
    ask = read_ask(request, columns)
    table_rows = [
        Row(
            name,
            {
                "name": Cell(name),
                "lines": Cell(f"{row.lines:,}", order=row.lines),
                **{key: money(getattr(row, key)) for key in FIGURES},
            },
        )
        for name, row in rows
    ]
    shown = searched_and_sorted(table_rows, ask)
    empty = Empty(_("还没有可以汇总的资金"), _("批准第一笔补贴以后，这里按项目、乡镇街道和月份汇总。"))
    paid = {name: row.paid_fen + row.city_fen for name, row in rows}
    context: dict[str, Any] = {
        "by": by,
        "tabs": [(key, label, key == by) for key, label in BY.items()],
        "year": year,
        "years": years(request.user),
        "bars": ranked_bars(paid),
        "finding": _finding(by, paid),
        "totals": {key: sum(getattr(row, key) for _name, row in rows) for key in FIGURES},
        "lines": sum(row.lines for _name, row in rows),
        "table": Table("report", BY[by], columns, ask, shown, len(shown), empty),
        "kept": f"?year={year}" if year else "",
    }
    return render(request, "funds/reports.html", context)


@in_room(Room.FUNDS)
@require_safe
def report_file(request: SignedInRequest, kind: str) -> HttpResponse:
    """All three reports as one workbook or document."""
    if kind not in TYPES:
        raise Http404
    year = _asked(request)[1]
    tables = [figure_table(by, named_rows(request, by, year)) for by in get_args(ReportBy)]
    title = _("补贴资金报表 %(year)s") % {"year": year} if year else _("补贴资金报表")
    return figures_response(kind, title, tables)


def _asked(request: SignedInRequest) -> tuple[ReportBy, int | None]:
    by = request.GET.get("by", "scheme")
    if by not in BY:
        by = "scheme"
    return by, number_of(request.GET.get("year"))  # type: ignore[return-value]


def named_rows(request: SignedInRequest, by: ReportBy, year: int | None) -> list[tuple[str, ReportRow]]:
    """The report's rows, each with what it is called."""
    rows = report(request.user, by, year)
    if by == "scheme":
        names: dict[str, str] = scheme_names()
        unknown = _("没有项目")
    elif by == "township":
        names, unknown = area_names([row.key for row in rows]), _("住址不明")
    else:
        names, unknown = {}, _("还没有拨付")
    return [(names.get(row.key, row.key) or unknown, row) for row in rows]


def figure_table(by: ReportBy, rows: list[tuple[str, ReportRow]]) -> FigureTable:
    """A report as a table to take away."""
    columns = [
        FigureColumn(str(BY[by])),
        FigureColumn(_("笔数"), "count"),
        *(FigureColumn(str(label), "money") for label in FIGURES.values()),
    ]
    lines = [[name, row.lines, *(getattr(row, key) for key in FIGURES)] for name, row in rows]
    return FigureTable(_("按%(what)s") % {"what": BY[by]}, columns, lines, charted=PAID)


def _finding(by: str, paid: dict[str, int]) -> str:
    """What the bars say, in a sentence."""
    total = sum(paid.values())
    if not total:
        return _("还没有拨付到账的补贴")
    most = max(paid, key=lambda name: paid[name])
    words = _("已拨付 %(total)s 元，最多的是%(most)s，占 %(share)s%%")
    return words % {"total": yuan(total), "most": most, "share": round(100 * paid[most] / total)}
