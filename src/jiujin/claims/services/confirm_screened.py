"""The payee's one confirmation of what a screening found."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from jiujin.claims.errors import StepDone
from jiujin.claims.models import Claim, Source
from jiujin.claims.services.submit_claim import Sent, submit_claim
from jiujin.claims.states import ClaimState, LineState
from jiujin.claims.steps import require_payee_of
from jiujin.core.services.record_event import Actor, record_event


@transaction.atomic
def confirm_screened(*, claim: Claim, actor: Actor, now: datetime, ids: Iterable[int] | None = None) -> Sent:
    """Make what was found (or the lines named) the payee's own claim, and send it.

    Raises NotAllowed, StepDone where it was confirmed before, and as submit_claim does.
    """
    claim = Claim.objects.select_for_update(of=("self",)).select_related("payee").get(pk=claim.pk)
    require_payee_of(actor, claim)
    if claim.source != Source.SCREENING or claim.state != ClaimState.DRAFT:
        first = claim.lines.order_by("position").first()
        raise StepDone(first.pk if first else 0, LineState.SUBMITTED, "line_submitted")
    sent = submit_claim(claim=claim, actor=actor, now=now, ids=ids, confirmed=True)
    record_event(actor=actor, verb="screened_claim_confirmed", subject=claim, details={"lines": len(sent.lines)})
    return sent
