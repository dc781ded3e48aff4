"""The payee's own claims as a table, with what they hold and what they are worth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from jiujin.accounts.access import SignedInRequest
from jiujin.claims.models import Claim, Source
from jiujin.claims.queries import claims_seen_by
from jiujin.claims.states import DECIDED, OPEN, ClaimState, LineState
from jiujin.core.listing import Ask, Cell, Choice, Column, Empty, Filter, Row, Table, page_within, read_ask, rows_span
from jiujin.core.listing_csv import csv_response
from jiujin.core.listing_xlsx import xlsx_response
from jiujin.core.plan_in_force import plan_in_force
from jiujin.plan import Plan
from jiujin.registry.models import Organisation
from jiujin.web.claims.scope import for_payees, schemes_of
from jiujin.web.claims.words import scheme_name

EXPORT_ROWS_MAX = 20_000
COLUMNS = (
    Column("number", gettext_lazy("申报编号"), kind="short", sortable=True, can_hide=False),
    Column("state", gettext_lazy("状态"), kind="chip"),
    Column("scheme", gettext_lazy("补贴项目"), sortable=True),
    Column("lines", gettext_lazy("明细"), kind="number", sortable=True),
    Column("progress", gettext_lazy("办到哪里"), kind="soft"),
    Column("amount", gettext_lazy("金额（元）"), kind="money", sortable=True),
    Column("source", gettext_lazy("来源"), kind="short"),
    Column("made", gettext_lazy("建立"), kind="short", sortable=True),
    Column("sent", gettext_lazy("提交"), kind="short", sortable=True),
)
ORDERS = {
    "number": "number",
    "scheme": "scheme",
    "lines": "line_count",
    "amount": "amount_sum",
    "made": "made_at",
    "sent": "submitted_at",
}
WHERE: dict[str, Q] = {
    "returned": Q(returned__gt=0),
    "draft": Q(state=ClaimState.DRAFT),
    "office": Q(waiting__gt=0),
    "decided": Q(decided__gt=0),
}


def with_counts(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """The claims with how many of their lines stand where, and what the met ones are worth."""
    living = ~Q(lines__state__in=[LineState.WITHDRAWN])
    return claims.annotate(
        line_count=Count("lines", filter=living),
        returned=Count("lines", filter=Q(lines__state=LineState.RETURNED)),
        waiting=Count("lines", filter=Q(lines__state__in=OPEN)),
        decided=Count("lines", filter=Q(lines__state__in=DECIDED)),
        refused=Count("lines", filter=Q(lines__state=LineState.REJECTED)),
        amount_sum=Sum("lines__amount_fen", filter=living & Q(lines__verdict="met"), default=0),
    )


def filters_of(plan: Plan, organisation: Organisation) -> list[Filter]:
    """By what is to be done, and by scheme."""
    states = {
        "": _("全部"), "returned": _("有退回的"), "draft": _("还没提交"), "office": _("审核中"), "decided": _("已批准"),
    }  # fmt: skip
    schemes = [Choice(scheme.id, scheme.name) for scheme in schemes_of(plan, organisation)]
    return [
        Filter("state", [Choice(key, label) for key, label in states.items()]),
        Filter("scheme", [Choice("", _("全部项目")), *schemes]),
    ]


def narrowed(claims: QuerySet[Claim], ask: Ask, plan: Plan) -> QuerySet[Claim]:
    """The claims asked for, in the order asked for."""
    claims = with_counts(claims)
    if ask.chosen["state"]:
        claims = claims.filter(WHERE[ask.chosen["state"]])
    if ask.chosen["scheme"]:
        claims = claims.filter(scheme=ask.chosen["scheme"])
    if ask.search:
        named = [scheme.id for scheme in plan.schemes.values() if ask.search in scheme.name]
        claims = claims.filter(Q(number__icontains=ask.search) | Q(scheme__in=named))
    return claims.order_by(("-" if ask.descending else "") + ORDERS[ask.sort], "pk")


def claim_row(claim: Any, plan: Plan) -> Row:
    """One claim."""
    state, tone = claim_state(claim)
    sent = timezone.localtime(claim.submitted_at).strftime("%Y-%m-%d") if claim.submitted_at else ""
    cells = {
        "number": Cell(claim.number),
        "state": Cell(state, tone),
        "scheme": Cell(scheme_name(plan, claim.scheme)),
        "lines": Cell(f"{claim.line_count:,}"),
        "progress": Cell(progress_words(claim)),
        "amount": Cell(f"{claim.amount_sum / 100:,.2f}"),
        "source": Cell(Source(claim.source).label),
        "made": Cell(timezone.localtime(claim.made_at).strftime("%Y-%m-%d")),
        "sent": Cell(sent),
    }
    return Row(str(claim.pk), cells, href=reverse("claims:claim", args=[claim.pk]))


def claim_state(claim: Any) -> tuple[str, str]:
    """A claim's state in words, with its tone: returned lines come first, since the payee has to act."""
    if claim.returned:
        return _("有退回"), "late"
    if claim.state == ClaimState.DRAFT:
        return _("待提交"), "late"
    return str(ClaimState(claim.state).label), "plain"


