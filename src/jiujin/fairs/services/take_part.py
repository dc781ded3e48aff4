"""Lets employers take part in a fair, with a booth and the vacancies they bring."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from jiujin.accounts.models import User
from jiujin.core.services.record_event import record_event
from jiujin.fairs.errors import AlreadyThere, FieldWrong, NoBoothLeft, StepImpossible
from jiujin.fairs.models import Fair, FairEmployer, FairState, FairVacancy
from jiujin.fairs.services.take_step import locked_fair
from jiujin.registry.models import Organisation
from jiujin.work.models import Vacancy


@transaction.atomic
def take_part(
    *, fair: Fair, employer: Organisation, actor: User, booth: str = "", vacancies: Sequence[Vacancy] = ()
) -> FairEmployer:
    """Add an employer to a fair, once; again, its booth and vacancies are what is given now.

    Raises NoBoothLeft, AlreadyThere (a booth twice), FieldWrong, StepImpossible.
    """
    held = locked_fair(fair)
    require_open(held)
    booth = booth.strip()[:20]
    taken = held.employers.exclude(employer=employer)
    if booth and taken.filter(booth=booth).exists():
        raise AlreadyThere(f"展位 {booth} ")
    if held.booths is not None and taken.count() >= held.booths:
        raise NoBoothLeft(held.booths)
    if any(vacancy.employer_id != employer.pk for vacancy in vacancies):
        raise FieldWrong("vacancies", "只能带本单位的岗位")
    part, is_new = FairEmployer.objects.get_or_create(fair=held, employer=employer)
    part.booth = booth
    part.save(update_fields=["booth"])
    part.vacancies.exclude(vacancy__in=vacancies).delete()
    FairVacancy.objects.bulk_create(
        [FairVacancy(fair_employer=part, vacancy=vacancy) for vacancy in vacancies], ignore_conflicts=True
    )
    details = {"employer": employer.pk, "booth": booth, "vacancies": len(vacancies), "new": is_new}
    record_event(actor=actor, verb="fair_employer_set", subject=held, details=details)
    return part


@transaction.atomic
def leave_fair(*, fair: Fair, employer: Organisation, actor: User) -> None:
    """Take an employer out that has not signed in. Raises FieldWrong, StepImpossible."""
    held = locked_fair(fair)
    require_open(held)
    part = held.employers.filter(employer=employer).first()
    if part is None:
        return
    if part.signed_in_at is not None or held.intents.filter(employer=employer).exists():
        raise FieldWrong("employer", "这家单位已经签到或有意向登记，不能移出")
    part.vacancies.all().delete()
    part.delete()
    record_event(actor=actor, verb="fair_employer_left", subject=held, details={"employer": employer.pk})


def require_open(fair: Fair) -> None:
    """Raises StepImpossible where the fair is over or cancelled."""
    if fair.state not in (FairState.PLANNED, FairState.APPROVED):
        raise StepImpossible(str(fair.get_state_display()))
