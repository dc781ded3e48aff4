"""Notes that a released batch's file was handed to the bank, or the request to the finance bureau."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from jiujin.accounts.models import User
from jiujin.core.services.record_event import record_event
from jiujin.funds.models import PaymentBatch
from jiujin.funds.services.check_batch import locked_batch, require_way
from jiujin.funds.states import BatchState


@transaction.atomic
def mark_sent(*, batch: PaymentBatch, actor: User, now: datetime, request_number: str = "") -> PaymentBatch:
    """Note it, with the request's number at the treasury; asked twice is once. Raises BatchImpossible."""
    batch = locked_batch(batch)
    if batch.state == BatchState.SENT:
        return batch
    require_way(batch, "batch_sent")
    batch.state, batch.sent_at, batch.request_number = BatchState.SENT, now, request_number.strip()
    batch.save(update_fields=["state", "sent_at", "request_number"])
    record_event(actor=actor, verb="batch_sent", subject=batch, details={"request_number": batch.request_number})
    return batch
