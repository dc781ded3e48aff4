"""A specialist recommends a vacancy to a person, and the person's answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from jiujin.accounts.models import User
from jiujin.core.services.record_event import Actor, record_event
from jiujin.registry.models import Person
from jiujin.work.acting_for import operator_of
from jiujin.work.distance import distance_home_m
from jiujin.work.errors import AlreadyApplied, AlreadyIntroduced, IdTaken
from jiujin.work.models import Channel, Introduction, Vacancy
from jiujin.work.services.apply_for import apply_for, require_taking, standing_application
from jiujin.work.services.lock import locked_introduction, locked_vacancy
from jiujin.work.services.take_step import take_step
from jiujin.work.states import IntroductionState
from jiujin.work.vacancy_fields import plain_text

REASONS_MAX, REASON_CHARACTERS = 10, 200


@transaction.atomic
def introduce(
    *, id: UUID, person: Person, vacancy: Vacancy, actor: User, reasons: Sequence[str], today: date | None = None
) -> Introduction:
    """Recommend an open vacancy, with the reasons shown at this moment; the same id again gives the one it stands for.

    Raises NotTakingApplications, AlreadyApplied, AlreadyIntroduced, IdTaken.
    """
    held = locked_vacancy(vacancy)
    made = Introduction.objects.filter(pk=id).first()
    if made is not None:
        if (made.person_id, made.vacancy_id) != (person.pk, held.pk):
            raise IdTaken
        return made
    require_taking(held, today or timezone.localdate())
    waiting = Introduction.objects.filter(person=person, vacancy=held, state=IntroductionState.MADE).first()
    if waiting is not None:
        raise AlreadyIntroduced(waiting.pk)
    standing = standing_application(person, held)
    if standing is not None:
        raise AlreadyApplied(standing.pk)
    introduction = Introduction.objects.create(
        id=id,
        person=person,
        vacancy=held,
        made_by=actor,
        operator=operator_of(actor),
        reasons=[plain_text(reason)[:REASON_CHARACTERS] for reason in reasons][:REASONS_MAX],
        distance_m=distance_home_m(person, held.workplace),
    )
    details = {"vacancy": held.pk, "person": person.pk}
    record_event(actor=actor, verb="introduction_made", subject=introduction, details=details)
    return introduction


@transaction.atomic
def answer_introduction(
    *,
    introduction: Introduction,
    event: str,
    actor: Actor,
    channel: Channel = Channel.ONLINE,
    today: date | None = None,
) -> Introduction:
    """Take it up (`introduction_taken_up`: applies for the vacancy) or not (`introduction_declined`).

    Taken up twice, it is one application. Raises StepImpossible, NotTakingApplications, AlreadyApplied.
    """
    if event not in ("introduction_taken_up", "introduction_declined"):
        raise ValueError(f"{event} is not an answer to an introduction")
    held = locked_introduction(introduction)
    if event == "introduction_declined":
        take_step(held, event, actor=actor)
        return held
    apply_for(id=held.pk, person=held.person, vacancy=held.vacancy, actor=actor, channel=channel, today=today)
    held.refresh_from_db(fields=["state", "changed_at"])
    return held
