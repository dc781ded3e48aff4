"""Ends imports whose worker went away, and deletes the files of those whose days are over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Q

from jiujin.exchange.imports.errors import ImportStateChanged
from jiujin.exchange.imports.models import DataImport
from jiujin.exchange.imports.services.run_import import FAILED, SYSTEM
from jiujin.exchange.imports.services.take_import_step import take_import_step
from jiujin.exchange.imports.states import UNDER_WAY, ImportState
from jiujin.exchange.imports.storage import ImportFiles

SILENT_MAX: Final = timedelta(minutes=10)
SWEEP_MAX: Final = 500


def recover_imports(*, now: datetime) -> int:
    """Tell of every import at which a worker was and said nothing for long; says how many."""
    working = Q(state__in=[ImportState.READING, ImportState.WRITING], heard_at__lt=now - SILENT_MAX)
    ended = 0
    for data_import in DataImport.objects.filter(working).order_by("pk"):
        try:
            take_import_step(data_import, "import_failed", actor=SYSTEM, message=FAILED)
            ended += 1
        except ImportStateChanged:  # it ended meanwhile
            continue
    return ended


def delete_expired_imports(*, now: datetime) -> int:
    """Delete the files of imports older than their days; what was imported, and that it was, stays."""
    before = now - timedelta(days=settings.ROSTER_DAYS_KEPT)
    expired = (
        DataImport.objects.filter(created_at__lt=before).exclude(state__in=UNDER_WAY).order_by("-created_at", "pk")
    )
    for data_import in expired[:SWEEP_MAX]:
        ImportFiles(data_import).remove()
    return min(expired.count(), SWEEP_MAX)
