"""The payee's one confirmation of what a screening found."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F

from jiujin.claims.errors import PayeeMissing, StepDone
from jiujin.claims.models import Claim, Source
from jiujin.claims.services.file_claim import require_fit, scheme_of
from jiujin.claims.services.submit_claim import Sent, submit_claim
from jiujin.claims.states import ClaimState, LineState
from jiujin.claims.steps import require_payee_of
from jiujin.core.plan_in_force import plan_in_force
from jiujin.core.services.record_event import Actor, record_event
from jiujin.registry.models import Organisation


@transaction.atomic
def confirm_screened(
    *,
    claim: Claim,
    actor: Actor,
    now: datetime,
    ids: Iterable[int] | None = None,
    payee: Organisation | None = None,
) -> Sent:
    """Make what was found (or the lines named) the payee's own claim, and send it. Where no record said who is paid, whoever
    confirms at the office says so by `payee`.

    Raises NotAllowed, StepDone where it was confirmed before, PayeeMissing, PayeeUnfit, and as submit_claim does.
    """
    claim = Claim.objects.select_for_update(of=("self",)).select_related("payee").get(pk=claim.pk)
    require_payee_of(actor, claim)
    if claim.source != Source.SCREENING or claim.state != ClaimState.DRAFT:
        first = claim.lines.order_by("position").first()
        raise StepDone(first.pk if first else 0, LineState.SUBMITTED, "line_submitted")
    if claim.payee is None:
        _name_payee(claim, payee)
    sent = submit_claim(claim=claim, actor=actor, now=now, ids=ids, confirmed=True)
    record_event(actor=actor, verb="screened_claim_confirmed", subject=claim, details={"lines": len(sent.lines)})
    return sent


def _name_payee(claim: Claim, payee: Organisation | None) -> None:
    if payee is None:
        raise PayeeMissing
    require_fit(scheme_of(plan_in_force(), claim.scheme), payee)
    claim.payee = payee
    claim.save(update_fields=["payee"])
    claim.lines.update(payee=payee, version=F("version") + 1)
