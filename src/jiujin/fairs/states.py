"""The states of a fair, and every way from one to another."""

from __future__ import annotations

from jiujin.core.transitions import Transition
from jiujin.fairs.models import FairState

FAIR = (
    Transition(FairState.PLANNED, "fair_changed", FairState.PLANNED, "host"),
    Transition(FairState.PLANNED, "fair_approved", FairState.APPROVED, "another officer"),
    Transition(FairState.PLANNED, "fair_cancelled", FairState.CANCELLED, "host"),
    Transition(FairState.APPROVED, "fair_cancelled", FairState.CANCELLED, "host"),
    Transition(FairState.APPROVED, "fair_held", FairState.HELD, "host"),
)
TAKES_SIGN_INS = (FairState.APPROVED, FairState.HELD)  # a phone may send late what it kept on the day
