"""Lines that wait: to be scheduled for payment, and to be put into a batch; and one line's money from end to end."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room, may_enter
from jiujin.claims.models import ClaimLine
from jiujin.claims.states import LineState
from jiujin.core.listing import Cell, Column, Empty, Row, Table
from jiujin.funds.layouts import layout_of
from jiujin.funds.models import PaymentItem, Recovery
from jiujin.funds.queries import book_of, lines_seen_by, waiting, with_overpaid
from jiujin.funds.services.make_batch import make_batch
from jiujin.funds.services.reconcile_lines import reconcile_lines
from jiujin.funds.services.schedule_lines import schedule_lines, unschedule_lines
from jiujin.web.funds.doors import REFUSED, chosen_ids, done, found, listed, may_change
from jiujin.web.funds.forms import BatchForm
from jiujin.web.funds.words import (
    MOVEMENTS,
    RECOVERY_TONES,
    actor_names,
    area_name,
    area_names,
    line_name,
    money,
    scheme_names,
    subject_of,
)

COLUMNS = (
    Column("line", gettext_lazy("申报明细"), kind="short", sortable=True, can_hide=False),
    Column("subject", gettext_lazy("补贴谁")),
    Column("payee", gettext_lazy("收款单位"), sortable=True),
    Column("scheme", gettext_lazy("补贴项目"), sortable=True),
    Column("amount", gettext_lazy("金额（元）"), kind="money", sortable=True),
    Column("since", gettext_lazy("从哪天起"), kind="short", sortable=True),
)
ORDERS = {
    "line": "claim__number",
    "payee": "payee__name",
    "scheme": "scheme",
    "amount": "amount_fen",
    "since": "state_at",
}
STAGES = {
    "": gettext_lazy("已批准，等排入拨付"),
    LineState.SCHEDULED: gettext_lazy("待拨付，等编批次"),
    LineState.PAID: gettext_lazy("已拨付，等对账"),
}
EMPTY = {
    "": gettext_lazy("领导批准后的明细会到这里，排入拨付后就可以编批次。"),
    LineState.SCHEDULED: gettext_lazy("把已批准的明细排入拨付，就会到这里。"),
    LineState.PAID: gettext_lazy("银行或财政说到账以后，明细会到这里，核对无误就对账。"),
}


@in_room(Room.FUNDS)
@require_safe
def lines(request: SignedInRequest) -> HttpResponse:
    """The lines of one stage, to be ticked and sent on."""
    stage = request.GET.get("stage", "")
    stage = stage if stage in EMPTY else ""
    table = waiting_table(request, stage)
    tabs = [(f"?stage={value}" if value else "?", label, value == stage) for value, label in STAGES.items()]
    context = {"table": table, "stage": stage, "tabs": tabs, "may_change": may_change(request), "form": BatchForm()}
    return render(request, "funds/lines.html", context)


def waiting_table(request: SignedInRequest, stage: str) -> Table:
    """Lines that wait at a stage."""
    schemes, tick = scheme_names(), may_change(request)
    if stage == LineState.PAID:
        query = lines_seen_by(request.user).filter(state=stage).select_related("claim", "payee", "person")
    else:
        query = waiting(request.user, stage or LineState.APPROVED)

    def row(line: ClaimLine) -> Row:
        return Row(
            str(line.pk),
            {
                "line": Cell(line_name(line)),
                "subject": Cell(subject_of(line)),
                "payee": Cell(line.payee.name if line.payee else ""),
                "scheme": Cell(schemes.get(line.scheme, line.scheme)),
                "amount": money(line.amount_fen),
                "since": Cell(f"{timezone.localtime(line.state_at):%Y-%m-%d}"),
            },
            href=reverse("funds:line", args=[line.pk]),
            tick=str(line.pk) if tick else "",
        )

    def narrow(query: Any, ask: Any) -> Any:
        if not ask.search:
            return query
        return query.filter(claim__number__icontains=ask.search) | query.filter(payee__name__icontains=ask.search)

    return listed(
        request,
        COLUMNS,
        query,
        row,
        id="lines",
        caption=_("等着办的明细"),
        empty=Empty(_("没有等着办的明细"), EMPTY[stage]),
        sort="line",
        orders=ORDERS,
        narrow=narrow,
        search_label=_("申报编号或收款单位"),
        tick_form="chosen",
    )


@in_room(Room.FUND_CHANGES)
@require_POST
def send_on(request: SignedInRequest) -> HttpResponse:
    """Schedule the ticked lines, take them back, put them into a batch, or reconcile them; `all` takes every line that waits."""
    now, stage = timezone.now(), request.POST.get("stage", "")
    ids = chosen_ids(request) or (_all_of(request, stage) if "all" in request.POST else [])
    if not ids:
        messages.warning(request, _("没有选明细，没有改动。请先勾选。"))
    elif "batch" in request.POST:
        return _put_into_batch(request, ids)
    elif "unschedule" in request.POST:
        done(request, lambda: unschedule_lines(ids=ids, actor=request.user, now=now), _said(_("已移出拨付"), ids))
    elif stage == LineState.PAID:
        done(request, lambda: reconcile_lines(ids=ids, actor=request.user, now=now), _said(_("已对账"), ids))
    else:
        done(request, lambda: schedule_lines(ids=ids, actor=request.user, now=now), _said(_("已排入拨付"), ids))
    return redirect(f"{reverse('funds:lines')}{f'?stage={stage}' if stage in EMPTY and stage else ''}")


def _said(words: str, ids: list[int]) -> str:
    return _("%(what)s：%(n)s 笔。") % {"what": words, "n": len(set(ids))}


def _all_of(request: SignedInRequest, stage: str) -> list[int]:
    if stage == LineState.PAID:
        return list(lines_seen_by(request.user).filter(state=stage).order_by("pk").values_list("pk", flat=True))
    state = LineState.SCHEDULED if stage == LineState.SCHEDULED else LineState.APPROVED
    return list(waiting(request.user, state).values_list("pk", flat=True))


def _put_into_batch(request: SignedInRequest, ids: list[int]) -> HttpResponse:
    back = f"{reverse('funds:lines')}?stage=scheduled"
    form = BatchForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("请选怎样付，没有编批次。"))
        return redirect(back)
    layout = layout_of(form.cleaned_data["layout"])
    try:
        batch = make_batch(
            batch_id=form.cleaned_data["request_id"],
            ids=ids,
            way=layout.way,
            layout=layout.id,
            actor=request.user,
            now=timezone.now(),
        )
    except REFUSED as error:
        messages.warning(request, str(error))
        return redirect(back)
    messages.success(request, _("批次 %(number)s 已编好，每一笔都校验过。") % {"number": batch.number})
    return redirect("funds:batch", batch.pk)


@in_room(Room.FUNDS)
@require_safe
def line(request: SignedInRequest, money_line_id: int) -> HttpResponse:
    """The way of one line's money, in plain words."""
    held = found(
        with_overpaid(lines_seen_by(request.user).filter(pk=money_line_id)).select_related(
            "claim", "payee", "person", "city_payment__entered_by", "corrects__claim"
        )
    )
    moves = book_of(held)
    names = actor_names([move.actor for move in moves])
    payments = list(PaymentItem.objects.filter(line=held).select_related("batch").order_by("batch__prepared_at", "pk"))
    context = {
        "line": held,
        "name": line_name(held),
        "subject": subject_of(held),
        "scheme": scheme_names().get(held.scheme, held.scheme),
        "area": area_name(held.area_code, area_names([held.area_code])),
        "moves": [
            (move, MOVEMENTS.get(move.movement, move.movement), names.get(move.actor, move.actor)) for move in moves
        ],
        "payments": payments,
        "recoveries": [
            (one, RECOVERY_TONES.get(one.state, "plain"))  # type: ignore[call-overload]
            for one in Recovery.objects.filter(line=held).order_by("demanded_at", "pk")
        ],
        "may_recover": may_change(request) and held.state in (LineState.PAID, LineState.RECONCILED),
        "may_see_batches": not request.user.area_code,
        "claim_url": reverse("claims:queue-line", args=[held.pk]) if may_enter(request.user, Room.CLAIM_QUEUE) else "",
    }
    return render(request, "funds/line.html", context)
