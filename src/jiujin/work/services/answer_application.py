"""An employer's answer to an application, and the applicant's taking it back."""

from __future__ import annotations

from django.db import transaction

from jiujin.core.services.record_event import Actor
from jiujin.work.models import Application
from jiujin.work.services.lock import locked_application
from jiujin.work.services.take_step import take_step
from jiujin.work.vacancy_fields import plain_text

REASON_CHARACTERS = 200
ANSWERS = ("application_seen", "application_accepted", "application_declined")


@transaction.atomic
def answer_application(*, application: Application, event: str, actor: Actor, because: str = "") -> Application:
    """Answer with one of ANSWERS; `because` goes with a decline. A hire is `hire_applicant`. Raises StepImpossible."""
    if event not in ANSWERS:
        raise ValueError(f"{event} is not one of {', '.join(ANSWERS)}")
    held = locked_application(application)
    changes = {"declined_because": plain_text(because)[:REASON_CHARACTERS]} if event == "application_declined" else {}
    take_step(held, event, actor=actor, **changes)
    return held


@transaction.atomic
def withdraw_application(*, application: Application, actor: Actor) -> Application:
    """Take an application back; the person may apply again. Raises StepImpossible."""
    held = locked_application(application)
    take_step(held, "application_withdrawn", actor=actor)
    return held
