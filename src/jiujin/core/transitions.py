"""Ways between states: a room that moves records has a table of them in its `states.py`, and looks a way up here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar


@dataclass(frozen=True)
class Transition:
    """One way between states: what happens, and who makes it happen."""

    source: str
    event: str
    target: str
    by: str


Way = TypeVar("Way", bound=Transition)


def way_of(table: Iterable[Way], source: str, event: str) -> Way:
    """The way that an event takes from a state. Raises KeyError where there is none."""
    for way in table:
        if (way.source, way.event) == (source, event):
            return way
    raise KeyError((source, event))


def target_of(table: Iterable[Transition], source: str, event: str) -> str:
    """The state an event leads to. Raises KeyError where the event cannot happen in that state."""
    return way_of(table, source, event).target
