"""The way into the job queue, kept apart from the jobs so that services can use it without importing them."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

JUDGE_TASK = "rosters.judge"
QUEUE = "rosters"


def put_in_queue(check_id: UUID) -> None:
    """Queue the judging of a check, within the caller's transaction: it starts only if that is kept."""
    app.configure_task(JUDGE_TASK, queue=QUEUE).defer(check_id=str(check_id))
