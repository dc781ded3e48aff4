"""Empties what old messages said; to whom, when and whether they left stays."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from jiujin.core.models import OutboundMessage
from jiujin.core.services.record_event import record_event

ACTOR: Final = "system:messages"


@transaction.atomic
def empty_messages(*, now: datetime, days_kept: int) -> int:
    """Empty the text of every message written more than `days_kept` days ago, sent or not; gives how many.

    A message that did not leave within half an hour never does (`carry_messages`), so none waits for its text any more.
    """
    old = OutboundMessage.objects.filter(created_at__lt=now - timedelta(days=days_kept), text__isnull=False)
    newest = old.order_by("-created_at", "-pk").first()
    if newest is None:
        return 0
    count = old.update(text=None)
    record_event(actor=ACTOR, verb="messages_emptied", subject=newest, details={"count": count, "days_kept": days_kept})
    return count
