"""Changes a vacancy; whatever was public is a draft again until it has been checked once more."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from jiujin.core.services.record_event import Actor
from jiujin.registry.models import Workplace
from jiujin.work.models import Vacancy
from jiujin.work.services.lock import locked_vacancy
from jiujin.work.services.take_step import take_step
from jiujin.work.small_firm import small_firm
from jiujin.work.vacancy_fields import check_whole, checked_fields
from jiujin.work.words import fill_search


@transaction.atomic
def edit_vacancy(*, vacancy: Vacancy, actor: Actor, workplace: Workplace | None = None, **fields: Any) -> Vacancy:
    """Change the fields given and make the vacancy a draft; applications already sent stay as they are.

    Raises FieldInvalid, CodeNotInPlan, WorkplaceUnusable, StepImpossible.
    """
    held = locked_vacancy(vacancy)
    changes = checked_fields(fields) | ({"workplace": workplace} if workplace else {})
    changes |= {"is_small_firm": small_firm(held.employer), "findings": [], "refused_because": ""}
    for name, value in changes.items():
        setattr(held, name, value)
    check_whole(held)
    take_step(held, "vacancy_edited", actor=actor, details={"fields": sorted(fields)}, **changes)
    fill_search(held)
    return held