def progress_words(claim: Any) -> str:
    """How many lines stand where."""
    told = (
        (claim.returned, _("退回 %(n)s")),
        (claim.waiting, _("审核中 %(n)s")),
        (claim.decided, _("已批准 %(n)s")),
        (claim.refused, _("不予批准 %(n)s")),
    )
    return "，".join(words % {"n": count} for count, words in told if count)


@for_payees
@require_safe
def claims(request: SignedInRequest, organisation: Organisation) -> HttpResponse:
    """The list."""
    plan, mine = plan_in_force(), claims_seen_by(request.user)
    filters = filters_of(plan, organisation)
    ask = read_ask(request, COLUMNS, filters, sort="-made")
    total = narrowed(mine, ask, plan).count()
    ask = page_within(ask, total)
    rows = list(narrowed(mine, ask, plan)[rows_span(ask)])
    found = mine.filter(source=Source.SCREENING, state=ClaimState.DRAFT).count()
    context = {
        "table": _table(rows, total, ask, filters, plan),
        "organisation": organisation,
        "found": found,
        "csv_query": ask.url(page=1),
    }
    return render(request, "claims/claims.html", context)


def _table(rows: Sequence[Any], total: int, ask: Ask, filters: list[Filter], plan: Plan) -> Table:
    return Table(
        id="claims",
        caption=_("我的申报"),
        columns=COLUMNS,
        ask=ask,
        rows=[claim_row(claim, plan) for claim in rows],
        total=total,
        empty=Empty(
            _("还没有申报"),
            _("从已登记的记录一键生成，或者上传一份名单；提交前先看每一行的结论和金额。"),
            _("新建申报"),
            reverse("claims:new"),
        ),
        filters=filters,
        search_label=_("编号、项目"),
        export_url=reverse("claims:claims-xlsx") + ask.url(page=1),
    )


@for_payees
@require_safe
def claims_file(request: SignedInRequest, organisation: Organisation, suffix: str) -> HttpResponse:
    """The same list as a file."""
    plan = plan_in_force()
    ask = read_ask(request, COLUMNS, filters_of(plan, organisation), sort="-made")
    rows = [claim_row(c, plan) for c in narrowed(claims_seen_by(request.user), ask, plan)[:EXPORT_ROWS_MAX]]
    return list_file(_("我的申报"), suffix, COLUMNS, rows)


def list_file(name: str, suffix: str, columns: Sequence[Column], rows: Sequence[Row]) -> HttpResponse:
    """Rows as a workbook or as CSV."""
    headings = [str(column.label) for column in columns]
    lines = [[_cell_text(row.cells.get(column.key, Cell(""))) for column in columns] for row in rows]
    if suffix == "csv":
        return csv_response(f"{name}.csv", [headings, *lines])
    return xlsx_response(f"{name}.xlsx", headings, lines)


def _cell_text(cell: Cell) -> str:
    return f"{cell.text}（{cell.note}）" if cell.note else str(cell.text)
