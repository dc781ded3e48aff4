"""Demands money back of a paid line."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from jiujin.accounts.models import User
from jiujin.claims.models import ClaimLine, Payer
from jiujin.claims.services.lock import locked_lines
from jiujin.claims.states import LineState
from jiujin.core.services.record_event import Actor, record_event
from jiujin.funds.errors import AmountWrong, ReasonMissing, RecoveryImpossible, RequestReused
from jiujin.funds.models import Recovery
from jiujin.funds.services.post_entries import Move, entry_id, post_entries
from jiujin.funds.services.purses import purses_of
from jiujin.funds.states import RecoveryState


@transaction.atomic
def demand_recovery(
    *, recovery_id: UUID, line_id: int, amount_fen: int, reason: str, actor: User, now: datetime
) -> Recovery:
    """Demand `amount_fen` of what was paid; asked twice with one id is once, and one demand is open at a time.

    Raises ReasonMissing, AmountWrong, RecoveryImpossible, RequestReused.
    """
    if not reason.strip():
        raise ReasonMissing
    [line] = locked_lines([line_id])
    if held := Recovery.objects.filter(pk=recovery_id).first():
        if (held.line_id, held.amount_fen) != (line_id, amount_fen):
            raise RequestReused
        return held
    if line.payer != Payer.DISTRICT or line.state not in (LineState.PAID, LineState.RECONCILED):
        raise RecoveryImpossible
    purse_id = purses_of([line.pk]).get(line.pk)
    if purse_id is None or Recovery.objects.filter(line=line, state=RecoveryState.DEMANDED).exists():
        raise RecoveryImpossible
    if not 0 < amount_fen <= (line.amount_fen or 0) - received_fen(line):
        raise AmountWrong
    recovery = Recovery.objects.create(
        id=recovery_id, line=line, amount_fen=amount_fen, reason=reason.strip()[:300], demanded_by=actor
    )
    post_entries([move_of(recovery, "recovery_demanded", purse_id)], actor=actor)
    record_event(
        actor=actor,
        verb="recovery_demanded",
        subject=recovery,
        details={"line": line.pk, "amount_fen": amount_fen},
    )
    return recovery


def received_fen(line: ClaimLine) -> int:
    """What was recovered of a line so far."""
    received = Recovery.objects.filter(line=line, state=RecoveryState.RECEIVED)
    return received.aggregate(total=Sum("amount_fen"))["total"] or 0


def move_of(recovery: Recovery, movement: str, purse_id: int) -> Move:
    """The movement that follows from a recovery's step."""
    return Move(
        entry_id(movement, recovery.pk),
        movement,
        purse_id,
        recovery.amount_fen,
        line_id=recovery.line_id,
        reason=recovery.reason,
    )


def close_recovery(recovery: Recovery, state: str, *, voucher: str, actor: Actor, now: datetime) -> Recovery:
    """Write down how a recovery ended."""
    recovery.state, recovery.closed_by, recovery.closed_at = state, actor, now
    recovery.voucher = voucher.strip()[:80]
    recovery.save(update_fields=["state", "closed_by", "closed_at", "voucher"])
    record_event(
        actor=actor,
        verb=f"recovery_{state}",
        subject=recovery,
        details={"line": recovery.line_id, "amount_fen": recovery.amount_fen},
    )
    return recovery
