"""Addresses of the technical schools."""

from __future__ import annotations

from django.urls import path

from jiujin.web.schools import heading_pages, intake_pages, paper_pages

app_name = "schools"
urlpatterns = [
    path("", intake_pages.intakes, name="list"),
    path("new/", intake_pages.new, name="new"),
    path("headings/", heading_pages.headings, name="headings"),
    path("<int:intake_id>/", intake_pages.intake, name="intake"),
    path("<int:intake_id>/list.xlsx", intake_pages.printed, name="printed"),
    path("papers/", paper_pages.attach, name="attach"),
    path("papers/<uuid:intake_paper_id>/", paper_pages.paper, name="paper"),
    path("students/<int:enrolment_id>/", intake_pages.student, name="student"),
]
