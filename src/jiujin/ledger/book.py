"""Accounts, postings and the movements between stages of money.

A balance is the sum of an account's postings in fen. Money enters from `FUNDING`, which alone may be below nothing: its balance is
what was granted, with a minus. Everything else is where that money now stands, so that all accounts together are always nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """Where money stands."""

    FUNDING = "funding"
    BUDGET = "budget"
    COMMITTED = "committed"
    PAYABLE = "payable"
    IN_TRANSIT = "in_transit"
    PAID = "paid"
    RECOVERABLE = "recoverable"


MAY_BE_NEGATIVE = frozenset({Stage.FUNDING})


@dataclass(frozen=True, order=True)
class Account:
    """Money at one stage of one purse; a purse is what a budget is granted to (a fund, a scheme, a township, a year)."""

    purse: str
    stage: Stage


@dataclass(frozen=True)
class Posting:
    """What one entry adds to one account, in fen; a minus takes away."""

    account: Account
    amount_fen: int


@dataclass(frozen=True)
class Entry:
    """One happening: its own id (made by whoever asks, so that asked twice is once), what it is, and its postings."""

    id: str
    movement: str
    postings: tuple[Posting, ...]


@dataclass(frozen=True)
class Movement:
    """One way that money may take, from a stage to another."""

    source: Stage
    target: Stage


MOVEMENTS: dict[str, Movement] = {
    "budget_granted": Movement(Stage.FUNDING, Stage.BUDGET),
    "budget_withdrawn": Movement(Stage.BUDGET, Stage.FUNDING),
    "budget_moved": Movement(Stage.BUDGET, Stage.BUDGET),  # between purses: another township, the next year
    "commitment_made": Movement(Stage.BUDGET, Stage.COMMITTED),
    "commitment_released": Movement(Stage.COMMITTED, Stage.BUDGET),
    "payable_scheduled": Movement(Stage.COMMITTED, Stage.PAYABLE),
    "payable_cancelled": Movement(Stage.PAYABLE, Stage.COMMITTED),
    "payment_reserved": Movement(Stage.PAYABLE, Stage.IN_TRANSIT),
    "payment_settled": Movement(Stage.IN_TRANSIT, Stage.PAID),
    "payment_released": Movement(Stage.IN_TRANSIT, Stage.PAYABLE),
    "payment_returned": Movement(Stage.PAID, Stage.PAYABLE),
    "recovery_demanded": Movement(Stage.PAID, Stage.RECOVERABLE),
    "recovery_dropped": Movement(Stage.RECOVERABLE, Stage.PAID),
    "recovery_received": Movement(Stage.RECOVERABLE, Stage.BUDGET),
}


def entry_of(*, id: str, movement: str, purse: str, amount_fen: int, to_purse: str | None = None) -> Entry:
    """The entry that moves `amount_fen` (above nothing) along a movement; between purses only where the budget moves.

    Raises KeyError for an unknown movement, ValueError for an amount or a second purse that cannot be.
    """
    way = MOVEMENTS[movement]
    if amount_fen <= 0:
        raise ValueError("a movement moves more than nothing")
    between = way.source == way.target
    if between == (to_purse in (None, purse)):
        raise ValueError("a second purse is named where, and only where, the budget moves between purses")
    source, target = Account(purse, way.source), Account(to_purse or purse, way.target)
    return Entry(id, movement, (Posting(source, -amount_fen), Posting(target, amount_fen)))


def balances(entries: Iterable[Entry]) -> dict[Account, int]:
    """What stands on each account after these entries, in fen."""
    found: dict[Account, int] = {}
    for entry in entries:
        for posting in entry.postings:
            found[posting.account] = found.get(posting.account, 0) + posting.amount_fen
    return found
