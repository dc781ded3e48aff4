"""Moves budget from one purse to another."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from jiujin.core.services.record_event import Actor
from jiujin.funds.errors import AmountWrong, ReasonMissing
from jiujin.funds.models import Purse
from jiujin.funds.services.grant_budget import post_budget
from jiujin.funds.services.post_entries import Move


@transaction.atomic
def move_budget(*, request_id: UUID, source: Purse, target: Purse, amount_fen: int, reason: str, actor: Actor) -> None:
    """Move `amount_fen` that nothing is committed from; asked twice with one id is once.

    Raises AmountWrong, ReasonMissing, BudgetShort, YearClosed (the target's), RequestReused.
    """
    if amount_fen <= 0 or source.pk == target.pk:
        raise AmountWrong
    if not reason.strip():
        raise ReasonMissing
    move = Move(request_id, "budget_moved", source.pk, amount_fen, to_purse_id=target.pk, reason=reason.strip())
    post_budget(move, actor=actor, verb="budget_moved")
