"""The jobs of imports, run by `jiujin work`."""

from __future__ import annotations

from uuid import UUID

from django.db import close_old_connections, connection
from django.utils import timezone
from procrastinate.contrib.django import app

from jiujin.exchange.imports.queue import QUEUE, RUN_TASK
from jiujin.exchange.imports.services.end_imports import delete_expired_imports, recover_imports
from jiujin.exchange.imports.services.run_import import run_import


def _drop_stale_connection() -> None:
    """A worker's thread lives for days, without requests."""
    if not connection.in_atomic_block:
        close_old_connections()


@app.task(name=RUN_TASK, queue=QUEUE)
def run(import_id: str) -> None:
    """Preview an import, or write it down once it is confirmed."""
    _drop_stale_connection()
    run_import(import_id=UUID(import_id))


@app.periodic(cron="* * * * *")
@app.task(name="imports.recover", queue=QUEUE, queueing_lock="imports.recover")
def recover(timestamp: int) -> None:
    """Tell of imports whose worker went away."""
    _drop_stale_connection()
    recover_imports(now=timezone.now())


@app.periodic(cron="27 3 * * *")
@app.task(name="imports.delete_expired", queue=QUEUE, queueing_lock="imports.delete_expired")
def delete_expired(timestamp: int) -> None:
    """Delete the files of imports past their days."""
    _drop_stale_connection()
    delete_expired_imports(now=timezone.now())
