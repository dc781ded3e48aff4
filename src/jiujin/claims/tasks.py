"""The jobs of claims, run every night by `jiujin work`."""

from __future__ import annotations

from django.db import close_old_connections, connection
from django.utils import timezone
from procrastinate.contrib.django import app

from jiujin.claims.services.close_notices import close_notices
from jiujin.claims.services.screen_entitled import screen_entitled
from jiujin.claims.services.tell_overdue import tell_overdue
from jiujin.core.plan_in_force import plan_in_force

QUEUE = "claims"


@app.periodic(cron="21 0 * * *")
@app.task(name="claims.close_notices", queue=QUEUE, queueing_lock="claims.close_notices")
def close_notices_nightly(timestamp: int) -> None:
    """End the notices whose last day is over."""
    _begin()
    close_notices(now=timezone.now())


@app.periodic(cron="31 0 * * *")
@app.task(name="claims.tell_overdue", queue=QUEUE, queueing_lock="claims.tell_overdue")
def tell_overdue_nightly(timestamp: int) -> None:
    """Remind of what is late, escalate it, or count it as accepted, as the plan says."""
    _begin()
    tell_overdue(now=timezone.now())


@app.periodic(cron="7 4 * * *")
@app.task(name="claims.screen_entitled", queue=QUEUE, queueing_lock="claims.screen_entitled")
def screen_entitled_nightly(timestamp: int) -> None:
    """Look for those who are entitled and have not claimed, in every scheme."""
    _begin()
    for scheme in plan_in_force().schemes:
        screen_entitled(scheme=scheme, actor="system:screening", now=timezone.now())


def _begin() -> None:
    if not connection.in_atomic_block:  # a worker's thread lives for days, without requests
        close_old_connections()
