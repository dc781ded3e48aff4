"""Reconciles paid lines: what the line says, what the book says and what the payment says are one amount."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from jiujin.claims.models import ClaimLine
from jiujin.claims.services.lock import locked_lines
from jiujin.claims.services.take_step import take_step
from jiujin.claims.steps import require_step
from jiujin.core.services.record_event import Actor
from jiujin.funds.errors import LineNotPayable
from jiujin.funds.models import CityPayment, PaymentItem, Recovery
from jiujin.funds.states import ItemState, RecoveryState


@transaction.atomic
def reconcile_lines(*, ids: Iterable[int], actor: Actor, now: datetime) -> list[ClaimLine]:
    """Reconcile, all or none. Raises StepImpossible, NotAllowed, and LineNotPayable where the amounts are not one."""
    lines = locked_lines(ids)
    require_step(actor, lines, "reconciliation")
    wanted = [line.pk for line in lines]
    items = PaymentItem.objects.filter(line__in=wanted, state=ItemState.SETTLED)
    paid = dict(items.values_list("line_id", "amount_fen"))
    paid |= dict(CityPayment.objects.filter(line__in=wanted).values_list("line_id", "amount_fen"))
    demanded = set(
        Recovery.objects.filter(line__in=wanted, state=RecoveryState.DEMANDED).values_list("line_id", flat=True)
    )
    for line in lines:
        if line.pk in demanded or (not line.is_carried_in and paid.get(line.pk) != line.amount_fen):
            raise LineNotPayable(line.pk)
    take_step(lines, "line_reconciled", actor=actor, now=now, as_they_are=True)
    return lines
