"""The jobs of the roster check, run by `jiujin work`."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from jiujin.exchange.queue import JUDGE_TASK, QUEUE
from jiujin.exchange.services.delete_check import delete_expired_checks
from jiujin.exchange.services.judge_check import judge_check
from jiujin.exchange.services.recover_checks import recover_checks


@app.task(name=JUDGE_TASK, queue=QUEUE)
def judge(check_id: str) -> None:
    """Judge one roster."""
    judge_check(check_id=UUID(check_id))


@app.periodic(cron="* * * * *")
@app.task(name="rosters.recover", queue=QUEUE, queueing_lock="rosters.recover")
def recover(timestamp: int) -> None:
    """Tell of checks whose worker went away."""
    recover_checks(now=timezone.now())


@app.periodic(cron="17 3 * * *")
@app.task(name="rosters.delete_expired", queue=QUEUE, queueing_lock="rosters.delete_expired")
def delete_expired(timestamp: int) -> None:
    """Delete checks and files past their days."""
    delete_expired_checks(now=timezone.now())
