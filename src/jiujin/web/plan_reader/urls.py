"""Pages of the plan."""

from __future__ import annotations

from django.urls import path

from jiujin.web.plan_reader import views

app_name = "plan"
urlpatterns = [
    path("", views.clauses, name="clauses"),
    path("schemes/", views.schemes, name="schemes"),
    path("schemes/<slug:scheme_id>/", views.scheme, name="scheme"),
    path("schemes/<slug:scheme_id>/template.xlsx", views.template, name="template"),
    path("parameters/", views.parameters, name="parameters"),
    path("parameters/<slug:parameter_id>/", views.parameter, name="parameter"),
    path("targets/", views.targets, name="targets"),
    path("readings/", views.readings, name="readings"),
    path("readings/<slug:reading_id>/", views.reading, name="reading"),
    path("areas/", views.areas, name="areas"),
]
