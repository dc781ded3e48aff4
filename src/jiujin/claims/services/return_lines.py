"""Sends lines back to the payee for correction, each by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from jiujin.claims.errors import ReasonMissing
from jiujin.claims.models import ClaimLine
from jiujin.claims.services.lock import locked_lines
from jiujin.claims.services.take_step import take_step
from jiujin.claims.steps import require_state_step
from jiujin.core.plan_in_force import plan_in_force
from jiujin.core.services.record_event import Actor


@transaction.atomic
def return_lines(
    *, ids: Iterable[int], reasons: str, actor: Actor, now: datetime, versions: Mapping[int, int] | None = None
) -> list[ClaimLine]:
    """Return lines for correction; whoever takes the step that they wait for may. Their places become free.

    Raises ReasonMissing, NotAllowed, LineChanged, StepImpossible.
    """
    if not reasons.strip():
        raise ReasonMissing
    lines = locked_lines(ids, versions)
    require_state_step(actor, lines, plan_in_force())
    for line in lines:
        line.is_stopped = False
    take_step(lines, "line_returned", actor=actor, now=now, reasons=reasons.strip())
    return lines
