"""Revokes an approval that nothing was scheduled of: the line is rejected, and its budget is free again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from jiujin.accounts.models import User
from jiujin.claims.errors import ReasonMissing
from jiujin.claims.models import ClaimLine, Payer
from jiujin.claims.services.lock import locked_lines
from jiujin.claims.services.take_step import take_step
from jiujin.claims.steps import require_step
from jiujin.funds.services.post_entries import Move, entry_id, post_entries
from jiujin.funds.services.purses import purses_of


@transaction.atomic
def revoke_line(*, line_id: int, reasons: str, actor: User, now: datetime, version: int | None = None) -> ClaimLine:
    """Take an approval back. Raises ReasonMissing, LineChanged, StepImpossible, OwnWork, NotAllowed."""
    if not reasons.strip():
        raise ReasonMissing
    [line] = locked_lines([line_id], None if version is None else {line_id: version})
    require_step(actor, [line], "approval")
    take_step([line], "line_revoked", actor=actor, now=now, reasons=reasons.strip())
    if line.payer == Payer.DISTRICT:
        move = Move(
            entry_id("commitment_released", line.pk, line.version),
            "commitment_released",
            purses_of([line.pk])[line.pk],
            line.amount_fen or 0,
            line_id=line.pk,
            reason=reasons.strip()[:300],
        )
        post_entries([move], actor=actor)
    return line
