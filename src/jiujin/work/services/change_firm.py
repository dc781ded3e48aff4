"""Changes what is known of an employer, and brings its standing vacancies in line with the size that follows from it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q

from jiujin.core.services.record_event import Actor
from jiujin.registry.models import Organisation
from jiujin.registry.services.change_organisation import change_organisation
from jiujin.work.models import Vacancy
from jiujin.work.small_firm import small_firm
from jiujin.work.states import VacancyState

STANDING = (VacancyState.DRAFT, VacancyState.IN_REVIEW, VacancyState.REFUSED, VacancyState.OPEN, VacancyState.PAUSED)


@transaction.atomic
def change_firm(*, organisation: Organisation, actor: Actor, **fields: Any) -> Organisation:
    """Change the fields given as `change_organisation` does; a vacancy that has ended keeps what was known at its time.

    Raises what `change_organisation` raises.
    """
    held = change_organisation(organisation=organisation, actor=actor, **fields)
    is_small = small_firm(held)
    same = Q(is_small_firm=None) if is_small is None else Q(is_small_firm=is_small, is_small_firm__isnull=False)
    Vacancy.objects.filter(~same, employer=held, state__in=STANDING).update(is_small_firm=is_small)
    return held
