"""The doors of these pages: whose organisation, vacancy, application; another's looks the same as one that never was."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.models import User
from jiujin.accounts.permissions import Room
from jiujin.registry.models import Organisation, OrganisationKind, Workplace
from jiujin.work.acting_for import organisation_acted_for
from jiujin.work.models import Application, Vacancy
from jiujin.work.queries import applications_to, vacancies_of

EmployerView = Callable[..., HttpResponse]


def for_employers(view: EmployerView) -> Callable[..., HttpResponseBase]:
    """A view of the hiring room that is handed the organisation; an account without one is told what to do."""

    @wraps(view)
    def with_organisation(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        organisation = organisation_acted_for(request.user)
        if organisation is None or OrganisationKind.EMPLOYER not in organisation.kinds:
            return render(request, "hiring/no_organisation.html", {"organisation": organisation})
        return view(request, organisation, *args, **kwargs)

    return in_room(Room.HIRING)(with_organisation)


def own_vacancy(viewer: User, vacancy_id: int) -> Vacancy:
    """The vacancy, if it is the viewer's organisation's."""
    found = vacancies_of(viewer).filter(pk=vacancy_id).first()
    if found is None:
        raise Http404
    return found


def own_application(viewer: User, application_id: UUID) -> Application:
    """The application, if it went to the viewer's organisation and was not taken back."""
    found = applications_to(viewer).select_related("vacancy__workplace", "person__wish").filter(pk=application_id)
    application: Application | None = found.first()
    if application is None:
        raise Http404
    return application


def own_workplace(organisation: Organisation, workplace_id: int) -> Workplace:
    """The place of work, if it is this organisation's."""
    found = organisation.workplaces.select_related("area", "address").filter(pk=workplace_id).first()
    if found is None:
        raise Http404
    return found
