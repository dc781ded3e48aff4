"""A way between states is looked up in one place, and every room's table is of that kind."""

from __future__ import annotations

import pytest

from jiujin.core.transitions import Transition, target_of, way_of
from tools.states import tables

TABLE = (Transition("open", "sent", "waiting", "school"), Transition("waiting", "sent_back", "open", "city"))


def test_event_leads_where_the_table_says() -> None:
    assert target_of(TABLE, "open", "sent") == "waiting"
    assert way_of(TABLE, "waiting", "sent_back") is TABLE[1]


@pytest.mark.parametrize(("source", "event"), [("open", "sent_back"), ("waiting", "sent"), ("gone", "sent")])
def test_event_without_a_way_is_a_key_error(source: str, event: str) -> None:
    with pytest.raises(KeyError):
        target_of(TABLE, source, event)


def test_no_table_of_a_room_has_two_ways_for_one_event_of_a_state() -> None:
    for table in tables():
        ways = [(way.source, way.event) for way in table.ways]
        assert len(set(ways)) == len(ways), table.module
