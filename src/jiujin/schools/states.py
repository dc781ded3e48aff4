"""The states of an intake's list, and every way from one to another."""

from __future__ import annotations

from dataclasses import dataclass

from jiujin.schools.models import IntakeState


@dataclass(frozen=True)
class Transition:
    """One way between states: what happens, and who makes it happen."""

    source: str
    event: str
    target: str
    by: str


INTAKE = (
    Transition(IntakeState.OPEN, "intake_stamped", IntakeState.STAMPED, "school"),
    Transition(IntakeState.RETURNED, "intake_stamped", IntakeState.STAMPED, "school"),
    Transition(IntakeState.STAMPED, "intake_returned", IntakeState.RETURNED, "city"),
    Transition(IntakeState.STAMPED, "intake_reviewed", IntakeState.REVIEWED, "city"),
    Transition(IntakeState.REVIEWED, "intake_paid", IntakeState.PAID, "city"),
)
CHANGEABLE = (IntakeState.OPEN, IntakeState.RETURNED)


def target_of(source: str, event: str) -> str:
    """The state an event leads to. Raises KeyError where the event cannot happen in that state."""
    for transition in INTAKE:
        if (transition.source, transition.event) == (source, event):
            return transition.target
    raise KeyError((source, event))
