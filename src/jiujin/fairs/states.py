"""The states of a fair, and every way from one to another."""

from __future__ import annotations

from dataclasses import dataclass

from jiujin.fairs.models import FairState


@dataclass(frozen=True)
class Transition:
    """One way between states: what happens, and who makes it happen."""

    source: str
    event: str
    target: str
    by: str


FAIR = (
    Transition(FairState.PLANNED, "fair_changed", FairState.PLANNED, "host"),
    Transition(FairState.PLANNED, "fair_approved", FairState.APPROVED, "another officer"),
    Transition(FairState.PLANNED, "fair_cancelled", FairState.CANCELLED, "host"),
    Transition(FairState.APPROVED, "fair_cancelled", FairState.CANCELLED, "host"),
    Transition(FairState.APPROVED, "fair_held", FairState.HELD, "host"),
)
TAKES_SIGN_INS = (FairState.APPROVED, FairState.HELD)  # a phone may send late what it kept on the day


def target_of(source: str, event: str) -> str:
    """The state an event leads to. Raises KeyError where the event cannot happen in that state."""
    for transition in FAIR:
        if (transition.source, transition.event) == (source, event):
            return transition.target
    raise KeyError((source, event))
