"""One claim of the payee: every line with its verdict before it is sent; sending, taking back, mending, the stamped scan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from jiujin.accounts.access import SignedInRequest
from jiujin.claims.errors import ClaimRefused
from jiujin.claims.models import Claim, ClaimLine, Decision, Source
from jiujin.claims.queries import explained_lines
from jiujin.claims.services.mend_from_roster import mend_from_roster
from jiujin.claims.services.submit_claim import submit_claim
from jiujin.claims.services.withdraw_lines import withdraw_lines
from jiujin.claims.states import OPEN, ClaimState, LineState
from jiujin.core.listing import Ask, Cell, Choice, Column, Empty, Filter, Row, Table, page_within, read_ask, rows_span
from jiujin.core.plan_in_force import plan_in_force
from jiujin.registry.models import Organisation
from jiujin.sheets import SheetUnreadable
from jiujin.web.claims.claim_list import list_file
from jiujin.web.claims.new_claim import ERRORS_SHOWN
from jiujin.web.claims.opened_line import Opened, open_line
from jiujin.web.claims.scope import for_payees, own_claim, own_line
from jiujin.web.claims.uploads import MIB, on_disk
from jiujin.web.claims.words import VERDICTS, amount_words, state_tone, subject_name, subject_number

EXPORT_ROWS_MAX = 20_000
COLUMNS = (
    Column("position", gettext_lazy("行号"), kind="number", sortable=True, can_hide=False),
    Column("subject", gettext_lazy("对象"), kind="short", sortable=True),
    Column("verdict", gettext_lazy("结论"), kind="chip", sortable=True),
    Column("reasons", gettext_lazy("原因"), kind="reason"),
    Column("amount", gettext_lazy("金额（元）"), kind="money", sortable=True),
    Column("state", gettext_lazy("办到哪里"), kind="short", sortable=True),
)
ORDERS = {
    "position": "position",
    "subject": "person__name",
    "verdict": "verdict",
    "amount": "amount_fen",
    "state": "state_at",
}
MAY_TAKE_BACK = (*OPEN, LineState.DRAFT, LineState.RETURNED)


def filters_of(figures: Mapping[str, int]) -> list[Filter]:
    """By verdict and by what is to be done, each with its count."""
    verdicts = [Choice(key, VERDICTS[key], figures[key]) for key in ("unmet", "unknown", "met")]
    states = [
        Choice("draft", _("还没提交"), figures["draft"]),
        Choice("returned", _("退回的"), figures["returned"]),
        Choice("rejected", _("不予批准"), figures["rejected"]),
    ]
    return [
        Filter("verdict", [Choice("", _("全部"), figures["rows"]), *verdicts]),
        Filter("state", [Choice("", _("全部状态")), *(choice for choice in states if choice.count)]),
    ]


def narrowed(lines: QuerySet[ClaimLine], ask: Ask) -> QuerySet[ClaimLine]:
    """The lines asked for, in the order asked for."""
    for key in ("verdict", "state"):
        if ask.chosen[key]:
            lines = lines.filter(**{key: ask.chosen[key]})
    if ask.search:
        lines = lines.filter(Q(person__name__icontains=ask.search) | Q(declared__name__icontains=ask.search))
    return lines.order_by(("-" if ask.descending else "") + ORDERS[ask.sort], "pk")


def line_rows(lines: Sequence[ClaimLine], shown: int | None = None) -> list[Row]:
    """A page of lines, each with why it is as it is: the officer's words where it came back."""
    said, why = officers_words(lines), explained_lines(list(lines))
    return [_row(line, said.get(line.pk, ""), why.get(line.pk, []), shown) for line in lines]


def officers_words(lines: Sequence[ClaimLine]) -> dict[int, str]:
    """What the officer wrote last, by line, for the lines that came back or were refused."""
    refused = [line.pk for line in lines if line.state in (LineState.RETURNED, LineState.REJECTED)]
    if not refused:
        return {}
    events = ("line_returned", "line_rejected", "line_revoked")
    told = Decision.objects.filter(line__in=refused, event__in=events).order_by("pk")
    return dict(told.values_list("line_id", "reasons"))


