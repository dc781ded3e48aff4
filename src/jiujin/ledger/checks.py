"""Invariants of a book, each its own function over the entries in order; the database's tests and the command line use the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from jiujin.ledger.book import MAY_BE_NEGATIVE, MOVEMENTS, Account, Entry


@dataclass(frozen=True)
class Breach:
    """What does not hold: which check, at which entry, and the facts of it."""

    check: str
    entry_id: str
    facts: str


def entries_balance(entries: Iterable[Entry]) -> Iterator[Breach]:
    """Every entry's postings come to nothing."""
    for entry in entries:
        total_fen = sum(posting.amount_fen for posting in entry.postings)
        if total_fen or not entry.postings:
            yield Breach("entries_balance", entry.id, f"sum {total_fen} fen over {len(entry.postings)} postings")


def entries_move_as_named(entries: Iterable[Entry]) -> Iterator[Breach]:
    """Every entry takes from its movement's source and gives to its target, and no posting is of nothing."""
    for entry in entries:
        way = MOVEMENTS.get(entry.movement)
        if way is None:
            yield Breach("entries_move_as_named", entry.id, f"unknown movement {entry.movement}")
            continue
        for posting in entry.postings:
            stage = way.target if posting.amount_fen > 0 else way.source
            if posting.amount_fen == 0 or posting.account.stage != stage:
                facts = f"{posting.amount_fen} fen on {posting.account.stage}, {entry.movement} wants {stage}"
                yield Breach("entries_move_as_named", entry.id, facts)


def entries_happen_once(entries: Iterable[Entry]) -> Iterator[Breach]:
    """No id stands twice."""
    for entry_id, times in Counter(entry.id for entry in entries).items():
        if times > 1:
            yield Breach("entries_happen_once", entry_id, f"{times} times")


def accounts_stay_covered(entries: Iterable[Entry]) -> Iterator[Breach]:
    """No account but funding is ever below nothing, after any entry."""
    standing: dict[Account, int] = {}
    for entry in entries:
        for posting in entry.postings:
            standing[posting.account] = standing.get(posting.account, 0) + posting.amount_fen
        for account in {posting.account for posting in entry.postings}:
            if standing[account] < 0 and account.stage not in MAY_BE_NEGATIVE:
                facts = f"{account.stage} of {account.purse} at {standing[account]} fen"
                yield Breach("accounts_stay_covered", entry.id, facts)


Check = Callable[[Iterable[Entry]], Iterator[Breach]]
CHECKS: tuple[Check, ...] = (entries_balance, entries_move_as_named, entries_happen_once, accounts_stay_covered)


def breaches(entries: Iterable[Entry]) -> list[Breach]:
    """Everything that does not hold in a book, check by check; a sound book gives nothing.

    The entries are gone over once for each check: a book too large for memory is read anew each time.
    """
    return [breach for check in CHECKS for breach in check(entries)]
