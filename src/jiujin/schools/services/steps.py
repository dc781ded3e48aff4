"""Lists held for a change, and steps of their table of transitions, each with its one event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jiujin.core.services.record_event import Actor, record_event
from jiujin.core.transitions import target_of
from jiujin.schools.errors import StepImpossible
from jiujin.schools.models import Intake
from jiujin.schools.states import INTAKE


def held(intake: Intake) -> Intake:
    """The list as it is now, held until the transaction ends."""
    return Intake.objects.select_for_update(of=("self",)).select_related("school").get(pk=intake.pk)


def take_step(intake: Intake, event: str, actor: Actor, details: Mapping[str, Any], **changes: Any) -> None:
    """Move a held list where its table says the event leads, with other changes of its row. Raises StepImpossible."""
    before = intake.state
    try:
        after = target_of(INTAKE, before, event)
    except KeyError as error:
        raise StepImpossible(str(intake.get_state_display()), event) from error
    for name, value in {"state": after, **changes}.items():
        setattr(intake, name, value)
    intake.save(update_fields=["state", *changes])
    record_event(actor=actor, verb=event, subject=intake, details={"from": before, "to": str(after), **details})
