"""Records an intent at a fair, takes one back, and says what followed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from jiujin.accounts.models import User
from jiujin.core.services.record_event import record_event
from jiujin.fairs.errors import FieldWrong, KeyTaken, NotAtFair
from jiujin.fairs.models import Fair, FairIntent
from jiujin.fairs.services.sign_in import require_its_day
from jiujin.registry.models import Organisation, Person
from jiujin.work.models import Placement, Vacancy


@dataclass(frozen=True)
class KeptIntent:
    """The intent that stands, and whether this call made it."""

    intent: FairIntent
    is_new: bool


@transaction.atomic
def record_intent(
    *,
    fair: Fair,
    person: Person,
    employer: Organisation,
    key: UUID,  # made on the phone: sent twice, it is once
    at: datetime,
    actor: User,
    now: datetime,
    vacancy: Vacancy | None = None,
) -> KeptIntent:
    """Record that a person and an employer at a fair may come together; the pair counts once a fair (意向).

    Raises NotItsDay, StepImpossible, NotAtFair, FieldWrong, KeyTaken.
    """
    known = FairIntent.objects.filter(key=key).first()
    if known is not None:
        if (known.fair_id, known.person_id, known.employer_id) != (fair.pk, person.pk, employer.pk):
            raise KeyTaken
        return KeptIntent(known, False)
    at = min(at, now)
    require_its_day(fair, at)
    if not fair.employers.filter(employer=employer).exists():
        raise NotAtFair(employer.name)
    if vacancy is not None and vacancy.employer_id != employer.pk:
        raise FieldWrong("vacancy", "这个岗位不是这家单位的")
    standing = FairIntent.objects.filter(fair=fair, person=person, employer=employer, taken_back_at=None).first()
    if standing is not None:
        return KeptIntent(standing, False)
    try:
        with transaction.atomic():
            intent = FairIntent.objects.create(
                fair=fair, person=person, employer=employer, vacancy=vacancy, key=key, recorded_at=at, recorded_by=actor
            )
    except IntegrityError:  # the same queue at the same moment
        pair = FairIntent.objects.filter(fair=fair, person=person, employer=employer, taken_back_at=None)
        return KeptIntent(pair.get(), False)
    details = {"fair": fair.pk, "person": person.pk, "employer": employer.pk}
    record_event(actor=actor, verb="fair_intent_recorded", subject=intent, details=details)
    return KeptIntent(intent, True)


@transaction.atomic
def take_back_intent(*, intent: FairIntent, actor: User, now: datetime) -> FairIntent:
    """Take back what was recorded by mistake; it stays and counts no more. Not where a placement followed."""
    held = FairIntent.objects.select_for_update().get(pk=intent.pk)
    if held.placement_id is not None:
        raise FieldWrong("intent", "这条意向已经促成就业，不能撤回")
    if held.taken_back_at is None:
        held.taken_back_at = now
        held.save(update_fields=["taken_back_at"])
        record_event(actor=actor, verb="fair_intent_taken_back", subject=held)
    return held


@transaction.atomic
def follow_intent(
    *,
    intent: FairIntent,
    followed_on: date,
    actor: User,
    today: date,
    placement: Placement | None = None,
    outcome: str = "",
) -> FairIntent:
    """Say what became of an intent: a placement of the two, or a word why not. Raises FieldWrong."""
    held = FairIntent.objects.select_for_update(of=("self",)).select_related("fair").get(pk=intent.pk)
    if held.taken_back_at is not None:
        raise FieldWrong("intent", "这条意向已经撤回")
    if not held.fair.held_on <= followed_on <= today:
        raise FieldWrong("followed_on", "跟进日期要在招聘会之后、今天之前")
    if placement is None and not outcome.strip():
        raise FieldWrong("outcome", "没有促成就业的，请写一句原因")
    if placement is not None:
        if (placement.person_id, placement.employer_id) != (held.person_id, held.employer_id):
            raise FieldWrong("placement", "这次就业不是这两方的")
        if placement.start_on < held.fair.held_on:
            raise FieldWrong("placement", "这次就业早于招聘会")
    held.placement, held.followed_on, held.outcome = placement, followed_on, outcome.strip()[:200]
    held.save(update_fields=["placement", "followed_on", "outcome"])
    details = {"placement": placement.pk if placement else None, "followed_on": followed_on.isoformat()}
    record_event(actor=actor, verb="fair_intent_followed", subject=held, details=details)
    return held
