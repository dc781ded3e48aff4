"""What the bank or the treasury says of payments in transit, put into the book and the lines. Its callers hold the batch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from jiujin.claims.services.take_step import take_step
from jiujin.core.services.record_event import Actor, record_event
from jiujin.core.services.record_events import record_events
from jiujin.funds.models import PaymentBatch, PaymentItem
from jiujin.funds.services.post_entries import Move, entry_id, post_entries
from jiujin.funds.services.purses import purses_of
from jiujin.funds.states import BatchState, ItemState


def settle(items: Sequence[PaymentItem], *, actor: Actor, now: datetime) -> None:
    """Payments in transit arrived (`settled_on` and `bank_reference` are set): paid, they and their lines."""
    _move(items, "payment_settled", actor)
    _save(items, ItemState.SETTLED)
    take_step([item.line for item in items], "line_paid", actor=actor, now=now, as_they_are=True)


def fail(items: Sequence[PaymentItem], *, actor: Actor) -> None:
    """Payments in transit were refused (`reason` is set): payable again, their lines free for another batch."""
    _move(items, "payment_released", actor)
    _save(items, ItemState.FAILED)
    _tell(items, "payment_failed", actor)


def give_back(items: Sequence[PaymentItem], *, actor: Actor, now: datetime) -> None:
    """Payments that had arrived came back (`reason` is set): payable again, their lines wait to be paid again."""
    _move(items, "payment_returned", actor)
    _save(items, ItemState.FAILED)
    take_step([item.line for item in items], "line_payment_returned", actor=actor, now=now)
    _tell(items, "payment_returned", actor)


def close_where_done(batch: PaymentBatch, *, actor: Actor) -> None:
    """Close a sent batch of which no payment is in transit any more."""
    if batch.state != BatchState.SENT or batch.items.filter(state=ItemState.RESERVED).exists():
        return
    batch.state = BatchState.CLOSED
    batch.save(update_fields=["state"])
    record_event(actor=actor, verb="batch_closed", subject=batch)


def _move(items: Sequence[PaymentItem], movement: str, actor: Actor) -> None:
    assert connection.in_atomic_block
    purses = purses_of(item.line_id for item in items)
    post_entries(
        [
            Move(
                entry_id(movement, item.pk),
                movement,
                purses[item.line_id],
                item.amount_fen,
                line_id=item.line_id,
                item_id=item.pk,
                reason=item.reason,
            )
            for item in items
        ],
        actor=actor,
    )


def _save(items: Sequence[PaymentItem], state: str) -> None:
    for item in items:
        item.state = state
    PaymentItem.objects.bulk_update(items, ["state", "reason", "bank_reference", "settled_on"], batch_size=500)


def _tell(items: Sequence[PaymentItem], verb: str, actor: Actor) -> None:
    details = [{"line": item.line_id, "amount_fen": item.amount_fen} for item in items]
    record_events(actor=actor, verb=verb, subjects=items, details=details)
