"""Lets a previewed import be written down, or drops it."""

from __future__ import annotations

from django.db import transaction

from jiujin.accounts.models import User
from jiujin.exchange.imports.models import DataImport
from jiujin.exchange.imports.queue import queue_import
from jiujin.exchange.imports.services.take_import_step import take_import_step


@transaction.atomic
def confirm_import(*, data_import: DataImport, actor: User) -> DataImport:
    """Queue the writing of what the preview showed. Raises ImportStateChanged."""
    held = take_import_step(data_import, "import_confirmed", actor=actor, done_count=0)
    queue_import(held.pk)
    return held


@transaction.atomic
def cancel_import(*, data_import: DataImport, actor: User) -> DataImport:
    """Write nothing of it. Raises ImportStateChanged."""
    return take_import_step(data_import, "import_cancelled", actor=actor)
