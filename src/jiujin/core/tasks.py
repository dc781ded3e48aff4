"""The jobs of the outbox, run by `jiujin work`."""

from __future__ import annotations

from django.conf import settings
from django.db import close_old_connections, connection
from django.utils import timezone
from procrastinate.contrib.django import app

from jiujin.core.services.carry_messages import carry_messages
from jiujin.core.services.empty_messages import empty_messages
from jiujin.core.services.post_message import CARRY_TASK, QUEUE


@app.periodic(cron="* * * * *")
@app.task(name="messages.carry_waiting", queue=QUEUE, queueing_lock="messages.carry_waiting")
def carry_waiting(timestamp: int) -> None:
    """Carry what an interrupted job left behind."""
    carry()


@app.periodic(cron="41 1 * * *")
@app.task(name="messages.empty_old", queue=QUEUE, queueing_lock="messages.empty_old")
def empty_old(timestamp: int) -> None:
    """Empty what messages of days long gone said."""
    if not connection.in_atomic_block:
        close_old_connections()
    empty_messages(now=timezone.now(), days_kept=settings.MESSAGE_DAYS_KEPT)


@app.task(name=CARRY_TASK, queue=QUEUE)
def carry() -> None:
    """Carry what waits in the outbox."""
    if not connection.in_atomic_block:  # a worker's thread lives for days, without requests
        close_old_connections()
    carry_messages(now=timezone.now())
