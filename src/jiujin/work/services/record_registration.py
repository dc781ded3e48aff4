"""Records that a placement stands on the province's employment service platform."""

from __future__ import annotations

from django.db import transaction

from jiujin.core.proof import Proof
from jiujin.core.services.record_event import Actor, record_event
from jiujin.work.errors import ReferenceMissing
from jiujin.work.models import Placement, Registration, RegistrationKind


@transaction.atomic
def record_registration(
    *,
    placement: Placement,
    kind: RegistrationKind,
    actor: Actor,
    reference_number: str = "",
    proof: Proof = Proof.DECLARED,
) -> Registration:
    """Record a registration with its number on the platform; recorded again, it is corrected. Raises ReferenceMissing."""
    if proof == Proof.VERIFIED and not reference_number.strip():
        raise ReferenceMissing
    recorded, _ = Registration.objects.update_or_create(
        placement=placement,
        kind=kind,
        defaults={"reference_number": reference_number.strip(), "proof": proof},
    )
    details = {"kind": str(kind), "reference_number": recorded.reference_number, "proof": int(proof)}
    record_event(actor=actor, verb="registration_recorded", subject=placement, details=details)
    return recorded


@transaction.atomic
def remove_registration(*, registration: Registration, actor: Actor) -> None:
    """Take back a registration that was recorded by mistake; the event keeps what it said."""
    details = {"kind": registration.kind, "reference_number": registration.reference_number}
    record_event(actor=actor, verb="registration_removed", subject=registration.placement, details=details)
    registration.delete()
