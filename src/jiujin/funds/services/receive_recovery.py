"""Notes that demanded money came back: it is budget again, and a line of which all came back is recovered."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from jiujin.accounts.models import User
from jiujin.claims.services.lock import locked_lines
from jiujin.claims.services.take_step import take_step
from jiujin.funds.errors import ReasonMissing, RecoveryImpossible
from jiujin.funds.models import Recovery
from jiujin.funds.services.demand_recovery import close_recovery, move_of, received_fen
from jiujin.funds.services.post_entries import post_entries
from jiujin.funds.services.purses import purses_of
from jiujin.funds.states import RecoveryState


@transaction.atomic
def receive_recovery(*, recovery: Recovery, voucher: str, actor: User, now: datetime) -> Recovery:
    """Note it by the voucher's number; asked twice is once. Raises ReasonMissing (no voucher), RecoveryImpossible."""
    if not voucher.strip():
        raise ReasonMissing
    [line] = locked_lines([recovery.line_id])
    recovery = Recovery.objects.select_for_update().get(pk=recovery.pk)
    if recovery.state == RecoveryState.RECEIVED and recovery.voucher == voucher.strip()[:80]:
        return recovery
    if recovery.state != RecoveryState.DEMANDED:
        raise RecoveryImpossible
    post_entries([move_of(recovery, "recovery_received", purses_of([line.pk])[line.pk])], actor=actor)
    close_recovery(recovery, RecoveryState.RECEIVED, voucher=voucher, actor=actor, now=now)
    if received_fen(line) == line.amount_fen:
        take_step([line], "line_recovered", actor=actor, now=now, reasons=recovery.reason)
    return recovery
