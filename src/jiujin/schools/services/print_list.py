"""Gives the whole list for printing, and notes who took it."""

from __future__ import annotations

from django.db import transaction

from jiujin.core.services.record_event import Actor, record_event
from jiujin.schools.models import Enrolment, Intake


@transaction.atomic
def print_list(*, intake: Intake, actor: Actor) -> list[Enrolment]:
    """The students of a list in its order, with whole identity numbers."""
    students = list(Enrolment.objects.filter(intake=intake).select_related("person").order_by("row", "pk"))
    record_event(actor=actor, verb="intake_list_printed", subject=intake, details={"students": len(students)})
    return students
