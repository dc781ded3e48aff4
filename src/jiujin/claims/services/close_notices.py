"""Ends the notices whose last day is over: their lines go on, but for those that an objection holds up."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from jiujin.claims.models import ClaimLine
from jiujin.claims.services.lock import locked_lines
from jiujin.claims.services.settle_corrections import settle_corrections
from jiujin.claims.services.take_step import take_step
from jiujin.claims.states import LineState
from jiujin.core.services.record_event import Actor

BATCH = 1000


def close_notices(*, now: datetime, actor: Actor = "system:notices") -> int:
    """Take every line whose notices are all over out of notice; gives their number. Each BATCH is a transaction of its own."""
    today = timezone.localdate(now)
    over = (
        ClaimLine.objects.filter(state=LineState.IN_NOTICE, is_stopped=False)
        .exclude(notices__notice__closes_on__gte=today)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    closed = 0
    while ids := list(over[:BATCH]):
        closed += _close(ids, now=now, actor=actor)
    return closed


@transaction.atomic
def _close(ids: list[int], *, now: datetime, actor: Actor) -> int:
    lines = [line for line in locked_lines(ids) if line.state == LineState.IN_NOTICE and not line.is_stopped]
    take_step(lines, "line_noticed", actor=actor, now=now)
    settle_corrections(lines, actor=actor, now=now)
    return len(lines)
