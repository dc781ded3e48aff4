"""Signs employers and visitors in at a fair; phones may send late what they kept, and send it twice."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from jiujin.core.services.record_event import Actor, record_event
from jiujin.fairs.errors import KeyTaken, NotItsDay, StepImpossible
from jiujin.fairs.models import Fair, FairEmployer, FairVisitor
from jiujin.fairs.states import TAKES_SIGN_INS
from jiujin.registry.models import Organisation, Person


def require_its_day(fair: Fair, at: datetime) -> None:
    """Raises StepImpossible where the fair was not approved, and NotItsDay outside its days."""
    if fair.state not in TAKES_SIGN_INS:
        raise StepImpossible(str(fair.get_state_display()))
    if not fair.held_on <= timezone.localdate(at) <= fair.until_on:
        raise NotItsDay(fair.held_on, fair.until_on)


@transaction.atomic
def sign_in_employer(
    *, fair: Fair, employer: Organisation, key: UUID, at: datetime, actor: Actor, now: datetime
) -> FairEmployer:
    """Sign an employer in; the first time counts, and one employer a fair (户次). A time to come is taken as now.

    Raises NotItsDay, StepImpossible.
    """
    at = min(at, now)
    require_its_day(fair, at)
    part, _is_new = FairEmployer.objects.get_or_create(fair=fair, employer=employer, defaults={"key": key})
    part = FairEmployer.objects.select_for_update().get(pk=part.pk)
    if part.signed_in_at is None:
        part.signed_in_at = at
        part.save(update_fields=["signed_in_at"])
        record_event(actor=actor, verb="fair_employer_signed_in", subject=fair, details={"employer": employer.pk})
    return part


@transaction.atomic
def sign_in_visitor(
    *, fair: Fair, person: Person | None, key: UUID, at: datetime, actor: Actor, now: datetime
) -> FairVisitor:
    """Sign a visitor in, once a key, and a person once a fair. Raises KeyTaken, NotItsDay, StepImpossible."""
    known = FairVisitor.objects.filter(key=key).first()
    if known is not None:
        if known.fair_id != fair.pk or (person is not None and known.person_id not in (None, person.pk)):
            raise KeyTaken
        return known
    at = min(at, now)
    require_its_day(fair, at)
    if person is not None:
        earlier = FairVisitor.objects.filter(fair=fair, person=person).first()
        if earlier is not None:
            return earlier
    try:
        with transaction.atomic():
            visitor = FairVisitor.objects.create(fair=fair, person=person, key=key, signed_in_at=at)
    except IntegrityError:  # the same queue at the same moment
        return FairVisitor.objects.filter(key=key).first() or FairVisitor.objects.get(fair=fair, person=person)
    details = {"person": person.pk if person else None}
    record_event(actor=actor, verb="fair_visitor_signed_in", subject=fair, details=details)
    return visitor
