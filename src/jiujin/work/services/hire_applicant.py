"""Hires an applicant: the application ends, a placement begins, a place of the vacancy is taken."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from jiujin.core.proof import Proof
from jiujin.core.services.record_event import Actor
from jiujin.registry.models import Organisation
from jiujin.work.errors import NoPlaceLeft, VacancyUnpublished
from jiujin.work.models import Application, Introduction, Placement, Vacancy
from jiujin.work.services.close_vacancy import BECAUSE_FILLED, decline_the_rest
from jiujin.work.services.lock import locked_application
from jiujin.work.services.record_placement import record_placement
from jiujin.work.services.take_step import take_step
from jiujin.work.states import IntroductionState, VacancyState

UNPUBLISHED = (VacancyState.DRAFT, VacancyState.IN_REVIEW, VacancyState.REFUSED)


@transaction.atomic
def hire_applicant(
    *,
    application: Application,
    start_on: date,
    actor: Actor,
    end_on: date | None = None,
    open_ended: bool = False,
    form: str | None = None,
    operator: Organisation | None = None,
    proof: Proof = Proof.DECLARED,
) -> Placement:
    """Hire from an open application, as long as a place is left; the last place fills the vacancy and declines the others.

    Form and place of work are the vacancy's, the operator is whose introduction was taken up, unless given otherwise.
    Raises StepImpossible, NoPlaceLeft, VacancyUnpublished, TermImpossible, CodeNotInPlan, WrongOrganisation.
    """
    held = locked_application(application)
    vacancy = held.vacancy
    if vacancy.state in UNPUBLISHED:
        raise VacancyUnpublished
    if vacancy.filled_count >= vacancy.headcount:
        raise NoPlaceLeft(vacancy.headcount)
    placement = record_placement(
        person=held.person,
        employer=vacancy.employer,
        form=form or vacancy.form,
        start_on=start_on,
        end_on=end_on,
        open_ended=open_ended,
        operator=operator or _introducing_operator(held),
        proof=proof,
        vacancy=vacancy,
        actor=actor,
    )
    take_step(held, "application_hired", actor=actor, details={"placement": placement.pk})
    take_place(vacancy, actor=actor)
    return placement


def take_place(vacancy: Vacancy, *, actor: Actor) -> None:
    """Count one more hired; the last place fills the vacancy, which is held. A lapsed one stays closed."""
    filled_count = vacancy.filled_count + 1
    is_full = filled_count == vacancy.headcount
    if is_full and vacancy.state in (VacancyState.OPEN, VacancyState.PAUSED):
        take_step(vacancy, "vacancy_filled", actor=actor, filled_count=filled_count)
    else:
        vacancy.filled_count = filled_count
        vacancy.save(update_fields=["filled_count"])
    if is_full:
        decline_the_rest(vacancy, because=BECAUSE_FILLED, actor=actor)


def _introducing_operator(application: Application) -> Organisation | None:
    """The operator that brought the two together."""
    taken_up = Introduction.objects.filter(
        person_id=application.person_id,
        vacancy_id=application.vacancy_id,
        state=IntroductionState.TAKEN_UP,
        operator__isnull=False,
    )
    introduction = taken_up.select_related("operator").order_by("-changed_at").first()
    return introduction.operator if introduction else None
