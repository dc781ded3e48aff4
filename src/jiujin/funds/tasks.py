"""The job of the funds, run every night by `jiujin work`."""

from __future__ import annotations

from django.db import close_old_connections, connection
from procrastinate.contrib.django import app

from jiujin.funds.services.check_ledger import check_ledger

QUEUE = "funds"


@app.periodic(cron="23 4 * * *")
@app.task(name="funds.check_ledger", queue=QUEUE, queueing_lock="funds.check_ledger")
def check_nightly(timestamp: int) -> None:
    """Check the book, every state and its timestamps, and the chain."""
    if not connection.in_atomic_block:
        close_old_connections()
    check_ledger()
