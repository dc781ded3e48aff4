"""Asks for a search of likely-same people."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from jiujin.accounts.models import User
from jiujin.core.services.record_event import Actor, record_event
from jiujin.registry.models import MergeSearch, SearchState
from jiujin.registry.queue import queue_search

SILENT_MAX: Final = timedelta(minutes=15)  # a search that said nothing for so long went away with its worker


@transaction.atomic
def ask_for_merges(*, actor: Actor) -> MergeSearch:
    """The search that waits or runs, else a new one, queued."""
    now = timezone.now()
    silent = Q(heard_at__lt=now - SILENT_MAX) | Q(heard_at=None, asked_at__lt=now - SILENT_MAX)
    running = MergeSearch.objects.select_for_update().filter(state__in=[SearchState.QUEUED, SearchState.RUNNING])
    for search in running.filter(silent):
        search.state, search.finished_at = SearchState.FAILED, now
        search.save(update_fields=["state", "finished_at"])
        record_event(actor="system:merge_search", verb="merge_search_failed", subject=search)
    under_way = running.order_by("pk").first()
    if under_way is not None:
        return under_way
    search = MergeSearch.objects.create(asked_by=actor if isinstance(actor, User) else None)
    record_event(actor=actor, verb="merge_search_asked", subject=search)
    queue_search(search.pk)
    return search
