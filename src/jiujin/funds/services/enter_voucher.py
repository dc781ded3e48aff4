"""Enters a voucher of the treasury by hand: which payments of a batch it paid, and which it refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from jiujin.accounts.models import User
from jiujin.core.services.record_event import record_event
from jiujin.funds.errors import BatchImpossible, LineNotPayable, NothingToPay, ReasonMissing, RequestReused
from jiujin.funds.models import PaymentBatch, PaymentItem, TreasuryVoucher, VoucherItem
from jiujin.funds.services.check_batch import locked_batch
from jiujin.funds.states import BatchState, ItemState, PayingWay
from jiujin.registry.models import EvidenceFile


@transaction.atomic
def enter_voucher(
    *,
    voucher_id: UUID,
    batch: PaymentBatch,
    number: str,
    paid_on: date,
    paid: Sequence[UUID],
    refused: Mapping[UUID, str],
    actor: User,
    now: datetime,
    scan: EvidenceFile | None = None,
) -> TreasuryVoucher:
    """Put down what a voucher says (payment ids; of the refused with the reason); another person confirms it.

    Payments that it does not name stay in transit. The same id asked twice is once. Raises BatchImpossible, ReasonMissing
    (no number or reason), NothingToPay, LineNotPayable (a payment not in transit), RequestReused.
    """
    batch = locked_batch(batch)
    if held := TreasuryVoucher.objects.filter(pk=voucher_id).first():
        return _same(held, batch, number, paid, refused)
    if batch.way != PayingWay.TREASURY or batch.state != BatchState.SENT:
        raise BatchImpossible(batch.state)
    if not number.strip() or not all(reason.strip() for reason in refused.values()):
        raise ReasonMissing
    if not paid and not refused:
        raise NothingToPay({})
    items = _in_transit(batch, [*paid, *refused])
    voucher = TreasuryVoucher.objects.create(
        id=voucher_id, batch=batch, number=number.strip(), paid_on=paid_on, scan=scan, entered_by=actor
    )
    VoucherItem.objects.bulk_create(
        VoucherItem(
            voucher=voucher, item=item, is_paid=item.pk not in refused, reason=refused.get(item.pk, "").strip()[:300]
        )
        for item in items
    )
    details = {"number": voucher.number, "paid": len(paid), "refused": len(refused)}
    record_event(actor=actor, verb="voucher_entered", subject=voucher, details=details)
    return voucher


def _same(
    held: TreasuryVoucher, batch: PaymentBatch, number: str, paid: Sequence[UUID], refused: Mapping[UUID, str]
) -> TreasuryVoucher:
    said = {(item.item_id, item.is_paid) for item in held.items.all()}
    asked = {*((pk, True) for pk in paid), *((pk, False) for pk in refused)}
    if (held.batch_id, held.number, said) != (batch.pk, number.strip(), asked):
        raise RequestReused
    return held


def _in_transit(batch: PaymentBatch, ids: Sequence[UUID]) -> list[PaymentItem]:
    """The payments, each once and in transit, named by no other voucher that waits. Raises LineNotPayable."""
    items = list(batch.items.filter(pk__in=ids).order_by("position"))
    waiting = set(
        VoucherItem.objects.filter(item__in=ids, voucher__confirmed_by=None).values_list("item_id", flat=True)
    )
    for item in items:
        if item.state != ItemState.RESERVED or item.pk in waiting:
            raise LineNotPayable(item.line_id)
    if len(items) != len(ids):
        raise LineNotPayable(0)
    return items
