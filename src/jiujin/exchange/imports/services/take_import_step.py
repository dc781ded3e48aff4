"""Takes an import from one state to the next, and leaves the event."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from jiujin.core.services.record_event import Actor, record_event
from jiujin.exchange.imports.errors import ImportStateChanged
from jiujin.exchange.imports.models import DataImport
from jiujin.exchange.imports.states import target_of


@transaction.atomic
def take_import_step(data_import: DataImport, event: str, *, actor: Actor, **changed: Any) -> DataImport:
    """The import in its new state, with the fields given changed. Raises ImportStateChanged."""
    held = DataImport.objects.select_for_update().get(pk=data_import.pk)
    target = target_of(held.state, event)
    if target is None:
        raise ImportStateChanged(str(held.get_state_display()))
    held.state, held.heard_at = target, timezone.now()
    for name, value in changed.items():
        setattr(held, name, value)
    if not held.is_under_way:
        held.finished_at = held.heard_at
    held.save()
    counts = {"new": held.new_count, "changed": held.changed_count, "refused": held.refused_count}
    record_event(actor=actor, verb=event, subject=held, details={"kind": held.kind, **counts})
    return held