def _row(line: ClaimLine, said: str, why: list[str], shown: int | None) -> Row:
    cells = {
        "position": Cell(f"{line.position:,}"),
        "subject": Cell(subject_name(line), note=subject_number(line)),
        "verdict": Cell(VERDICTS[line.verdict], line.verdict),
        "reasons": Cell(_("审核人：%(words)s") % {"words": said} if said else "；".join(why)),
        "amount": Cell(amount_words(line)),
        "state": Cell(LineState(line.state).label),
    }
    return Row(
        str(line.pk),
        cells,
        href=reverse("claims:line", args=[line.pk]),
        panel=reverse("claims:line-panel", args=[line.pk]),
        selected=line.pk == shown,
        tick=str(line.pk) if line.state in MAY_TAKE_BACK else "",
    )


def lines_of(claim: Claim) -> QuerySet[ClaimLine]:
    """The lines of a claim that were not taken back: those of one's own claim are all one's own."""
    return claim.lines.exclude(state=LineState.WITHDRAWN).select_related("person", "claim")


def figures_of(claim: Claim) -> dict[str, Any]:
    """What the claim holds: lines by verdict, those not sent, those that came back, and what the met ones are worth."""
    draft = Q(state=LineState.DRAFT)
    return (
        lines_of(claim)
        .order_by()
        .aggregate(
            rows=Count("pk"),
            met=Count("pk", filter=Q(verdict="met")),
            unmet=Count("pk", filter=Q(verdict="unmet")),
            unknown=Count("pk", filter=Q(verdict="unknown")),
            draft=Count("pk", filter=draft),
            draft_met=Count("pk", filter=draft & Q(verdict="met")),
            draft_hopeful=Count("pk", filter=draft & Q(verdict__in=["met", "unknown"])),
            returned=Count("pk", filter=Q(state=LineState.RETURNED)),
            rejected=Count("pk", filter=Q(state=LineState.REJECTED)),
            unpriced=Count("pk", filter=Q(verdict="met", amount_fen=None)),
            amount_fen=Sum("amount_fen", filter=Q(verdict="met"), default=0),
        )
    )


@for_payees
@require_safe
def claim(request: SignedInRequest, organisation: Organisation, claim_id: UUID) -> HttpResponse:
    """The claim with its lines, the first of the page open beside them."""
    shown, plan = own_claim(request.user, claim_id), plan_in_force()
    lines, figures = lines_of(shown), figures_of(shown)
    filters = filters_of(figures)
    ask = read_ask(request, COLUMNS, filters, sort="position")
    total = narrowed(lines, ask).count()
    ask = page_within(ask, total)
    rows = list(narrowed(lines, ask)[rows_span(ask)])
    scheme = plan.schemes.get(shown.scheme)
    context = {
        "claim": shown,
        "figures": figures,
        "source": Source(shown.source).label,
        "scheme": scheme,
        "clause": plan.clauses[scheme.clause] if scheme else None,
        "table": _table(rows, total, ask, filters, shown),
        "waits": shown.source == Source.SCREENING and shown.state == ClaimState.DRAFT,
        "max_bytes": settings.UPLOAD_MAX_BYTES,
        "max_mib": settings.UPLOAD_MAX_BYTES // MIB,
        **(panel_context(rows[0]) if rows else {}),
    }
    return render(request, "claims/claim.html", context)


def _table(rows: Sequence[ClaimLine], total: int, ask: Ask, filters: list[Filter], shown: Claim) -> Table:
    return Table(
        id="lines",
        caption=_("申报明细"),
        columns=COLUMNS,
        ask=ask,
        rows=line_rows(rows, rows[0].pk if rows else None),
        total=total,
        empty=Empty(
            _("这份申报没有明细"),
            _("没有找到可以申报的记录。登记好记录，或者上传一份名单。"),
            _("新建申报"),
            reverse("claims:new"),
        ),
        filters=filters,
        search_label=_("姓名"),
        export_url=reverse("claims:claim-xlsx", args=[shown.pk]) + ask.url(page=1),
        tick_form="lines-form",
    )


def panel_context(line: ClaimLine) -> dict[str, Any]:
    """What the panel of one line shows to its payee."""
    opened: Opened = open_line(line)
    return {
        "opened": opened,
        "line": line,
        "tone": state_tone(line.state),
        "subject": subject_name(line),
        "number": subject_number(line),
        "amount": amount_words(line),
        "said": officers_words([line]).get(line.pk, ""),
    }


