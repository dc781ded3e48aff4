"""The jobs of the outbox, run by `jiujin work`."""

from __future__ import annotations

from django.db import close_old_connections, connection
from django.utils import timezone
from procrastinate.contrib.django import app

from jiujin.core.services.carry_messages import carry_messages
from jiujin.core.services.post_message import CARRY_TASK, QUEUE


@app.periodic(cron="* * * * *")
@app.task(name="messages.carry_waiting", queue=QUEUE, queueing_lock="messages.carry_waiting")
def carry_waiting(timestamp: int) -> None:
    """Carry what an interrupted job left behind."""
    carry()


@app.task(name=CARRY_TASK, queue=QUEUE)
def carry() -> None:
    """Carry what waits in the outbox."""
    if not connection.in_atomic_block:  # a worker's thread lives for days, without requests
        close_old_connections()
    carry_messages(now=timezone.now())
