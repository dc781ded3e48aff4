"""Whose files a viewer of the desk may open: one place, and every page of the desk goes through it."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from jiujin.accounts.access import SignedInRequest
from jiujin.accounts.models import User
from jiujin.circles.queries import people_served_by
from jiujin.registry.models import Organisation, Person


def people_of(viewer: User) -> QuerySet[Person]:
    """The people whom the viewer serves or whose area is theirs; a record that was merged into another is not shown."""
    return people_served_by(viewer).filter(merged_into=None)


def own_person(request: SignedInRequest, person_id: int) -> Person:
    """The person, if the viewer may see them; another's looks the same as one that never was. Raises Http404."""
    try:
        return people_of(request.user).select_related("home", "home_area__parent", "wish").get(pk=person_id)
    except Person.DoesNotExist as error:
        raise Http404 from error


def organisation_behind(viewer: User) -> Organisation | None:
    """The organisation the viewer acts for, where one is known."""
    return Organisation.objects.filter(memberships__user=viewer).first()
