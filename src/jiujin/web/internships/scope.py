"""The doors of these pages: whose records; another's looks the same as one that never was."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.models import Role
from jiujin.accounts.permissions import Room
from jiujin.work.acting_for import organisation_acted_for

Record = TypeVar("Record", bound=Model)
View = Callable[..., HttpResponse]


def in_internships(room: Room) -> Callable[[View], Callable[..., HttpResponseBase]]:
    """A view of a room of the internships; a unit's account without its unit is told what to do."""

    def locked(view: View) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def with_unit(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.role == Role.EMPLOYER and organisation_acted_for(request.user) is None:
                return render(request, "internships/no_unit.html")
            return view(request, *args, **kwargs)

        return in_room(room)(with_unit)

    return locked


def own(records: QuerySet[Record], pk: int) -> Record:
    """The record, if it is among those that the viewer sees. Raises Http404."""
    found = records.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
