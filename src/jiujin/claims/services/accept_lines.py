"""Accepts lines: they are complete in form, and the reviews begin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from jiujin.claims.models import ClaimLine
from jiujin.claims.services.lock import locked_lines
from jiujin.claims.services.take_step import take_step
from jiujin.claims.steps import require_step
from jiujin.core.services.record_event import Actor


@transaction.atomic
def accept_lines(
    *, ids: Iterable[int], actor: Actor, now: datetime, versions: Mapping[int, int] | None = None
) -> list[ClaimLine]:
    """Accept submitted lines. Raises NotAllowed, LineChanged, StepImpossible."""
    lines = locked_lines(ids, versions)
    require_step(actor, lines, "acceptance")
    take_step(lines, "line_accepted", actor=actor, now=now)
    return lines
