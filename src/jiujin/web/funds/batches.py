"""Payment batches: the list, one batch with its payments, and each step of its way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room
from jiujin.core.listing import Cell, Choice, Column, Empty, Filter, Row, Table, Words
from jiujin.funds.errors import FundsRefused
from jiujin.funds.layouts import layout_of
from jiujin.funds.models import PaymentBatch, PaymentItem
from jiujin.funds.queries import batches_seen_by, items_of, mask_account, returns_of, totals_of
from jiujin.funds.services.batch_file import batch_file
from jiujin.funds.services.cancel_batch import cancel_batch
from jiujin.funds.services.check_batch import check_batch
from jiujin.funds.services.confirm_treasury import refuse_treasury
from jiujin.funds.services.mark_sent import mark_sent
from jiujin.funds.services.release_batch import release_batch
from jiujin.funds.states import BatchState, ItemState, PayingWay
from jiujin.web.funds.doors import done, listed, may_change, own_batch
from jiujin.web.funds.words import BATCH_TONES, ITEM_TONES, line_name, money, subject_of, who

COLUMNS = (
    Column("number", gettext_lazy("批次"), kind="short", sortable=True, can_hide=False),
    Column("state", gettext_lazy("状态"), kind="chip"),
    Column("way", gettext_lazy("怎样付"), kind="short"),
    Column("count", gettext_lazy("笔数"), kind="number"),
    Column("amount", gettext_lazy("金额（元）"), kind="money"),
    Column("prepared", gettext_lazy("谁编的"), kind="soft"),
    Column("at", gettext_lazy("什么时候"), kind="short", sortable=True),
)
ITEM_COLUMNS = (
    Column("position", gettext_lazy("序号"), kind="short", sortable=True, can_hide=False),
    Column("line", gettext_lazy("申报明细"), kind="short"),
    Column("subject", gettext_lazy("补贴谁")),
    Column("payee", gettext_lazy("收款单位"), sortable=True),
    Column("account", gettext_lazy("账号"), kind="short"),
    Column("amount", gettext_lazy("金额（元）"), kind="money", sortable=True),
    Column("state", gettext_lazy("状态"), kind="chip"),
    Column("reason", gettext_lazy("说明"), kind="reason"),
)


@in_room(Room.FUNDS)
@require_safe
def batches(request: SignedInRequest) -> HttpResponse:
    """Every batch, newest first."""
    totals: dict[Any, tuple[int, int]] = {}
    states = [
        Choice("", _("全部")),
        *(Choice(state.value, state.label) for state in BatchState if state != BatchState.DRAFT),
    ]

    def prepare(found: Any) -> None:
        items = PaymentItem.objects.filter(batch__in=found).exclude(state=ItemState.DROPPED)
        for batch_id, amount_fen in items.order_by("pk").values_list("batch", "amount_fen"):
            count, total = totals.get(batch_id, (0, 0))
            totals[batch_id] = count + 1, total + amount_fen

    def row(batch: PaymentBatch) -> Row:
        count, total = totals.get(batch.pk, (0, 0))
        return Row(
            str(batch.pk),
            {
                "number": Cell(batch.number),
                "state": Cell(batch.get_state_display(), tone=BATCH_TONES.get(BatchState(batch.state), "plain")),
                "way": Cell(batch.get_way_display()),
                "count": Cell(f"{count:,}"),
                "amount": money(total),
                "prepared": Cell(who(batch.prepared_by)),
                "at": Cell(f"{timezone.localtime(batch.prepared_at):%Y-%m-%d %H:%M}"),
            },
            href=reverse("funds:batch", args=[batch.pk]),
        )

    def narrow(query: Any, ask: Any) -> Any:
        query = query.filter(number__icontains=ask.search) if ask.search else query
        return query.filter(state=ask.chosen["state"]) if ask.chosen["state"] else query

    table = listed(
        request,
        COLUMNS,
        batches_seen_by(request.user),
        row,
        id="batches",
        caption=_("拨付批次"),
        empty=Empty(
            _("还没有拨付批次"),
            _("把待拨付的明细编成一批，校验后由另外两个人先后放行。"),
            _("看待拨付"),
            f"{reverse('funds:lines')}?stage=scheduled",
        ),
        sort="-at",
        orders={"number": "number", "at": "prepared_at"},
        filters=[Filter("state", states)],
        narrow=narrow,
        prepare=prepare,
        search_label=_("批次编号"),
    )
    return render(request, "funds/batches.html", {"table": table})


@in_room(Room.FUNDS)
@require_safe
def batch(request: SignedInRequest, batch_id: UUID) -> HttpResponse:
    """One batch: where it stands, what comes next, every payment with what blocks it."""
    held = own_batch(request, batch_id)
    totals = totals_of(held)
    count, total = (sum(one[at] for state, one in totals.items() if state != ItemState.DROPPED) for at in (0, 1))
    context = {
        "batch": held,
        "tone": BATCH_TONES.get(BatchState(held.state), "plain"),
        "count": count,
        "total_fen": total,
        "blocked": totals.get(ItemState.BLOCKED, (0, 0)),
        "states": [(ItemState(state).label, count, fen) for state, (count, fen) in totals.items()],
        "layout": _layout_name(held),
        "steps": _steps(held),
        "returns": list(returns_of(held)),
        "vouchers": list(held.vouchers.select_related("entered_by", "confirmed_by").order_by("entered_at", "pk")),
        "table": _items(request, held),
        "may_change": may_change(request),
        "may_release": _may_release(request, held),
        "is_treasury": held.way == PayingWay.TREASURY,
        "has_file": held.state in (BatchState.RELEASED, BatchState.SENT, BatchState.CLOSED),
    }
    return render(request, "funds/batch.html", context)


def _layout_name(batch: PaymentBatch) -> str:
    try:
        return layout_of(batch.layout).name
    except FundsRefused:
        return batch.layout


def _may_release(request: SignedInRequest, batch: PaymentBatch) -> bool:
    """Whether the viewer is one of the two who may still release it."""
    return (
        may_change(request)
        and batch.state in (BatchState.CHECKED, BatchState.RELEASED_ONCE)
        and request.user.pk not in (batch.prepared_by_id, batch.first_released_by_id)
    )


def _steps(batch: PaymentBatch) -> list[dict[str, Any]]:
    """The timeline of a batch."""
    steps: list[tuple[Any, Words, Words]] = [(batch.prepared_at, _("编成"), who(batch.prepared_by))]
    if batch.first_released_at:
        steps.append((batch.first_released_at, _("第一个人放行"), who(batch.first_released_by)))
    if batch.second_released_at:
        steps.append((batch.second_released_at, _("第二个人放行，款项在途"), who(batch.second_released_by)))
    if batch.sent_at:
        steps.append((batch.sent_at, _("送出"), batch.request_number))
    for answer in returns_of(batch):
        words = _("回盘：到账 %(settled)s 笔，退汇 %(failed)s 笔，对不上 %(refused)s 笔")
        counts = {"settled": answer.settled_count, "failed": answer.failed_count, "refused": answer.refused_count}
        steps.append((answer.imported_at, words % counts, who(answer.imported_by)))
    return [{"at": at, "label": label, "note": note} for at, label, note in steps]


def _items(request: SignedInRequest, batch: PaymentBatch) -> Table:
    states = [
        Choice("", _("全部")),
        *(Choice(state.value, state.label) for state in ItemState if state != ItemState.DROPPED),
    ]

    def row(item: PaymentItem) -> Row:
        line = item.line
        return Row(
            str(item.pk),
            {
                "position": Cell(str(item.position)),
                "line": Cell(line_name(line), href=reverse("funds:line", args=[line.pk])),
                "subject": Cell(subject_of(line)),
                "payee": Cell(line.payee.name if line.payee else ""),
                "account": Cell(mask_account(item.account.number) if item.account else ""),
                "amount": money(item.amount_fen),
                "state": Cell(item.get_state_display(), tone=ITEM_TONES.get(ItemState(item.state), "plain")),
                "reason": Cell(item.reason),
            },
        )

    def narrow(query: Any, ask: Any) -> Any:
        query = query.filter(line__payee__name__icontains=ask.search) if ask.search else query
        return query.filter(state=ask.chosen["item"]) if ask.chosen["item"] else query

    return listed(
        request,
        ITEM_COLUMNS,
        items_of(batch),
        row,
        id="items",
        caption=_("每一笔"),
        empty=Empty(_("这一批里没有付款")),
        sort="position",
        orders={"position": "position", "payee": "line__payee__name", "amount": "amount_fen"},
        filters=[Filter("item", states)],
        narrow=narrow,
        search_label=_("收款单位"),
    )


@in_room(Room.FUND_CHANGES)
@require_safe
def file(request: SignedInRequest, batch_id: UUID) -> HttpResponse:
    """The payment file, to be handed to the bank."""
    held = own_batch(request, batch_id)
    try:
        content = batch_file(held)
    except FundsRefused as error:
        return render(request, "funds/no_file.html", {"batch": held, "why": str(error)})
    response = HttpResponse(content, content_type="application/octet-stream")
    name = _("拨付批次 %(number)s.csv") % {"number": held.number}
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response


STEPS: dict[str, tuple[Callable[..., Any], Words]] = {
    "check": (check_batch, gettext_lazy("已重新校验。")),
    "release": (release_batch, gettext_lazy("已放行。")),
}


@in_room(Room.FUND_CHANGES)
@require_POST
def step(request: SignedInRequest, batch_id: UUID) -> HttpResponse:
    """Take one step with a batch: the button pressed says which."""
    held, now, given = own_batch(request, batch_id), timezone.now(), request.POST
    name = given.get("step", "")
    by: dict[str, Any] = {"batch": held, "actor": request.user, "now": now}
    if name in STEPS:
        service, words = STEPS[name]
        done(request, lambda: service(**by), words)
    elif name == "send":
        done(request, lambda: mark_sent(request_number=given.get("request_number", ""), **by), _("已记为送出。"))
    elif name == "cancel":
        done(request, lambda: cancel_batch(reason=given.get("reason", ""), **by), _("这一批已作废，明细回到待拨付。"))
    elif name == "refuse":
        done(
            request,
            lambda: refuse_treasury(reason=given.get("reason", ""), **by),
            _("已记为财政退回，明细回到待拨付。"),
        )
    else:
        raise Http404
    return redirect("funds:batch", held.pk)
