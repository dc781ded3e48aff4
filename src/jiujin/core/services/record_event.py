"""Records what happened to a record, in the transaction in which it happens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, models

from jiujin.audit.chain import require_plain
from jiujin.core.models import Event

Actor = AbstractBaseUser | str


def record_event(*, actor: Actor, verb: str, subject: models.Model, details: Mapping[str, Any] | None = None) -> Event:
    """Write one event about `subject`; the caller's transaction must be open.

    Args:
        actor: who did it; a job names itself as `system:NAME`.
        verb: past tense, as `vacancy_published`.
        details: codes, counts and ids; nothing that is sealed elsewhere, and no floats (`NotPlain`).

    The event gets its place in the chain when the transaction commits.
    """
    assert connection.in_atomic_block, "an event belongs to the transaction of its change"
    require_plain(details or {})
    event = Event.objects.create(
        actor=actor if isinstance(actor, str) else f"user:{actor.pk}",
        verb=verb,
        subject_kind=subject._meta.label_lower,
        subject_id=str(subject.pk),
        details=dict(details or {}),
    )
    connection.unlinked_events.append(event.pk)  # type: ignore[attr-defined]  # `jiujin.core.chained`
    return event
