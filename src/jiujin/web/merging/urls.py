"""Addresses of the pages for likely-same people."""

from __future__ import annotations

from django.urls import path

from jiujin.web.merging import views

app_name = "merging"
urlpatterns = [
    path("", views.proposals, name="list"),
    path("search/", views.search, name="search"),
    path("progress/", views.progress, name="progress"),
    path("identities/<int:correction_id>/", views.correct, name="correct"),
    path("<int:proposal_id>/merge/", views.merge, name="merge"),
    path("<int:proposal_id>/dismiss/", views.dismiss, name="dismiss"),
    path("<int:proposal_id>/undo/", views.undo, name="undo"),
]
