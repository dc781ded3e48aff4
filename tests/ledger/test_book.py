"""The ledger engine: lawful movements keep every check, and each kind of damage is found by its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiujin.ledger import MOVEMENTS, Account, Entry, Posting, Stage, balances, breaches, entry_of

PURSES = ("flexible/2022", "stable/2022", "flexible/2023")


@st.composite
def lawful_books(draw: Any) -> list[Entry]:
    """Books in which each movement is drawn among those that the balances of a plain model allow."""
    model = {(purse, stage): 0 for purse in PURSES for stage in Stage}
    entries: list[Entry] = []
    for number in range(draw(st.integers(1, 25))):
        purse = draw(st.sampled_from(PURSES))
        able = [name for name, way in MOVEMENTS.items() if way.source == Stage.FUNDING or model[purse, way.source] > 0]
        name = draw(st.sampled_from(sorted(able)))
        way = MOVEMENTS[name]
        ceiling = 10**12 if way.source == Stage.FUNDING else model[purse, way.source]
        amount = draw(st.integers(1, ceiling))
        other = draw(st.sampled_from([p for p in PURSES if p != purse])) if way.source == way.target else None
        entries.append(entry_of(id=f"e{number}", movement=name, purse=purse, amount_fen=amount, to_purse=other))
        model[purse, way.source] -= amount
        model[other or purse, way.target] += amount
    return entries


@given(lawful_books())
def test_lawful_book_passes_every_check_and_money_is_neither_made_nor_lost(entries: list[Entry]) -> None:
    assert breaches(entries) == []
    standing = balances(entries)
    assert sum(standing.values()) == 0
    assert all(fen >= 0 for account, fen in standing.items() if account.stage != Stage.FUNDING)


BOOK = [
    entry_of(id="1", movement="budget_granted", purse="p", amount_fen=1000),
    entry_of(id="2", movement="commitment_made", purse="p", amount_fen=600),
    entry_of(id="3", movement="payable_scheduled", purse="p", amount_fen=600),
]


@pytest.mark.parametrize(
    ("damage", "check", "entry_id"),
    [
        (lambda b: [*b, replace(b[2], id="4", postings=b[2].postings[:1])], "entries_balance", "4"),
        (lambda b: [*b, Entry("4", "commitment_made", ())], "entries_balance", "4"),
        (lambda b: [*b, b[2]], "entries_happen_once", "3"),
        (lambda b: [b[0], b[2], b[1]], "accounts_stay_covered", "3"),
        (lambda b: [*b, replace(b[1], id="4")], "accounts_stay_covered", "4"),
        (lambda b: [b[0], replace(b[1], movement="payable_scheduled")], "entries_move_as_named", "2"),
        (lambda b: [b[0], replace(b[1], movement="magic")], "entries_move_as_named", "2"),
        (
            lambda b: [*b, Entry("4", "commitment_made", (Posting(Account("p", Stage.BUDGET), 0),))],
            "entries_move_as_named",
            "4",
        ),
    ],
)
def test_each_kind_of_damage_is_found(damage: Any, check: str, entry_id: str) -> None:
    assert (check, entry_id) in {(breach.check, breach.entry_id) for breach in breaches(damage(BOOK))}


@pytest.mark.parametrize(
    "given_fields",
    [
        {"amount_fen": 0},
        {"amount_fen": -1},
        {"to_purse": "other"},
        {"movement": "budget_moved"},
        {"movement": "budget_moved", "to_purse": "p"},
    ],
)
def test_movement_that_cannot_be_is_refused(given_fields: dict[str, Any]) -> None:
    usual: dict[str, Any] = {"id": "1", "movement": "commitment_made", "purse": "p", "amount_fen": 1}
    with pytest.raises(ValueError):
        entry_of(**{**usual, **given_fields})
