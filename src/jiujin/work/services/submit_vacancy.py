"""Has a draft checked: it is published, goes to a reviewer, or is refused with the reasons."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from jiujin.core.services.record_event import Actor
from jiujin.work.checks import STOP, check_vacancy
from jiujin.work.errors import NoPlaceLeft, OpenUntilPast
from jiujin.work.models import Vacancy
from jiujin.work.services.lock import locked_vacancy
from jiujin.work.services.take_step import take_step

REASON_CHARACTERS = 300


@transaction.atomic
def submit_vacancy(*, vacancy: Vacancy, actor: Actor, today: date | None = None) -> Vacancy:
    """Check a draft. Any `stop` refuses it, any `review` sends it to a reviewer, nothing found publishes it.

    Raises StepImpossible, OpenUntilPast, NoPlaceLeft.
    """
    today = today or timezone.localdate()
    held = locked_vacancy(vacancy)
    require_fit_to_open(held, today)
    findings = check_vacancy(held, day=today)
    details = {"findings": [finding["code"] for finding in findings]}
    stops = [finding for finding in findings if finding["severity"] == STOP]
    if stops:
        because = "；".join(finding["text"] for finding in stops)[:REASON_CHARACTERS]
        take_step(held, "vacancy_refused", actor=actor, details=details, findings=findings, refused_because=because)
    elif findings:
        take_step(held, "vacancy_submitted", actor=actor, details=details, findings=findings)
    else:
        take_step(held, "vacancy_published", actor=actor, findings=[], published_at=timezone.now())
    return held


def require_fit_to_open(vacancy: Vacancy, today: date) -> None:
    """Raises OpenUntilPast, NoPlaceLeft for a vacancy that could take nobody."""
    if vacancy.open_until < today:
        raise OpenUntilPast(vacancy.open_until)
    if vacancy.filled_count >= vacancy.headcount:
        raise NoPlaceLeft(vacancy.headcount)
