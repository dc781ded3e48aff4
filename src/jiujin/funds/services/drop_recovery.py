"""Gives up a demand: the money stays paid."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from jiujin.accounts.models import User
from jiujin.claims.services.lock import locked_lines
from jiujin.funds.errors import NeedsAnother, ReasonMissing, RecoveryImpossible
from jiujin.funds.models import Recovery
from jiujin.funds.services.demand_recovery import close_recovery, move_of
from jiujin.funds.services.post_entries import post_entries
from jiujin.funds.services.purses import purses_of
from jiujin.funds.states import RecoveryState


@transaction.atomic
def drop_recovery(*, recovery: Recovery, reason: str, actor: User, now: datetime) -> Recovery:
    """Drop a demand that somebody else made; asked twice is once. Raises ReasonMissing, NeedsAnother, RecoveryImpossible."""
    if not reason.strip():
        raise ReasonMissing
    [line] = locked_lines([recovery.line_id])
    recovery = Recovery.objects.select_for_update().get(pk=recovery.pk)
    if recovery.state == RecoveryState.DROPPED:
        return recovery
    if recovery.state != RecoveryState.DEMANDED:
        raise RecoveryImpossible
    if actor.pk == recovery.demanded_by_id:
        raise NeedsAnother
    post_entries([move_of(recovery, "recovery_dropped", purses_of([line.pk])[line.pk])], actor=actor)
    return close_recovery(recovery, RecoveryState.DROPPED, voucher=reason, actor=actor, now=now)
