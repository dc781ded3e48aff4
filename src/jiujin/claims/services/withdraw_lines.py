"""Takes lines back, before they are approved."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from jiujin.claims.models import Claim, ClaimLine
from jiujin.claims.services.lock import locked_lines
from jiujin.claims.services.take_step import take_step
from jiujin.claims.states import ClaimState, LineState
from jiujin.claims.steps import require_payee_of
from jiujin.core.services.record_event import Actor, record_event


@transaction.atomic
def withdraw_lines(*, ids: Iterable[int], actor: Actor, now: datetime, reasons: str = "") -> list[ClaimLine]:
    """Withdraw lines of the payee; a claim without another line is withdrawn with its last. Raises NotAllowed, StepImpossible."""
    ids = list(ids)
    claims = Claim.objects.filter(pk__in=ClaimLine.objects.filter(pk__in=ids).order_by().values("claim"))
    for claim in claims.select_for_update(of=("self",)).select_related("payee").order_by("pk"):
        require_payee_of(actor, claim)
    lines = locked_lines(ids)
    for line in lines:
        line.is_stopped = False
    take_step(lines, "line_withdrawn", actor=actor, now=now, reasons=reasons.strip())
    for claim_id in sorted({line.claim_id for line in lines}):
        _withdraw_whole(claim_id, actor)
    return lines


def _withdraw_whole(claim_id: object, actor: Actor) -> None:
    claim = Claim.objects.get(pk=claim_id)
    if not claim.lines.exclude(state=LineState.WITHDRAWN).exists():
        claim.state = ClaimState.WITHDRAWN
        claim.save(update_fields=["state"])
        record_event(actor=actor, verb="claim_withdrawn", subject=claim)