@for_payees
@require_safe
def line_panel(request: SignedInRequest, organisation: Organisation, line_id: int) -> HttpResponse:
    """One line beside the list."""
    return render(
        request, "claims/line_panel.html", panel_context(own_line(request.user, line_id)) | {"panel_open": True}
    )


@for_payees
@require_safe
def claim_xlsx(request: SignedInRequest, organisation: Organisation, claim_id: UUID) -> HttpResponse:
    """The lines as a workbook."""
    shown = own_claim(request.user, claim_id)
    ask = read_ask(request, COLUMNS, filters_of(figures_of(shown)), sort="position")
    rows = line_rows(list(narrowed(lines_of(shown), ask)[:EXPORT_ROWS_MAX]))
    return list_file(shown.number, "xlsx", COLUMNS, rows)


def ticked(request: SignedInRequest) -> list[int]:
    """The lines whose boxes were ticked."""
    return [int(text) for text in request.POST.getlist("line") if text.isascii() and text.isdigit() and len(text) < 16]


@for_payees
@require_POST
def send(request: SignedInRequest, organisation: Organisation, claim_id: UUID) -> HttpResponse:
    """Send the met lines, those that may turn out met too, or the ticked ones."""
    shown = own_claim(request.user, claim_id)
    verdicts = {"met": ["met"], "hopeful": ["met", "unknown"]}.get(request.POST.get("which", ""))
    drafts = shown.lines.filter(state=LineState.DRAFT)
    chosen = drafts.filter(verdict__in=verdicts) if verdicts else drafts.filter(pk__in=ticked(request))
    ids = list(chosen.order_by("pk").values_list("pk", flat=True))
    if not ids:
        messages.warning(request, _("没有选中还没提交的行，没有提交。"))
        return redirect("claims:claim", shown.pk)
    try:
        submit_claim(claim=shown, actor=request.user, now=timezone.now(), ids=ids)
        messages.success(request, _("已提交 %(count)s 行。每一行办到哪里，这里随时能看。") % {"count": len(ids)})
    except ClaimRefused as error:
        messages.warning(request, str(error))
    return redirect("claims:claim", shown.pk)


@for_payees
@require_POST
def withdraw(request: SignedInRequest, organisation: Organisation, claim_id: UUID) -> HttpResponse:
    """Take the ticked lines back."""
    shown = own_claim(request.user, claim_id)
    ids = list(
        shown.lines.filter(pk__in=ticked(request), state__in=MAY_TAKE_BACK).order_by("pk").values_list("pk", flat=True)
    )
    if not ids:
        messages.warning(request, _("没有选中可以撤回的行，没有改动。"))
        return redirect("claims:claim", shown.pk)
    try:
        withdraw_lines(ids=ids, actor=request.user, now=timezone.now())
        messages.success(request, _("已撤回 %(count)s 行。") % {"count": len(ids)})
    except ClaimRefused as error:
        messages.warning(request, str(error))
    return redirect("claims:claim", shown.pk)


@for_payees
@require_POST
def mend(request: SignedInRequest, organisation: Organisation, claim_id: UUID) -> HttpResponse:
    """Mend the returned lines from the same workbook; lines that did not come back are left as they are."""
    shown = own_claim(request.user, claim_id)
    try:
        with on_disk(request.FILES.get("file")) as path:
            name = request.FILES["file"].name or ""
            mended = mend_from_roster(claim=shown, path=path, name=name, actor=request.user, now=timezone.now())
    except (ClaimRefused, SheetUnreadable) as error:
        messages.warning(request, str(error))
        return redirect("claims:claim", shown.pk)
    errors = list(getattr(mended, "errors", []))
    if errors:
        plan = plan_in_force()
        context = {
            "claim": shown,
            "errors": errors[:ERRORS_SHOWN],
            "error_count": len(errors),
            "scheme": plan.schemes[shown.scheme],
        }
        return render(request, "claims/roster_read.html", context)
    messages.success(request, _("退回的行已按名单改好。看过结论，再提交一次。"))
    return redirect("claims:claim", shown.pk)
