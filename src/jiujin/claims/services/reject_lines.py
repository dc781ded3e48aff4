"""Rejects lines, with reasons; against it the payee may appeal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from jiujin.claims.errors import ReasonMissing
from jiujin.claims.models import ClaimLine
from jiujin.claims.services.keep_judgement import keep_judgement
from jiujin.claims.services.lock import locked_lines
from jiujin.claims.services.take_step import take_step
from jiujin.claims.steps import require_state_step
from jiujin.core.plan_in_force import plan_in_force
from jiujin.core.services.record_event import Actor


@transaction.atomic
def reject_lines(
    *, ids: Iterable[int], reasons: str, actor: Actor, now: datetime, versions: Mapping[int, int] | None = None
) -> list[ClaimLine]:
    """Reject lines on what is judged inside the transaction; whoever takes the step that they wait for may.

    `queries.refusal` gives the whole text for the payee: these reasons, the rules', the clause and the way to appeal.
    Raises ReasonMissing, NotAllowed, OwnWork, LineChanged, StepImpossible.
    """
    if not reasons.strip():
        raise ReasonMissing
    lines = locked_lines(ids, versions)
    plan = plan_in_force()
    require_state_step(actor, lines, plan)
    keep_judgement(lines, now=now, take_places=False, plan=plan)
    for line in lines:
        line.is_stopped = False
    take_step(lines, "line_rejected", actor=actor, now=now, reasons=reasons.strip())
    return lines
