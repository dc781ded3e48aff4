"""Addresses of the internships."""

from __future__ import annotations

from django.urls import path

from jiujin.web.internships import application_pages, base_pages, intern_pages, paper_pages, resident_pages

app_name = "internships"
urlpatterns = [
    path("", intern_pages.internships, name="list"),
    path("<int:internship_id>/", intern_pages.internship, name="internship"),
    path("<int:internship_id>/agreement.docx", intern_pages.agreement, name="agreement"),
    path("<int:internship_id>/certificate.docx", intern_pages.certificate, name="certificate"),
    path("follow-ups/", intern_pages.follow_ups, name="follow-ups"),
    path("import/", intern_pages.import_roster, name="import"),
    path("bases/", base_pages.bases, name="bases"),
    path("bases/mine/", base_pages.mine, name="my-base"),
    path("bases/<int:base_id>/", base_pages.base, name="base"),
    path("bases/posts/<int:intern_post_id>/", base_pages.post, name="post"),
    path("applications/", application_pages.applications, name="applications"),
    path("applications/new/", application_pages.new, name="new-application"),
    path("applications/<int:intern_application_id>/", application_pages.application, name="application"),
    path("meeting/", application_pages.meeting, name="meeting"),
    path("papers/", paper_pages.attach, name="attach"),
    path("papers/<uuid:intern_paper_id>/", paper_pages.paper, name="paper"),
    path("near/", resident_pages.mine, name="near"),
    path("near/apply/", resident_pages.apply, name="near-apply"),
    path("near/withdraw/", resident_pages.withdraw, name="near-withdraw"),
]
