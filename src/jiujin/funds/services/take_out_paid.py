"""Takes a carried-in claim out again, and its money out of the book."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from jiujin.accounts.models import User
from jiujin.claims.models import Claim, ClaimLine
from jiujin.claims.services.take_out_carried import take_out_carried
from jiujin.funds.errors import RecoveryImpossible, YearClosed
from jiujin.funds.models import Purse, Recovery
from jiujin.funds.services.post_entries import Move, entry_id, post_entries
from jiujin.funds.services.purses import purses_of
from jiujin.funds.states import RecoveryState

WAY_BACK = ("payment_returned", "payable_cancelled", "commitment_released")


@transaction.atomic
def take_out_paid(*, claim: Claim, reasons: str, actor: User, now: datetime) -> int:
    """Withdraw the claim's lines and give what the book has of them back to the budget; gives how many lines. Twice is once.

    Raises ReasonMissing, NotAllowed, NotCarriedIn, RecoveryImpossible where money of a line was asked back, YearClosed.
    """
    asked = Recovery.objects.filter(line__claim=claim).exclude(state=RecoveryState.DROPPED)
    if asked.exists():
        raise RecoveryImpossible
    lines = take_out_carried(claim=claim, reasons=reasons, actor=actor, now=now)
    purses = purses_of([line.pk for line in lines])
    if closed := Purse.objects.filter(pk__in=purses.values()).exclude(closing=None).order_by("year").first():
        raise YearClosed(closed.year)
    booked = [line for line in lines if line.pk in purses]
    for movement in WAY_BACK:
        post_entries(_moves(booked, movement, purses, reasons.strip()), actor=actor)
    return len(lines)


def _moves(lines: Sequence[ClaimLine], movement: str, purses: dict[int, int], reasons: str) -> list[Move]:
    return [
        Move(
            entry_id("taken_out", movement, line.pk),
            movement,
            purses[line.pk],
            line.amount_fen or 0,
            line_id=line.pk,
            reason=reasons[:300],
        )
        for line in lines
    ]
