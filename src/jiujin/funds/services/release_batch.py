"""Releases a batch: one person, then another, neither of them who prepared it; the second release reserves the money."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from jiujin.accounts.models import User
from jiujin.claims.steps import require_step
from jiujin.core.services.record_event import record_event
from jiujin.funds.errors import BatchImpossible, NeedsAnother, NothingToPay
from jiujin.funds.models import PaymentBatch, PaymentItem
from jiujin.funds.services.batch_file import sm3_of, written
from jiujin.funds.services.check_batch import block_items, lock_items, locked_batch
from jiujin.funds.services.post_entries import Move, entry_id, post_entries
from jiujin.funds.services.purses import purses_of
from jiujin.funds.states import BatchState, ItemState


@transaction.atomic
def release_batch(*, batch: PaymentBatch, actor: User, now: datetime) -> PaymentBatch:
    """The first release, or the second; each looks at every payment again, and what is blocked by then is left out.

    The second puts the money in transit and notes the file's digest; nothing is sent here. Asked twice by the second
    person is once. Raises BatchImpossible, NeedsAnother, NothingToPay, NotAllowed.
    """
    batch = locked_batch(batch)
    if batch.state == BatchState.RELEASED and batch.second_released_by_id == actor.pk:
        return batch
    if batch.state not in (BatchState.CHECKED, BatchState.RELEASED_ONCE):
        raise BatchImpossible(batch.state)
    if actor.pk in (batch.prepared_by_id, batch.first_released_by_id):
        raise NeedsAnother
    items = lock_items(batch, bare=True)
    require_step(actor, [item.line for item in items], "payment")
    block_items([item for item in items if item.state == ItemState.READY], anew=False)
    ready = [item for item in items if item.state == ItemState.READY]
    if not ready:
        raise NothingToPay({item.line_id: item.reason for item in items})
    if batch.state == BatchState.CHECKED:
        return _release_once(batch, ready, actor, now)
    return _release(batch, items, ready, actor, now)


def _release_once(batch: PaymentBatch, ready: Sequence[PaymentItem], actor: User, now: datetime) -> PaymentBatch:
    batch.state, batch.first_released_by, batch.first_released_at = BatchState.RELEASED_ONCE, actor, now
    batch.save(update_fields=["state", "first_released_by", "first_released_at"])
    record_event(actor=actor, verb="batch_released_once", subject=batch, details=_totals(ready))
    return batch


def _release(
    batch: PaymentBatch, items: Sequence[PaymentItem], ready: Sequence[PaymentItem], actor: User, now: datetime
) -> PaymentBatch:
    batch.items.filter(state=ItemState.BLOCKED).update(state=ItemState.DROPPED)
    purses = purses_of(item.line_id for item in ready)
    post_entries([reserved(item, purses[item.line_id]) for item in ready], actor=actor)
    batch.items.filter(state=ItemState.READY).update(state=ItemState.RESERVED)
    batch.state, batch.second_released_by, batch.second_released_at = BatchState.RELEASED, actor, now
    batch.file_digest = sm3_of(written(batch, ready, released_at=now))
    batch.save(update_fields=["state", "second_released_by", "second_released_at", "file_digest"])
    details = _totals(ready) | {"digest": batch.file_digest, "left_out": len(items) - len(ready)}
    record_event(actor=actor, verb="batch_released", subject=batch, details=details)
    return batch


def reserved(item: PaymentItem, purse_id: int) -> Move:
    """The movement that puts a payment in transit."""
    return Move(
        entry_id("payment_reserved", item.pk),
        "payment_reserved",
        purse_id,
        item.amount_fen,
        line_id=item.line_id,
        item_id=item.pk,
    )


def _totals(ready: Sequence[PaymentItem]) -> dict[str, int]:
    return {"payments": len(ready), "total_fen": sum(item.amount_fen for item in ready)}
