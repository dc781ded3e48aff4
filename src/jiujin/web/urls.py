"""Every address of the site."""

from __future__ import annotations

from django.urls import include, path
from django.views.i18n import set_language

from jiujin.accounts.access import in_room
from jiujin.accounts.permissions import Room
from jiujin.exchange.api import api_patterns
from jiujin.web import errors, views

urlpatterns = [
    path("", views.home, name="home"),
    path("account/", include("jiujin.accounts.urls")),
    path("plan/", include("jiujin.web.plan_reader.urls")),
    path("desk/", include("jiujin.web.desk.urls")),
    path("api/", api_patterns()),
    path("imports/", include("jiujin.exchange.imports.urls")),
    path("rosters/", include("jiujin.exchange.urls")),
    path("hiring/", include("jiujin.web.hiring.urls")),
    path("circles/", include("jiujin.web.circles.urls")),
    path("fairs/", include("jiujin.web.fairs.urls")),
    path("internships/", include("jiujin.web.internships.urls")),
    path("schools/", include("jiujin.web.schools.urls")),
    path("merging/", include("jiujin.web.merging.urls")),
    path("claims/", include("jiujin.web.claims.urls")),
    path("funds/", include("jiujin.web.funds.urls")),
    path("near/", include("jiujin.web.resident.urls")),
    path("language/", in_room(Room.PUBLIC)(set_language), name="set_language"),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken
