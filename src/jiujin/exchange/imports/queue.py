"""The way into the job queue, kept apart from the jobs so that services can use it without importing them."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

RUN_TASK = "imports.run"
QUEUE = "imports"


def queue_import(import_id: UUID) -> None:
    """Queue the next part of an import, within the caller's transaction: it starts only if that is kept."""
    app.configure_task(RUN_TASK, queue=QUEUE).defer(import_id=str(import_id))
