"""Money that has to come back: what to demand, what was demanded, and how each ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room
from jiujin.claims.models import ClaimLine, Decision
from jiujin.claims.states import LineState
from jiujin.core.listing import Cell, Choice, Column, Empty, Filter, Row, Words
from jiujin.funds.models import Recovery
from jiujin.funds.queries import lines_seen_by, recoveries_seen_by, recoveries_wanted, room_to_demand
from jiujin.funds.services.demand_recovery import demand_recovery
from jiujin.funds.services.drop_recovery import drop_recovery
from jiujin.funds.services.receive_recovery import receive_recovery
from jiujin.funds.states import RecoveryState
from jiujin.values import format_yuan
from jiujin.web.funds.doors import REFUSED, UNPROCESSABLE, done, found, listed, may_change
from jiujin.web.funds.forms import RecoveryForm
from jiujin.web.funds.words import RECOVERY_TONES, line_name, money, scheme_names, subject_of, who

WANTED_SHOWN = 50
COLUMNS = (
    Column("line", gettext_lazy("申报明细"), kind="short", can_hide=False),
    Column("payee", gettext_lazy("收款单位")),
    Column("amount", gettext_lazy("金额（元）"), kind="money", sortable=True),
    Column("state", gettext_lazy("状态"), kind="chip"),
    Column("reason", gettext_lazy("为什么"), kind="reason"),
    Column("voucher", gettext_lazy("凭证或说明"), kind="soft"),
    Column("by", gettext_lazy("谁提的"), kind="soft"),
    Column("at", gettext_lazy("什么时候"), kind="short", sortable=True),
)


@in_room(Room.FUNDS)
@require_safe
def recoveries(request: SignedInRequest) -> HttpResponse:
    """Every recovery; first what a correction found overpaid and nobody has demanded yet."""
    states = [Choice("", _("全部")), *(Choice(state.value, state.label) for state in RecoveryState)]

    def row(one: Recovery) -> Row:
        return Row(
            str(one.pk),
            {
                "line": Cell(line_name(one.line)),
                "payee": Cell(one.line.payee.name if one.line.payee else ""),
                "amount": money(one.amount_fen),
                "state": Cell(one.get_state_display(), tone=RECOVERY_TONES.get(RecoveryState(one.state), "plain")),
                "reason": Cell(one.reason),
                "voucher": Cell(one.voucher),
                "by": Cell(who(one.demanded_by)),
                "at": Cell(f"{timezone.localtime(one.demanded_at):%Y-%m-%d}"),
            },
            href=reverse("funds:recovery", args=[one.pk]),
        )

    table = listed(
        request,
        COLUMNS,
        recoveries_seen_by(request.user),
        row,
        id="recoveries",
        caption=_("追回"),
        empty=Empty(_("没有追回"), _("已拨付的明细发现多付、错付，在那一笔的资金页上要求追回。")),
        sort="-at",
        orders={"amount": "amount_fen", "at": "demanded_at"},
        filters=[Filter("state", states)],
        narrow=lambda query, ask: query.filter(state=ask.chosen["state"]) if ask.chosen["state"] else query,
    )
    context = {"table": table, "may_change": may_change(request), **_wanted(request)}
    return render(request, "funds/recoveries.html", context)


@dataclass(frozen=True)
class Wanted:
    """A line that was paid too much: what is still to be asked back, of which line that can be done now, or why not."""

    name: str
    payee: str
    left_fen: int
    demand_of: int | None
    why_not: Words


def _wanted(request: SignedInRequest) -> dict[str, Any]:
    """What is to be demanded, and what stands in no book of the district: that is asked back by other ways."""
    query = recoveries_wanted(request.user)
    here, elsewhere = query.filter(is_booked=True), query.filter(is_booked=False)
    return {
        "wanted": [_one_wanted(line) for line in here[:WANTED_SHOWN]],
        "wanted_total": here.count(),
        "elsewhere": [_one_wanted(line) for line in elsewhere[:WANTED_SHOWN]],
    }


def _one_wanted(line: ClaimLine) -> Wanted:
    left_fen: int = line.found_fen - line.asked_fen  # type: ignore[attr-defined]
    room = room_to_demand(line)
    payee = line.payee.name if line.payee else ""
    return Wanted(line_name(line), payee, left_fen, room[0].pk if room else None, "" if room else _why_not(line))


def _why_not(line: ClaimLine) -> str:
    if line.state in (LineState.APPROVED, LineState.SCHEDULED):
        return _("还没有拨付，撤销批准再重新申报")
    if Recovery.objects.filter(Q(line=line) | Q(line__corrects=line), state=RecoveryState.DEMANDED).exists():
        return _("前一笔追回还没有办结")
    return _("付出去的都已经追回")


def _suggested(request: SignedInRequest, line: ClaimLine) -> dict[str, Any]:
    """What to demand of a line, where a correction found it overpaid: how much, and why."""
    family = line.corrects_id or line.pk
    held = recoveries_wanted(request.user).filter(pk=family).first()
    room = room_to_demand(held) if held else None
    if held is None or room is None or room[0].pk != line.pk:
        return {}
    fen = min(room[1], held.found_fen - held.asked_fen)  # type: ignore[attr-defined]
    why = Decision.objects.filter(line__corrects=family, event="line_submitted").order_by("-pk").first()
    return {"amount": format_yuan(fen), "reason": why.reasons if why else ""}


@in_room(Room.FUND_CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def demand(request: SignedInRequest, money_line_id: int) -> HttpResponse:
    """Demand money of a paid line back."""
    line = found(lines_seen_by(request.user).filter(pk=money_line_id).select_related("claim", "payee", "person"))
    form = RecoveryForm(request.POST or None, initial=_suggested(request, line))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            recovery = demand_recovery(
                recovery_id=given["request_id"],
                line_id=line.pk,
                amount_fen=given["amount"],
                reason=given["reason"],
                actor=request.user,
                now=timezone.now(),
            )
        except REFUSED as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("已要求追回，记入账。"))
            return redirect("funds:recovery", recovery.pk)
    context: dict[str, Any] = {
        "line": line,
        "name": line_name(line),
        "subject": subject_of(line),
        "scheme": scheme_names().get(line.scheme, line.scheme),
        "form": form,
    }
    return render(request, "funds/demand.html", context, status=UNPROCESSABLE if form.is_bound else None)


@in_room(Room.FUNDS)
@require_safe
def recovery(request: SignedInRequest, recovery_id: UUID) -> HttpResponse:
    """One recovery, and how it may end."""
    held = found(recoveries_seen_by(request.user).filter(pk=recovery_id))
    context = {
        "recovery": held,
        "name": line_name(held.line),
        "tone": RECOVERY_TONES.get(RecoveryState(held.state), "plain"),
        "is_open": may_change(request) and held.state == RecoveryState.DEMANDED,
    }
    return render(request, "funds/recovery.html", context)


@in_room(Room.FUND_CHANGES)
@require_POST
def end(request: SignedInRequest, recovery_id: UUID) -> HttpResponse:
    """Note that the money came, or give the demand up."""
    held = found(recoveries_seen_by(request.user).filter(pk=recovery_id))
    now, given = timezone.now(), request.POST
    if "receive" in given:
        voucher = given.get("voucher", "")
        done(
            request,
            lambda: receive_recovery(recovery=held, voucher=voucher, actor=request.user, now=now),
            _("已记为追回到账，款项回到预算。"),
        )
    elif "drop" in given:
        reason = given.get("reason", "")
        done(
            request,
            lambda: drop_recovery(recovery=held, reason=reason, actor=request.user, now=now),
            _("已不再追回。"),
        )
    else:
        raise Http404
    return redirect("funds:recovery", held.pk)
