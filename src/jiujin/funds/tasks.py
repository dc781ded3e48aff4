"""The jobs of the funds, run every night by `jiujin work`."""

from __future__ import annotations

from django.db import close_old_connections, connection
from procrastinate.contrib.django import app

from jiujin.funds.services.check_ledger import check_ledger
from jiujin.funds.simulation import keep_snapshot

QUEUE = "funds"


@app.periodic(cron="23 4 * * *")
@app.task(name="funds.check_ledger", queue=QUEUE, queueing_lock="funds.check_ledger")
def check_nightly(timestamp: int) -> None:
    """Check the book, every state and its timestamps, and the chain."""
    if not connection.in_atomic_block:
        close_old_connections()
    check_ledger()


@app.periodic(cron="13 3 * * *")
@app.task(name="funds.keep_facts", queue=QUEUE, queueing_lock="funds.keep_facts")
def keep_facts_nightly(timestamp: int) -> None:
    """Read the facts of every record into a file, for the trials of the next day."""
    if not connection.in_atomic_block:
        close_old_connections()
    keep_snapshot()
