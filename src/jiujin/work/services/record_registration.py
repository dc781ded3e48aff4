"""Records that a placement stands on the province's employment service platform."""

from __future__ import annotations

from django.db import transaction

from jiujin.core.proof import Proof
from jiujin.work.errors import ReferenceMissing
from jiujin.work.models import Placement, Registration, RegistrationKind


@transaction.atomic
def record_registration(
    *, placement: Placement, kind: RegistrationKind, reference_number: str = "", proof: Proof = Proof.DECLARED
) -> Registration:
    """Record a registration with its number on the platform; recorded again, it is corrected. Raises ReferenceMissing."""
    if proof == Proof.VERIFIED and not reference_number.strip():
        raise ReferenceMissing
    recorded, _ = Registration.objects.update_or_create(
        placement=placement,
        kind=kind,
        defaults={"reference_number": reference_number.strip(), "proof": proof},
    )
    return recorded
