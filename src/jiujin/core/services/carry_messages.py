"""Gives the messages that wait in the outbox to the carrier."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from jiujin.core.carriers import NotCarried, installed_carrier
from jiujin.core.models import OutboundMessage

WAITS_MAX: Final = timedelta(minutes=30)  # a code older than this helps nobody
BATCH: Final = 200


def carry_messages(*, now: datetime) -> int:
    """Send what waits, oldest first, and note what was not taken; gives how many left. Nothing where there is no carrier.

    No transaction is open while the carrier works: a message may go twice after a crash, but none is lost.
    """
    carrier = installed_carrier()
    if carrier is None:
        return 0
    waiting = OutboundMessage.objects.filter(sent_at=None, failure="", created_at__gt=now - WAITS_MAX)
    carried = 0
    for message in waiting.order_by("created_at", "pk")[:BATCH]:
        try:
            carrier(to=message.to or "", text=message.text or "")
        except NotCarried as error:
            OutboundMessage.objects.filter(pk=message.pk).update(failure=str(error)[:200])
        else:
            OutboundMessage.objects.filter(pk=message.pk).update(sent_at=now)
            carried += 1
    return carried
