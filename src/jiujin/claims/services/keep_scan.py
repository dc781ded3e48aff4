"""Ties a claim to the scan of its stamped paper."""

from __future__ import annotations

from django.db import transaction

from jiujin.claims.models import Claim
from jiujin.claims.steps import require_payee_of
from jiujin.core.services.record_event import Actor, record_event
from jiujin.registry.models import EvidenceFile


@transaction.atomic
def keep_scan(*, claim: Claim, scan: EvidenceFile, actor: Actor) -> Claim:
    """The claim's stamped paper is this file from now on; one kept before stays among the evidence. Raises NotAllowed."""
    held = Claim.objects.select_for_update(of=("self",)).select_related("payee").get(pk=claim.pk)
    require_payee_of(actor, held)
    if held.stamped_scan_id != scan.pk:
        held.stamped_scan = scan
        held.save(update_fields=["stamped_scan"])
        record_event(actor=actor, verb="scan_kept", subject=held, details={"evidence": str(scan.pk), "sm3": scan.sm3})
    return held
