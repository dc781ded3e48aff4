"""Takes one step of a fair's table of transitions, and writes its one event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection

from jiujin.core.services.record_event import Actor, record_event
from jiujin.core.transitions import target_of
from jiujin.fairs.errors import StepImpossible
from jiujin.fairs.models import Fair
from jiujin.fairs.states import FAIR


def locked_fair(fair: Fair) -> Fair:
    """The fair as it is now, held for the length of the transaction."""
    return Fair.objects.select_for_update().get(pk=fair.pk)


def take_step(
    fair: Fair, event: str, *, actor: Actor, details: Mapping[str, Any] | None = None, **changes: Any
) -> None:
    """Move a locked fair where its table says the event leads, with other changes of its row. Raises StepImpossible."""
    assert connection.in_atomic_block, "a step belongs to a transaction"
    before = fair.state
    try:
        after = target_of(FAIR, before, event)
    except KeyError as error:
        raise StepImpossible(str(fair.get_state_display())) from error
    changes |= {"state": after}
    for name, value in changes.items():
        setattr(fair, name, value)
    fair.save(update_fields=list(changes))
    record_event(actor=actor, verb=event, subject=fair, details={"from": before, "to": str(after), **(details or {})})
