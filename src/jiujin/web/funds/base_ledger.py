"""The base ledger 台账: a row a line that came to be money, narrowed, sorted, paged and taken away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room
from jiujin.claims.models import ClaimLine, Payer
from jiujin.claims.states import LineState
from jiujin.core.listing import Cell, Column, Empty, Row, page_within, read_ask, rows_span
from jiujin.core.listing import Table as ListTable
from jiujin.funds.queries import BOOKED, LedgerFilters, base_ledger, mask_account, years
from jiujin.registry.models import Area, AreaLevel
from jiujin.sheets import FigureColumn, FigureTable
from jiujin.web.figures import TYPES, figures_response
from jiujin.web.funds.words import (
    area_name,
    area_names,
    line_name,
    money,
    number_of,
    scheme_names,
    subject_of,
)

COLUMNS = (
    Column("line", gettext_lazy("申报明细"), kind="short", sortable=True, can_hide=False),
    Column("subject", gettext_lazy("补贴谁")),
    Column("payee", gettext_lazy("收款单位"), sortable=True),
    Column("scheme", gettext_lazy("补贴项目"), sortable=True),
    Column("area", gettext_lazy("乡镇街道"), sortable=True),
    Column("amount", gettext_lazy("金额（元）"), kind="money", sortable=True),
    Column("state", gettext_lazy("状态"), kind="chip"),
    Column("paid_on", gettext_lazy("拨付日期"), kind="short"),
    Column("account", gettext_lazy("账号"), kind="short"),
    Column("voucher", gettext_lazy("批次或凭证"), kind="soft"),
)
ORDERS = {
    "line": "claim__number",
    "payee": "payee__name",
    "scheme": "scheme",
    "area": "area_code",
    "amount": "amount_fen",
}
TONES = {LineState.PAID: "met", LineState.RECONCILED: "met", LineState.RECOVERED: "late"}
EXPORT_ROWS_MAX = 100_000
MONTHS = range(1, 13)


@in_room(Room.FUNDS)
@require_safe
def ledger(request: SignedInRequest) -> HttpResponse:
    """One page of the base ledger, and what all its rows come to."""
    schemes = scheme_names()
    filters = filters_of(request, schemes)
    query = base_ledger(request.user, filters)
    ask = read_ask(request, COLUMNS, sort="line")
    totals = query.order_by().aggregate(count=Count("pk"), total=Sum("amount_fen"))
    ask = page_within(ask, totals["count"])
    ordered = query.order_by(("-" if ask.descending else "") + ORDERS[ask.sort], "position", "pk")
    shown = ordered.values("pk")[rows_span(ask)]  # sorted by their keys alone: a line is wide
    lines = list(ordered.filter(pk__in=shown))
    given = request.GET.copy()
    given.pop("page", None)
    table = ListTable(
        "ledger",
        _("台账"),
        COLUMNS,
        ask,
        _rows(lines, schemes),
        totals["count"],
        _empty(filters),
        export_url=f"{reverse('funds:ledger-file', args=['xlsx'])}?{given.urlencode()}",
        search_label=_("申报编号或收款单位"),
    )
    context: dict[str, Any] = {
        "table": table,
        "count": totals["count"],
        "total_fen": totals["total"] or 0,
        "selects": selects(request, filters, schemes),
        "word_url": f"{reverse('funds:ledger-file', args=['docx'])}?{given.urlencode()}",
        "kept": [(name, request.GET[name]) for name in ("q", "sort") if request.GET.get(name)],
    }
    return render(request, "funds/ledger.html", context)


def _empty(filters: LedgerFilters) -> Empty:
    if filters != LedgerFilters():
        return Empty(_("没有符合条件的行"), _("换一个条件，或看全部。"), _("看全部"), reverse("funds:ledger"))
    return Empty(_("台账还是空的"), _("批准一笔补贴，台账就多一行；拨付、退汇、追回都记在那一行上。"))


@in_room(Room.FUNDS)
@require_safe
def ledger_file(request: SignedInRequest, kind: str) -> HttpResponse:
    """The base ledger as it is narrowed, as a workbook or a document; totals under it."""
    if kind not in TYPES:
        raise Http404
    query = base_ledger(request.user, filters_of(request, scheme_names()))
    lines = list(query[:EXPORT_ROWS_MAX])
    return figures_response(kind, _("补贴资金基础台账"), [figure_table(lines)])


def figure_table(lines: list[ClaimLine]) -> FigureTable:
    """Lines as a table to take away."""
    schemes, areas = scheme_names(), area_names([line.area_code[:9] for line in lines])
    columns = [
        FigureColumn(_("申报明细")),
        FigureColumn(_("补贴谁")),
        FigureColumn(_("收款单位")),
        FigureColumn(_("补贴项目")),
        FigureColumn(_("乡镇街道")),
        FigureColumn(_("金额"), "money"),
        FigureColumn(_("状态")),
        FigureColumn(_("拨付日期"), "day"),
        FigureColumn(_("账号")),
        FigureColumn(_("批次或凭证")),
    ]
    rows = []
    for line in lines:
        paid_on, account, voucher = paid_by(line)
        rows.append(
            [
                line_name(line),
                subject_of(line),
                line.payee.name if line.payee else "",
                schemes.get(line.scheme, line.scheme),
                area_name(line.area_code[:9], areas) if line.area_code else _("住址不明"),
                line.amount_fen,
                str(line.get_state_display()),
                paid_on,
                account,
                voucher,
            ]
        )
    return FigureTable(_("台账"), columns, rows)


def paid_by(line: ClaimLine) -> tuple[Any, str, str]:
    """The day of payment, the masked account, and the batch or the city's voucher."""
    if line.payer == Payer.CITY:
        paid = getattr(line, "city_payment", None)
        return (paid.paid_on, "", paid.voucher_number) if paid else (None, "", "")
    for item in line.settled_items:  # type: ignore[attr-defined]
        return item.settled_on, mask_account(item.account.number) if item.account else "", item.batch.number
    return None, "", ""


