"""The way into the registry's jobs, kept apart from the jobs so that services can use it without importing them."""

from __future__ import annotations

from procrastinate.contrib.django import app

SEARCH_TASK = "registry.search_merges"
QUEUE = "registry"


def queue_search(search_id: int) -> None:
    """Queue a search for likely-same people, within the caller's transaction: it starts only if that is kept."""
    app.configure_task(SEARCH_TASK, queue=QUEUE).defer(search_id=search_id)
