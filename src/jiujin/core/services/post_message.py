"""Puts a text message into the outbox; it leaves only after the commit of the transaction that wrote it."""

from __future__ import annotations

from typing import Final

from django.db import connection
from procrastinate.contrib.django import app

from jiujin.core.carriers import installed_carrier
from jiujin.core.models import OutboundMessage

CARRY_TASK: Final = "messages.carry"
QUEUE: Final = "messages"


def post_message(*, to: str, text: str) -> OutboundMessage:
    """Write the message within the caller's transaction; where there is a carrier, a job takes it there after the commit."""
    assert connection.in_atomic_block, "a message belongs to the transaction of its reason"
    message = OutboundMessage.objects.create(to=to, text=text)
    if installed_carrier() is not None:
        app.configure_task(CARRY_TASK, queue=QUEUE).defer()
    return message
