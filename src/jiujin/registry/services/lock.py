"""Rows held for the length of a transaction, so that two changes of one record follow each other."""

from __future__ import annotations

from jiujin.registry.errors import PersonMergedAway
from jiujin.registry.models import Organisation, Person


def locked_person(person: Person) -> Person:
    """The person as they are now, held. Raises PersonMergedAway."""
    held = Person.objects.select_for_update(of=("self",)).select_related("home").get(pk=person.pk)
    if held.merged_into_id is not None:
        raise PersonMergedAway(held.merged_into_id)
    return held


def locked_organisation(organisation: Organisation) -> Organisation:
    """The organisation as it is now, held."""
    return Organisation.objects.select_for_update().get(pk=organisation.pk)
