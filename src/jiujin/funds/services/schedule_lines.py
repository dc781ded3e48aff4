"""Schedules approved lines for payment, and takes lines back from there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from jiujin.claims.errors import LineStopped
from jiujin.claims.models import ClaimLine, Payer
from jiujin.claims.services.lock import locked_lines
from jiujin.claims.services.take_step import take_step
from jiujin.claims.steps import require_step
from jiujin.core.bulk import among
from jiujin.core.services.record_event import Actor
from jiujin.funds.errors import LineNotPayable
from jiujin.funds.models import PaymentItem
from jiujin.funds.services.post_entries import Move, entry_id, post_entries
from jiujin.funds.services.purses import purses_of
from jiujin.funds.states import HOLDS_LINE


@transaction.atomic
def schedule_lines(*, ids: Iterable[int], actor: Actor, now: datetime) -> list[ClaimLine]:
    """Make approved lines payable, all or none. Raises StepImpossible, LineStopped, LineNotPayable (the city's), NotAllowed."""
    lines = locked_lines(ids)
    require_step(actor, lines, "scheduling")
    for line in lines:
        if line.payer != Payer.DISTRICT:
            raise LineNotPayable(line.pk)
        if line.is_stopped:
            raise LineStopped(line.pk)
    take_step(lines, "line_scheduled", actor=actor, now=now, as_they_are=True)
    post_entries(_moves(lines, "payable_scheduled"), actor=actor)
    return lines


@transaction.atomic
def unschedule_lines(*, ids: Iterable[int], actor: Actor, now: datetime) -> list[ClaimLine]:
    """Take lines that stand in no batch back to approved. Raises StepImpossible, LineNotPayable, NotAllowed."""
    lines = locked_lines(ids)
    require_step(actor, lines, "scheduling")
    held = PaymentItem.objects.filter(line__in=among(line.pk for line in lines), state__in=HOLDS_LINE).order_by("line")
    if item := held.first():
        raise LineNotPayable(item.line_id)
    take_step(lines, "line_unscheduled", actor=actor, now=now, as_they_are=True)
    post_entries(_moves(lines, "payable_cancelled"), actor=actor)
    return lines


def _moves(lines: Sequence[ClaimLine], movement: str) -> list[Move]:
    purses = purses_of(line.pk for line in lines)
    return [
        Move(
            entry_id(movement, line.pk, line.version), movement, purses[line.pk], line.amount_fen or 0, line_id=line.pk
        )
        for line in lines
    ]
