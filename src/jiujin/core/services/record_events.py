"""Records the same happening to many records at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, models

from jiujin.audit.chain import require_plain
from jiujin.core.bulk import copy_new
from jiujin.core.models import Event
from jiujin.core.services.record_event import Actor


def record_events(
    *, actor: Actor, verb: str, subjects: Sequence[models.Model], details: Sequence[Mapping[str, Any]] | None = None
) -> None:
    """Write one event about each of `subjects` (see `record_event`); `details` are theirs, in the same order."""
    assert connection.in_atomic_block, "an event belongs to the transaction of its change"
    each = details or [{}] * len(subjects)
    for detail in each:
        require_plain(detail)
    who = actor if isinstance(actor, str) else f"user:{actor.pk}"
    events = [
        Event(
            actor=who,
            verb=verb,
            subject_kind=subject._meta.label_lower,
            subject_id=str(subject.pk),
            details=dict(detail),
        )
        for subject, detail in zip(subjects, each, strict=True)
    ]
    copy_new(events, ["actor", "verb", "subject_kind", "subject_id", "details"])
    connection.unlinked_events.extend(event.pk for event in events)  # type: ignore[attr-defined]
