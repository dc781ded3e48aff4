"""Addresses of imports and of the API's tokens."""

from __future__ import annotations

from django.urls import path

from jiujin.exchange.imports import token_pages, views

app_name = "imports"
urlpatterns = [
    path("", views.imports, name="list"),
    path("template/<slug:import_kind>/", views.template, name="template"),
    path("tokens/", token_pages.tokens, name="tokens"),
    path("tokens/<int:token_id>/revoke/", token_pages.revoke, name="revoke"),
    path("tokens/own/", token_pages.own_tokens, name="own-tokens"),
    path("tokens/own/<int:token_id>/revoke/", token_pages.revoke_own, name="revoke-own"),
    path("<uuid:import_id>/", views.data_import, name="import"),
    path("<uuid:import_id>/progress/", views.progress, name="progress"),
    path("<uuid:import_id>/confirm/", views.confirm, name="confirm"),
    path("<uuid:import_id>/cancel/", views.cancel, name="cancel"),
    path("<uuid:import_id>/findings.csv", views.findings_csv, name="findings"),
]
