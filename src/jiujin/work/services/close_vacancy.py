"""Takes a vacancy off the pages for a while or for good, and says what becomes of those who applied.

| step | open applications | introductions not answered |
| --- | --- | --- |
| paused | stay; the employer may still answer and hire | stay; taken up once it is open again |
| filled, closed | declined, with that reason | lapse |
| lapsed (its last day is over) | stay; the day ends the applying, not the choosing | lapse |
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from jiujin.core.services.record_event import Actor
from jiujin.work.models import Application, Introduction, Vacancy
from jiujin.work.services.lock import locked_vacancy
from jiujin.work.services.submit_vacancy import require_fit_to_open
from jiujin.work.services.take_step import take_step
from jiujin.work.states import OPEN_APPLICATION, IntroductionState, VacancyState

LAPSER = "system:lapse_vacancies"
BECAUSE_FILLED, BECAUSE_CLOSED = "岗位已招满", "岗位已关闭"


@transaction.atomic
def pause_vacancy(*, vacancy: Vacancy, actor: Actor) -> Vacancy:
    """Show it to nobody until it is resumed. Raises StepImpossible."""
    held = locked_vacancy(vacancy)
    take_step(held, "vacancy_paused", actor=actor)
    return held


@transaction.atomic
def resume_vacancy(*, vacancy: Vacancy, actor: Actor, today: date | None = None) -> Vacancy:
    """Open a paused or filled vacancy again, unchanged. Raises StepImpossible, OpenUntilPast, NoPlaceLeft."""
    held = locked_vacancy(vacancy)
    require_fit_to_open(held, today or timezone.localdate())
    take_step(held, "vacancy_resumed", actor=actor)
    return held


@transaction.atomic
def fill_vacancy(*, vacancy: Vacancy, actor: Actor) -> Vacancy:
    """Say that all places are taken, by whomever. Raises StepImpossible."""
    held = locked_vacancy(vacancy)
    take_step(held, "vacancy_filled", actor=actor)
    decline_the_rest(held, because=BECAUSE_FILLED, actor=actor)
    return held


@transaction.atomic
def close_vacancy(*, vacancy: Vacancy, actor: Actor) -> Vacancy:
    """End it for good. Raises StepImpossible."""
    held = locked_vacancy(vacancy)
    take_step(held, "vacancy_closed", actor=actor)
    decline_the_rest(held, because=BECAUSE_CLOSED, actor=actor)
    return held


def lapse_vacancies(*, today: date | None = None) -> int:
    """Close every vacancy whose last day is over, one transaction each; gives their number. Run each night."""
    today = today or timezone.localdate()
    due = Vacancy.objects.filter(state__in=(VacancyState.OPEN, VacancyState.PAUSED), open_until__lt=today)
    return sum(_lapse(pk, today) for pk in due.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _lapse(pk: int, today: date) -> bool:
    """Close one, unless somebody changed it meanwhile."""
    held = locked_vacancy(Vacancy(pk=pk))
    if held.state not in (VacancyState.OPEN, VacancyState.PAUSED) or held.open_until >= today:
        return False
    take_step(held, "vacancy_lapsed", actor=LAPSER)
    lapse_introductions(held, actor=LAPSER)
    return True


def decline_the_rest(vacancy: Vacancy, *, because: str, actor: Actor) -> None:
    """Decline every open application with this reason, and let the introductions lapse; the vacancy is held."""
    waiting = Application.objects.select_for_update().filter(vacancy=vacancy, state__in=OPEN_APPLICATION)
    for application in waiting.order_by("pk"):
        take_step(application, "application_declined", actor=actor, declined_because=because)
    lapse_introductions(vacancy, actor=actor)


def lapse_introductions(vacancy: Vacancy, *, actor: Actor) -> None:
    """Let every introduction that is not answered lapse; the vacancy is held."""
    waiting = Introduction.objects.select_for_update().filter(vacancy=vacancy, state=IntroductionState.MADE)
    for introduction in waiting.order_by("pk"):
        take_step(introduction, "introduction_lapsed", actor=actor)
