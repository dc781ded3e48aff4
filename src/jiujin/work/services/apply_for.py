"""Applies for a vacancy."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from jiujin.core.services.record_event import Actor, record_event
from jiujin.registry.models import Person
from jiujin.work.distance import distance_home_m
from jiujin.work.errors import AlreadyApplied, IdTaken, NotTakingApplications
from jiujin.work.models import Application, Channel, Introduction, Vacancy
from jiujin.work.services.lock import locked_vacancy
from jiujin.work.services.take_step import take_step
from jiujin.work.states import ApplicationState, IntroductionState, VacancyState
from jiujin.work.vacancy_fields import plain_text

NOTE_CHARACTERS = 300
NOT_STANDING = (ApplicationState.DECLINED, ApplicationState.WITHDRAWN)


@transaction.atomic
def apply_for(
    *,
    id: UUID,  # made by the client: sent twice, it is once
    person: Person,
    vacancy: Vacancy,
    actor: Actor,
    channel: Channel = Channel.ONLINE,
    note: str = "",
    today: date | None = None,
) -> Application:
    """Apply once; an introduction of this vacancy that waits for an answer is taken up by it.

    The same id again gives the application that it stands for. Raises NotTakingApplications, AlreadyApplied, IdTaken.
    """
    held = locked_vacancy(vacancy)
    sent = Application.objects.filter(pk=id).first()
    if sent is not None:
        if (sent.person_id, sent.vacancy_id) != (person.pk, held.pk):
            raise IdTaken
        return sent
    require_taking(held, today or timezone.localdate())
    standing = standing_application(person, held)
    if standing is not None:
        raise AlreadyApplied(standing.pk)
    application = Application.objects.create(
        id=id,
        person=person,
        vacancy=held,
        channel=channel,
        note=plain_text(note)[:NOTE_CHARACTERS],
        distance_m=distance_home_m(person, held.workplace),
    )
    details = {"vacancy": held.pk, "person": person.pk, "channel": str(channel)}
    record_event(actor=actor, verb="application_sent", subject=application, details=details)
    for introduction in Introduction.objects.select_for_update().filter(
        person=person, vacancy=held, state=IntroductionState.MADE
    ):
        take_step(introduction, "introduction_taken_up", actor=actor, details={"application": str(id)})
    return application


def require_taking(vacancy: Vacancy, today: date) -> None:
    """Raises NotTakingApplications where nobody can apply now; the vacancy is held."""
    if vacancy.state != VacancyState.OPEN:
        raise NotTakingApplications(f"这个岗位现在是“{vacancy.get_state_display()}”")
    if vacancy.open_until < today:
        raise NotTakingApplications(f"这个岗位 {vacancy.open_until:%Y-%m-%d} 已经截止")
    if vacancy.filled_count >= vacancy.headcount:
        raise NotTakingApplications("这个岗位已经招满")


def standing_application(person: Person, vacancy: Vacancy) -> Application | None:
    """The application of this pair that is open or led to a hire."""
    return (
        Application.objects.filter(person=person, vacancy=vacancy, folded_into=None)
        .exclude(state__in=NOT_STANDING)
        .first()
    )
