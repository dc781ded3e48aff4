"""Reads of the records of work; the viewer comes first and bounds what is seen."""

from __future__ import annotations

from django.db.models import QuerySet

from jiujin.accounts.models import Role, User
from jiujin.registry.queries import SEE_PEOPLE_OF_THEIR_AREA, home_lies_in
from jiujin.work.models import Placement


def placements_seen_by(viewer: User) -> QuerySet[Placement]:
    """An operator sees the placements it organised; whoever sees the people of an area sees their placements."""
    if viewer.role == Role.OPERATOR and viewer.organisation_name:
        return Placement.objects.filter(operator__name=viewer.organisation_name)
    if viewer.role in SEE_PEOPLE_OF_THEIR_AREA:
        return Placement.objects.filter(home_lies_in(viewer.area_code, of="person__"))
    return Placement.objects.none()
