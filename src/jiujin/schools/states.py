"""The states of an intake's list, and every way from one to another."""

from __future__ import annotations

from jiujin.core.transitions import Transition
from jiujin.schools.models import IntakeState

INTAKE = (
    Transition(IntakeState.OPEN, "intake_stamped", IntakeState.STAMPED, "school"),
    Transition(IntakeState.RETURNED, "intake_stamped", IntakeState.STAMPED, "school"),
    Transition(IntakeState.STAMPED, "intake_returned", IntakeState.RETURNED, "city"),
    Transition(IntakeState.STAMPED, "intake_reviewed", IntakeState.REVIEWED, "city"),
    Transition(IntakeState.REVIEWED, "intake_paid", IntakeState.PAID, "city"),
)
CHANGEABLE = (IntakeState.OPEN, IntakeState.RETURNED)
