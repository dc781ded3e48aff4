"""docs/states.md is what the tables of transitions say."""

from __future__ import annotations

from types import SimpleNamespace

from jiujin.registry.states import CORRECTION, TRANSITIONS
from jiujin.work.states import APPLICATION, VACANCY, VacancyState
from tools import states


def test_page_shows_the_tables_as_they_are() -> None:
    assert states.PAGE.read_text(encoding="utf-8") == states.page(states.tables()), "run python tools/states.py"


def test_every_way_of_every_table_is_an_arrow_of_the_page() -> None:
    page = states.PAGE.read_text(encoding="utf-8")
    for table in (VACANCY, APPLICATION, TRANSITIONS, CORRECTION):
        for way in table:
            assert f"{way.source.value} --> {way.target.value}: {way.event} ({way.by})" in page  # type: ignore[union-attr]
    for state in VacancyState:
        assert f"{state.value}: {state.label} ({state.value})" in page


def test_table_begins_where_nothing_leads_and_ends_where_nothing_leaves() -> None:
    ways = (SimpleNamespace(source="a", event="begun", target="b", by="worker"),)
    drawn = states.page([states.Table("jiujin.room.states", "TABLE", states._ways(ways))])
    assert "[*] --> a\n" in drawn and "b --> [*]" in drawn and "## room: table" in drawn


def test_what_is_no_table_is_left_out() -> None:
    for value in ((), ("a", "b"), {"event": "b"}, {}, frozenset({"a"}), VacancyState):
        assert states._ways(value) == ()
