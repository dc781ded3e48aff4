"""Posts movements of money into the book."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from jiujin.core.bulk import among, copy_rows
from jiujin.core.services.record_event import Actor
from jiujin.funds.errors import BudgetShort
from jiujin.funds.models import LedgerEntry, Posting, Purse
from jiujin.ledger import entry_of

NAMESPACE = UUID("6f3c1c56-2b0f-4f0e-9a5e-0d6f6a3d2f11")


@dataclass(frozen=True)
class Move:
    """A movement to post: its id (asked twice is once), which way, from which purse, how much, and what it is about."""

    id: UUID
    movement: str
    purse_id: int
    amount_fen: int
    to_purse_id: int | None = None
    line_id: int | None = None
    item_id: UUID | None = None
    reason: str = ""


def entry_id(*parts: object) -> UUID:
    """The id of the entry that follows from these parts, the same each time it is asked for."""
    return uuid.uuid5(NAMESPACE, "|".join(str(part) for part in parts))


def post_entries(moves: Sequence[Move], *, actor: Actor) -> list[UUID]:
    """Post movements in one go, those that stand already left out; gives the ids that are new.

    The purses are locked in the order of their ids, so that entries of one purse have their places in the order in which
    its money moved. The caller records the event. Raises BudgetShort where an account would go below nothing; then nothing
    of this call is posted.
    """
    assert connection.in_atomic_block
    if not moves:
        return []
    purses = {move.purse_id for move in moves} | {move.to_purse_id for move in moves if move.to_purse_id is not None}
    list(Purse.objects.select_for_update().filter(pk__in=purses).order_by("pk"))
    there = set(
        LedgerEntry.objects.filter(pk__in=among((move.id for move in moves), kind="uuid")).values_list("pk", flat=True)
    )
    fresh = list({move.id: move for move in moves if move.id not in there}.values())
    who = actor if isinstance(actor, str) else f"user:{actor.pk}"
    try:
        with transaction.atomic():
            copy_rows(
                LedgerEntry,
                ["id", "movement", "line_id", "item_id", "reason", "actor"],
                ((move.id, move.movement, move.line_id, move.item_id, move.reason, who) for move in fresh),
            )
            postings = (posting for move in fresh for posting in _postings(move))
            copy_rows(Posting, ["entry_id", "purse_id", "stage", "amount_fen"], postings)
    except IntegrityError as error:
        if "account_stays_covered" in str(error):
            raise BudgetShort(sorted(purses)) from None
        raise
    return [move.id for move in fresh]


def _postings(move: Move) -> list[tuple[UUID, int, str, int]]:
    """The rows of a movement's two postings."""
    to_purse = None if move.to_purse_id is None else str(move.to_purse_id)
    entry = entry_of(
        id=str(move.id),
        movement=move.movement,
        purse=str(move.purse_id),
        amount_fen=move.amount_fen,
        to_purse=to_purse,
    )
    return [
        (move.id, int(posting.account.purse), posting.account.stage.value, posting.amount_fen)
        for posting in entry.postings
    ]
