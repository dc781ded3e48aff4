"""Takes back a part of a purse's budget that nothing is committed from."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from jiujin.core.services.record_event import Actor
from jiujin.funds.errors import AmountWrong, ReasonMissing
from jiujin.funds.models import Purse
from jiujin.funds.services.grant_budget import post_budget
from jiujin.funds.services.post_entries import Move


@transaction.atomic
def withdraw_budget(*, request_id: UUID, purse: Purse, amount_fen: int, reason: str, actor: Actor) -> Purse:
    """Give `amount_fen` of the budget back to who granted it; asked twice with one id is once.

    Raises AmountWrong, ReasonMissing, BudgetShort, RequestReused.
    """
    if amount_fen <= 0:
        raise AmountWrong
    if not reason.strip():
        raise ReasonMissing
    move = Move(request_id, "budget_withdrawn", purse.pk, amount_fen, reason=reason.strip())
    post_budget(move, actor=actor, verb="budget_withdrawn")
    return purse
