"""Shows one masked value of a person in full, and writes down that it was shown."""

from __future__ import annotations

from django.db import transaction

from jiujin.core.services.record_event import Actor, record_event
from jiujin.registry.models import Person

FIELDS = ("name", "id_number", "phone", "home")


@transaction.atomic
def show_whole(*, person: Person, field: str, actor: Actor) -> str:
    """The value of one of FIELDS, blank where it is not known; every call leaves an event, so a page calls it by POST alone."""
    assert field in FIELDS, f"{field} is not shown by itself"
    record_event(actor=actor, verb="person_field_shown", subject=person, details={"field": field})
    if field == "home":
        return (person.home.text or "") if person.home else ""
    return getattr(person, field) or ""
