"""A reviewer's decision on a vacancy that the check sent them."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from jiujin.accounts.models import User
from jiujin.work.errors import OwnVacancy, ReasonMissing
from jiujin.work.models import Vacancy
from jiujin.work.services.lock import locked_vacancy
from jiujin.work.services.submit_vacancy import REASON_CHARACTERS, require_fit_to_open
from jiujin.work.services.take_step import take_step


@transaction.atomic
def review_vacancy(*, vacancy: Vacancy, accept: bool, because: str, actor: User, today: date | None = None) -> Vacancy:
    """Publish it, or refuse it with a reason that the employer reads. Nobody decides on what they posted themselves.

    Raises OwnVacancy, ReasonMissing, StepImpossible, OpenUntilPast, NoPlaceLeft.
    """
    held = locked_vacancy(vacancy)
    because = because.strip()[:REASON_CHARACTERS]
    if held.created_by_id is not None and held.created_by_id == actor.pk:
        raise OwnVacancy
    if accept:
        require_fit_to_open(held, today or timezone.localdate())
        details = {"because": because} if because else None
        take_step(held, "vacancy_published", actor=actor, details=details, published_at=timezone.now())
        return held
    if not because:
        raise ReasonMissing
    take_step(held, "vacancy_refused", actor=actor, details={"because": because}, refused_because=because)
    return held
