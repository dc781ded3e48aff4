"""Addresses of the circles."""

from __future__ import annotations

from django.urls import path

from jiujin.web.circles import change_pages, pages

app_name = "circles"
urlpatterns = [
    path("", pages.circles, name="list"),
    path("new/", change_pages.new, name="new"),
    path("<int:circle_id>/", pages.circle, name="circle"),
    path("<int:circle_id>/without-service/", pages.without_service, name="without-service"),
    path("<int:circle_id>/base/", change_pages.base, name="base"),
    path("<int:circle_id>/specialists/", change_pages.specialists, name="specialists"),
]
