"""Gives up a batch that was not released; its lines wait to be paid again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from jiujin.accounts.models import User
from jiujin.core.services.record_event import record_event
from jiujin.funds.errors import ReasonMissing
from jiujin.funds.models import PaymentBatch
from jiujin.funds.services.check_batch import OPEN_ITEMS, locked_batch, require_way
from jiujin.funds.states import BatchState, ItemState


@transaction.atomic
def cancel_batch(*, batch: PaymentBatch, reason: str, actor: User, now: datetime) -> PaymentBatch:
    """Cancel; asked twice is once. Raises BatchImpossible, ReasonMissing."""
    batch = locked_batch(batch)
    if batch.state == BatchState.CANCELLED:
        return batch
    if not reason.strip():
        raise ReasonMissing
    require_way(batch, "batch_cancelled")
    batch.items.filter(state__in=OPEN_ITEMS).update(state=ItemState.DROPPED)
    batch.state, batch.refusal = BatchState.CANCELLED, reason.strip()[:300]
    batch.save(update_fields=["state", "refusal"])
    record_event(actor=actor, verb="batch_cancelled", subject=batch, details={"at": now.isoformat()})
    return batch
