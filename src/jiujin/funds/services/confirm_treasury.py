"""Confirms a voucher of the treasury that another person entered: what it paid is paid, what it refused is payable again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from jiujin.accounts.models import User
from jiujin.claims.services.lock import locked_lines
from jiujin.core.services.record_event import record_event
from jiujin.funds.errors import BatchImpossible, NeedsAnother, ReasonMissing
from jiujin.funds.models import PaymentBatch, TreasuryVoucher
from jiujin.funds.services.check_batch import lock_items, locked_batch
from jiujin.funds.services.settle_items import close_where_done, fail, settle
from jiujin.funds.states import BatchState, ItemState, PayingWay


@transaction.atomic
def confirm_treasury(*, voucher: TreasuryVoucher, actor: User, now: datetime) -> TreasuryVoucher:
    """Confirm; asked twice by the same person is once. Raises NeedsAnother, and BatchImpossible where a payment that the
    voucher names was settled otherwise in the meantime.
    """
    batch = locked_batch(voucher.batch)
    voucher = TreasuryVoucher.objects.select_for_update().get(pk=voucher.pk)
    if voucher.confirmed_by_id is not None:
        if voucher.confirmed_by_id == actor.pk:
            return voucher
        raise BatchImpossible(batch.state)
    if actor.pk == voucher.entered_by_id:
        raise NeedsAnother
    said = {item.item_id: item for item in voucher.items.all()}
    items = list(batch.items.filter(pk__in=said).order_by("position"))
    if any(item.state != ItemState.RESERVED for item in items):
        raise BatchImpossible(batch.state)
    lines = {line.pk: line for line in locked_lines(item.line_id for item in items)}
    for item in items:
        item.line = lines[item.line_id]
        item.reason = said[item.pk].reason
        if said[item.pk].is_paid:
            item.settled_on, item.bank_reference = voucher.paid_on, voucher.number
    voucher.confirmed_by, voucher.confirmed_at = actor, now
    voucher.save(update_fields=["confirmed_by", "confirmed_at"])
    paid = [item for item in items if said[item.pk].is_paid]
    settle(paid, actor=actor, now=now)
    fail([item for item in items if not said[item.pk].is_paid], actor=actor)
    record_event(
        actor=actor,
        verb="voucher_confirmed",
        subject=voucher,
        details={"number": voucher.number, "total_fen": sum(item.amount_fen for item in paid)},
    )
    close_where_done(batch, actor=actor)
    return voucher


@transaction.atomic
def refuse_treasury(*, batch: PaymentBatch, reason: str, actor: User, now: datetime) -> PaymentBatch:
    """The finance bureau refused a whole request: what is still in transit is payable again. Raises BatchImpossible,
    ReasonMissing, NeedsAnother (who prepared the batch does not say that it was refused).
    """
    batch = locked_batch(batch)
    if not reason.strip():
        raise ReasonMissing
    if batch.way != PayingWay.TREASURY or batch.state != BatchState.SENT:
        raise BatchImpossible(batch.state)
    if actor.pk == batch.prepared_by_id:
        raise NeedsAnother
    items = lock_items(batch, (ItemState.RESERVED,))
    for item in items:
        item.reason = reason.strip()[:300]
    fail(items, actor=actor)
    batch.refusal = reason.strip()[:300]
    batch.save(update_fields=["refusal"])
    record_event(actor=actor, verb="batch_refused", subject=batch, details={"payments": len(items)})
    close_where_done(batch, actor=actor)
    return batch
