"""Records that a person belongs to a priority group, or to none."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from jiujin.core.plan_codes import require_choice
from jiujin.core.proof import Proof
from jiujin.core.services.record_event import Actor, record_event
from jiujin.registry.errors import DatesOutOfOrder, StatusUncertified
from jiujin.registry.models import Person, PriorityStatus

CATEGORY_FACT = "priority_group"


@transaction.atomic
def record_priority_status(
    *,
    person: Person,
    category: str,
    start_on: date,
    actor: Actor,
    end_on: date | None = None,
    certified_by: str = "",
    certified_on: date | None = None,
    proof: Proof = Proof.DECLARED,
) -> PriorityStatus:
    """Record a status, days included on both ends; recorded again for the same category and start, it is corrected.

    Raises CodeNotInPlan, DatesOutOfOrder, StatusUncertified.
    """
    require_choice(CATEGORY_FACT, category)
    if end_on is not None and end_on < start_on:
        raise DatesOutOfOrder
    if proof == Proof.VERIFIED and not (certified_by.strip() and certified_on):
        raise StatusUncertified
    status, is_new = PriorityStatus.objects.update_or_create(
        person=person,
        category=category,
        start_on=start_on,
        defaults={
            "end_on": end_on,
            "certified_by": certified_by.strip(),
            "certified_on": certified_on,
            "proof": proof,
        },
    )
    details = {"category": category, "start_on": start_on.isoformat(), "proof": int(proof), "corrected": not is_new}
    record_event(actor=actor, verb="priority_status_recorded", subject=person, details=details)
    return status
