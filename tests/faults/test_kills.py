"""The application and the database killed in the middle of each kind of work; `make faults` does it fifty times each."""

from __future__ import annotations

from tools.faults import KINDS, run


def test_nothing_is_lost_and_nothing_is_done_twice() -> None:
    tallies = dict(run(kills=2, seed=7))
    assert set(tallies) == set(KINDS)
    assert all(tally.kills == 2 for tally in tallies.values())
    assert sum(tally.acknowledged + tally.interrupted for tally in tallies.values()) > 0
