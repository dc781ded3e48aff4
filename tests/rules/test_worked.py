"""Invented spells are the plan's worked cases, some as written and most moved in time."""

from __future__ import annotations

from datetime import date
from random import Random

from jiujin.rules import open_plan
from jiujin.rules.worked import WorkedSpells, awkward_days, worked_spells

PLAN = open_plan("jinan-2022")
SCHEME = PLAN.schemes["flexible-employment"]
FIRST, LAST = date(2022, 1, 1), date(2022, 12, 31)


def test_rows_of_a_case_that_one_person_has_stay_together() -> None:
    base, spells = worked_spells(PLAN, SCHEME)
    assert base["lowest_monthly_income"] == 150000  # fen
    assert (base,) in spells
    assert max(map(len, spells)) == 4  # the case of the fourth time in a year
    assert len(spells) == len({repr(spell) for spell in spells})


def test_rows_of_another_person_in_the_same_case_are_left_out() -> None:
    _, spells = worked_spells(PLAN, PLAN.schemes["stable-employment"])
    assert all(len({row["id_number"] for row in spell}) == 1 for spell in spells)


def test_ordinary_spell_keeps_its_length_and_begins_within_the_period_or_on_an_awkward_day() -> None:
    pick, spells = Random(1), WorkedSpells(PLAN, SCHEME)
    length = spells.base["end_on"] - spells.base["start_on"]
    drawn = [spells.draw(pick) for _ in range(500)]
    moved = [spell[0] for spell in drawn if spell not in spells.cases]
    assert 200 < len(moved) < 400
    for facts in moved:
        assert FIRST <= facts["start_on"] <= LAST or facts["start_on"] in awkward_days(FIRST, LAST)
        assert facts["end_on"] - facts["start_on"] == length
        assert 150000 <= facts["lowest_monthly_income"] <= 210000
    assert len({facts["start_on"] for facts in moved}) > 100


def test_same_seed_draws_the_same() -> None:
    first, second = Random(7), Random(7)
    spells = WorkedSpells(PLAN, SCHEME)
    assert [spells.draw(first) for _ in range(50)] == [spells.draw(second) for _ in range(50)]


def test_awkward_days_are_month_ends_edges_and_the_last_leap_day() -> None:
    days = awkward_days(FIRST, LAST)
    assert {date(2020, 2, 29), date(2021, 12, 31), FIRST, date(2022, 1, 31), date(2022, 2, 28), LAST} <= set(days)
    assert date(2023, 1, 1) in days
    assert len(days) == 11 + 4 + 1
