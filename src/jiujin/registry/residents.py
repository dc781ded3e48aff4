"""Residents and their sign-ins: who belongs to a telephone that was proven by a code."""

from __future__ import annotations

from django.db.models import QuerySet

from jiujin.registry.models import Person


def people_with_phone(phone: str) -> QuerySet[Person]:
    """Everyone registered with this telephone, which whoever asks has proven to hold; a family may share one."""
    return Person.objects.filter(phone_index=phone, merged_into=None).select_related("user").order_by("pk")


def person_behind(person_id: int) -> Person | None:
    """The person of this id, or the one in whose record it went up."""
    person = Person.objects.select_related("user", "merged_into__user").filter(pk=person_id).first()
    while person is not None and person.merged_into is not None:
        person = person.merged_into
    return person
