"""The doors of these pages: a school's account without its school is told what to do."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.models import Role
from jiujin.accounts.permissions import Room
from jiujin.schools.queries import school_of

View = Callable[..., HttpResponse]


def in_schools(room: Room) -> Callable[[View], Callable[..., HttpResponseBase]]:
    """A view of a room of the schools."""

    def locked(view: View) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def with_school(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.role == Role.SCHOOL and school_of(request.user) is None:
                return render(request, "schools/no_school.html")
            return view(request, *args, **kwargs)

        return in_room(room)(with_school)

    return locked
