"""The jobs of the roster check, run by `jiujin work`."""

from __future__ import annotations

from uuid import UUID

from django.db import close_old_connections, connection
from django.utils import timezone
from procrastinate.contrib.django import app

from jiujin.exchange.imports import jobs as _jobs  # noqa: F401  (its tasks register themselves)
from jiujin.exchange.queue import JUDGE_TASK, QUEUE
from jiujin.exchange.services.delete_check import delete_expired_checks
from jiujin.exchange.services.judge_check import judge_check
from jiujin.exchange.services.recover_checks import recover_checks


def drop_stale_connection() -> None:
    """Close a database connection that is too old or broken: a worker's thread lives for days, without requests."""
    if not connection.in_atomic_block:
        close_old_connections()


@app.task(name=JUDGE_TASK, queue=QUEUE)
def judge(check_id: str) -> None:
    """Judge one roster."""
    drop_stale_connection()
    judge_check(check_id=UUID(check_id))


@app.periodic(cron="* * * * *")
@app.task(name="rosters.recover", queue=QUEUE, queueing_lock="rosters.recover")
def recover(timestamp: int) -> None:
    """Tell of checks whose worker went away."""
    drop_stale_connection()
    recover_checks(now=timezone.now())


@app.periodic(cron="17 3 * * *")
@app.task(name="rosters.delete_expired", queue=QUEUE, queueing_lock="rosters.delete_expired")
def delete_expired(timestamp: int) -> None:
    """Delete checks and files past their days."""
    drop_stale_connection()
    delete_expired_checks(now=timezone.now())
