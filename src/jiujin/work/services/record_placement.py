"""Records a placement."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from jiujin.core.plan_codes import require_choice
from jiujin.core.proof import Proof
from jiujin.core.services.record_event import Actor, record_event
from jiujin.registry.models import Organisation, OrganisationKind, Person
from jiujin.work.errors import TermImpossible, WrongOrganisation
from jiujin.work.models import Placement, Vacancy
from jiujin.work.vacancy_fields import FORM_FACT

__all__ = ["FORM_FACT", "record_placement"]


@transaction.atomic
def record_placement(
    *,
    person: Person,
    employer: Organisation,
    form: str,
    start_on: date,
    actor: Actor,
    end_on: date | None = None,
    open_ended: bool = False,
    operator: Organisation | None = None,
    proof: Proof = Proof.DECLARED,
    vacancy: Vacancy | None = None,
) -> Placement:
    """Record that a person works for an employer, from the first to the last day of the term as agreed.

    Where it came of a vacancy, that says the place of work.

    Raises CodeNotInPlan, TermImpossible, WrongOrganisation.
    """
    require_choice(FORM_FACT, form)
    if end_on is not None and open_ended:
        raise TermImpossible("无固定期限的就业不能有结束日期")
    if end_on is not None and end_on < start_on:
        raise TermImpossible("结束日期早于开始日期")
    if operator is not None and OrganisationKind.OPERATOR not in operator.kinds:
        raise WrongOrganisation(operator.name, str(OrganisationKind.OPERATOR.label))
    placement = Placement.objects.create(
        person=person,
        employer=employer,
        operator=operator,
        form=form,
        start_on=start_on,
        end_on=end_on,
        open_ended=open_ended,
        proof=proof,
        vacancy=vacancy,
        workplace=vacancy.workplace if vacancy else None,
    )
    details = {"person": person.pk, "employer": employer.pk, "form": form, "start_on": start_on.isoformat()}
    record_event(actor=actor, verb="placement_recorded", subject=placement, details=details)
    return placement
