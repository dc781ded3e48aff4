"""Writes a vacancy down as a draft; `submit_vacancy` has it checked and published."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from jiujin.core.services.record_event import Actor, record_event
from jiujin.registry.models import Organisation, OrganisationKind, Workplace
from jiujin.work.errors import FieldInvalid, WrongOrganisation
from jiujin.work.models import Vacancy
from jiujin.work.small_firm import small_firm
from jiujin.work.vacancy_fields import COPIED, LABELS, REQUIRED, check_whole, checked_fields
from jiujin.work.words import fill_search


@transaction.atomic
def post_vacancy(
    *, employer: Organisation, workplace: Workplace, actor: Actor, copied_from: Vacancy | None = None, **fields: Any
) -> Vacancy:
    """Write down a draft with the fields of `vacancy_fields` (`title`, `form` and `open_until` at least).

    Raises FieldInvalid, CodeNotInPlan, WrongOrganisation, WorkplaceUnusable.
    """
    if OrganisationKind.EMPLOYER not in employer.kinds:
        raise WrongOrganisation(employer.name, str(OrganisationKind.EMPLOYER.label))
    missing = [name for name in REQUIRED if fields.get(name) in (None, "")]
    if missing:
        raise FieldInvalid(
            missing[0], f"{LABELS.get(missing[0], {'form': '用工形式'}.get(missing[0], '截止日期'))}没有填"
        )
    vacancy = Vacancy(
        employer=employer,
        workplace=workplace,
        copied_from=copied_from,
        is_small_firm=small_firm(employer),
        is_synthetic=employer.is_synthetic,
        created_by=actor if isinstance(actor, AbstractBaseUser) else None,
        **checked_fields(fields),
    )
    check_whole(vacancy)
    vacancy.save()
    fill_search(vacancy)
    record_event(actor=actor, verb="vacancy_posted", subject=vacancy, details={"employer": employer.pk})
    return vacancy


def copy_vacancy(
    *, vacancy: Vacancy, actor: Actor, open_until: date | None = None, today: date | None = None
) -> Vacancy:
    """A draft like another vacancy, open for as many days as that one was unless `open_until` says otherwise."""
    today = today or timezone.localdate()
    days = max(vacancy.open_until - timezone.localdate(vacancy.created_at), date.resolution)
    fields = {name: getattr(vacancy, name) for name in COPIED}
    return post_vacancy(
        employer=vacancy.employer,
        workplace=vacancy.workplace,
        actor=actor,
        copied_from=vacancy,
        open_until=open_until or today + days,
        **fields,
    )