def _rows(lines: list[ClaimLine], schemes: Mapping[str, str]) -> list[Row]:
    areas = area_names([line.area_code[:9] for line in lines])
    rows = []
    for line in lines:
        paid_on, account, voucher = paid_by(line)
        cells = {
            "line": Cell(line_name(line)),
            "subject": Cell(subject_of(line)),
            "payee": Cell(line.payee.name if line.payee else ""),
            "scheme": Cell(schemes.get(line.scheme, line.scheme)),
            "area": Cell(area_name(line.area_code[:9], areas) if line.area_code else ""),
            "amount": money(line.amount_fen),
            "state": Cell(line.get_state_display(), tone=TONES.get(LineState(line.state), "plain")),
            "paid_on": Cell(paid_on.isoformat() if paid_on else ""),
            "account": Cell(account),
            "voucher": Cell(voucher),
        }
        rows.append(Row(str(line.pk), cells, href=reverse("funds:line", args=[line.pk])))
    return rows


def filters_of(request: SignedInRequest, schemes: Mapping[str, str]) -> LedgerFilters:
    """What the address narrows the ledger to; anything unknown narrows nothing."""
    given = request.GET
    state, month = given.get("state", ""), number_of(given.get("month"))
    scheme, area = given.get("scheme", ""), given.get("area", "")
    return LedgerFilters(
        scheme=scheme if scheme in schemes else "",
        area_code=area if number_of(area) is not None else "",
        year=number_of(given.get("year")),
        month=month if month in MONTHS else None,
        state=state if state in BOOKED else "",
        search=given.get("q", "").strip()[:60],
    )


def selects(request: SignedInRequest, filters: LedgerFilters, schemes: Mapping[str, str]) -> list[dict[str, Any]]:
    """The filters as choices: name, label, options, and what is chosen."""
    townships: QuerySet[Area] = Area.objects.filter(level=AreaLevel.TOWNSHIP, code__startswith=request.user.area_code)
    return [
        _select("scheme", _("全部项目"), list(schemes.items()), filters.scheme),
        _select(
            "area", _("全部乡镇街道"), list(townships.order_by("code").values_list("code", "name")), filters.area_code
        ),
        _select(
            "year", _("全部年度"), [(str(year), str(year)) for year in years(request.user)], str(filters.year or "")
        ),
        _select(
            "month",
            _("全部月份"),
            [(str(month), _("%(n)s 月拨付") % {"n": month}) for month in MONTHS],
            str(filters.month or ""),
        ),
        _select(
            "state", _("全部状态"), [(state.value, str(state.label)) for state in map(LineState, BOOKED)], filters.state
        ),
    ]


def _select(name: str, label: str, options: list[tuple[str, str]], chosen: str) -> dict[str, Any]:
    return {"name": name, "label": label, "options": options, "chosen": chosen}
