"""The jobs of the registry, run by `jiujin work`."""

from __future__ import annotations

from django.db import close_old_connections, connection
from procrastinate.contrib.django import app

from jiujin.registry.queue import QUEUE, SEARCH_TASK
from jiujin.registry.services.ask_for_merges import ask_for_merges
from jiujin.registry.services.propose_merges import propose_merges


def _drop_stale_connection() -> None:
    """A worker's thread lives for days, without requests."""
    if not connection.in_atomic_block:
        close_old_connections()


@app.task(name=SEARCH_TASK, queue=QUEUE)
def search(search_id: int) -> None:
    """Search the whole registry for likely-same people."""
    _drop_stale_connection()
    propose_merges(search_id=search_id)


@app.periodic(cron="43 3 * * *")
@app.task(name="registry.search_merges_nightly", queue=QUEUE, queueing_lock="registry.search_merges_nightly")
def search_nightly(timestamp: int) -> None:
    """Ask for a search each night."""
    _drop_stale_connection()
    ask_for_merges(actor="system:merge_search")
