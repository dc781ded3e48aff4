"""Books lines that were paid before this program came: their amounts count against the budget as paid."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from jiujin.accounts.models import User
from jiujin.claims.models import ClaimLine, Payer
from jiujin.claims.services.lock import locked_lines
from jiujin.claims.states import LineState
from jiujin.core.plan_in_force import plan_in_force
from jiujin.core.services.record_events import record_events
from jiujin.funds.errors import LineNotPayable
from jiujin.funds.services.post_entries import Move, entry_id, post_entries
from jiujin.funds.services.purses import purses_for

WAY = ("commitment_made", "payable_scheduled", "payment_reserved", "payment_settled")


@transaction.atomic
def book_carried_in(*, line_ids: Iterable[int], actor: User, now: datetime) -> int:
    """Post carried-in, paid lines of the district through to paid, from the purses that hold their budget; gives what was
    booked now, in fen. Asked twice is once.

    The budget granted is the whole year's, what was spent before included, so that the balance is the finance office's.
    Raises LineNotPayable (a line that was not carried in as paid), PurseMissing, BudgetShort.
    """
    lines = [line for line in locked_lines(line_ids) if line.payer == Payer.DISTRICT and line.amount_fen]
    for line in lines:
        if not line.is_carried_in or line.state not in (LineState.PAID, LineState.RECONCILED):
            raise LineNotPayable(line.pk)
    booked = {uuid for movement in WAY for uuid in _post(lines, movement, actor)}
    fresh = [line for line in lines if entry_id("carried_in", WAY[-1], line.pk) in booked]
    details = [{"amount_fen": line.amount_fen} for line in fresh]
    record_events(actor=actor, verb="line_booked_as_carried_in", subjects=fresh, details=details)
    return sum(line.amount_fen or 0 for line in fresh)


def _post(lines: Sequence[ClaimLine], movement: str, actor: User) -> list[object]:
    purses = purses_for(lines, plan_in_force())
    moves = [
        Move(
            entry_id("carried_in", movement, line.pk),
            movement,
            purses[line.pk].pk,
            line.amount_fen or 0,
            line_id=line.pk,
            reason="期初结转",
        )
        for line in lines
    ]
    return list(post_entries(moves, actor=actor))
