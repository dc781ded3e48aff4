"""Pages of the roster check."""

from __future__ import annotations

from django.urls import path

from jiujin.exchange import downloads, views

app_name = "rosters"
urlpatterns = [
    path("", views.checks, name="list"),
    path("new/", views.new, name="new"),
    path("<uuid:check_id>/", views.check, name="check"),
    path("<uuid:check_id>/progress/", views.progress, name="progress"),
    path("<uuid:check_id>/line/", views.line, name="line"),
    path("<uuid:check_id>/bad-cells/", views.bad_cells, name="bad-cells"),
    path("<uuid:check_id>/cancel/", views.cancel, name="cancel"),
    path("<uuid:check_id>/again/", views.again, name="again"),
    path("<uuid:check_id>/delete/", views.delete, name="delete"),
    path("<uuid:check_id>/result.xlsx", downloads.workbook, name="workbook"),
    path("<uuid:check_id>/lines.csv", downloads.lines_csv, name="lines-csv"),
    path("<uuid:check_id>/bad-cells.csv", downloads.bad_cells_csv, name="bad-cells-csv"),
]
