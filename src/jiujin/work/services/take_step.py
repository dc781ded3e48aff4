"""Takes one step of a record's table of transitions, and writes its one event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.utils import timezone

from jiujin.core.services.record_event import Actor, record_event
from jiujin.core.transitions import Transition, target_of
from jiujin.work.errors import StepImpossible
from jiujin.work.models import Application, Introduction, Vacancy
from jiujin.work.states import APPLICATION, INTRODUCTION, VACANCY

TABLES: dict[type, tuple[Transition, ...]] = {
    Vacancy: VACANCY,
    Application: APPLICATION,
    Introduction: INTRODUCTION,
}
Stepping = Vacancy | Application | Introduction


def take_step(
    record: Stepping, event: str, *, actor: Actor, details: Mapping[str, Any] | None = None, **changes: Any
) -> None:
    """Move the record where its table says the event leads, with other changes of its row, and write the event.

    The caller holds the record's row locked in its transaction. Raises StepImpossible, and then nothing is written.
    """
    assert connection.in_atomic_block, "a step belongs to a transaction"
    before = record.state
    try:
        after = target_of(TABLES[type(record)], before, event)
    except KeyError as error:
        raise StepImpossible(record._meta.label_lower, str(record.get_state_display()), event) from error
    changes |= {"state": after, "changed_at": timezone.now()}
    for name, value in changes.items():
        setattr(record, name, value)
    record.save(update_fields=list(changes))
    record_event(actor=actor, verb=event, subject=record, details={"from": before, "to": str(after), **(details or {})})
