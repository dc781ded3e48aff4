"""Who was certified as in difficulty on a day, as the registry holds it."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from jiujin.registry.models import Person, PriorityStatus

IN_DIFFICULTY = "difficulty"  # the code of 就业困难人员 in the plan's fact `priority_group`


def certified_on(day: date) -> QuerySet[PriorityStatus]:
    """The certifications that hold on a day; who was certified that very day counts."""
    holds = Q(end_on=None) | Q(end_on__gte=day)
    return PriorityStatus.objects.filter(holds, category=IN_DIFFICULTY, start_on__lte=day, certified_on__lte=day)


def was_certified(person: Person, day: date) -> bool:
    """Whether a person was certified as in difficulty on a day."""
    return certified_on(day).filter(person=person).exists()
