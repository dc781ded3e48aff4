"""Rows held for a change, and steps of their tables of transitions, each with its one event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import connection

from jiujin.core.services.record_event import Actor, record_event
from jiujin.core.transitions import Transition, target_of
from jiujin.internships.errors import ReasonMissing, StepImpossible
from jiujin.internships.models import Base, InternApplication, InternPost, Internship
from jiujin.internships.states import APPLICATION, BASE, INTERNSHIP

TABLES: dict[type, tuple[Transition, ...]] = {Base: BASE, InternApplication: APPLICATION, Internship: INTERNSHIP}
Stepping = Base | InternApplication | Internship
Held = TypeVar("Held", Base, InternPost, InternApplication, Internship)


def held(record: Held) -> Held:
    """The record as it is now, held until the transaction ends."""
    found: Held = type(record).objects.select_for_update().get(pk=record.pk)
    return found


def take_step(
    record: Stepping, event: str, *, actor: Actor, details: Mapping[str, Any] | None = None, **changes: Any
) -> None:
    """Move a held record where its table says the event leads, with other changes of its row, and write the event.

    Raises StepImpossible, and then nothing is written.
    """
    assert connection.in_atomic_block, "a step belongs to a transaction"
    before = record.state
    try:
        after = target_of(TABLES[type(record)], before, event)
    except KeyError as error:
        raise StepImpossible(str(record.get_state_display()), event) from error
    changes |= {"state": after}
    for name, value in changes.items():
        setattr(record, name, value)
    record.save(update_fields=list(changes))
    record_event(actor=actor, verb=event, subject=record, details={"from": before, "to": str(after), **(details or {})})


def required_reason(reasons: str) -> str:
    """The reason without outer space. Raises ReasonMissing."""
    bare = reasons.strip()
    if not bare:
        raise ReasonMissing
    return bare
