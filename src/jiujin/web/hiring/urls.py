"""Pages for organisations that hire, and the reviewers' pages."""

from __future__ import annotations

from django.urls import path

from jiujin.web.hiring import (
    all_vacancies,
    application_list,
    application_page,
    bulk,
    candidates,
    home,
    occupations,
    organisation_page,
    posting,
    review,
    vacancy_list,
    vacancy_page,
)

app_name = "hiring"
urlpatterns = [
    path("", home.home, name="home"),
    path("vacancies/", vacancy_list.vacancies, name="vacancies"),
    path("vacancies.csv", vacancy_list.vacancies_csv, name="vacancies-csv"),
    path("vacancies/new/", posting.new, name="new"),
    path("vacancies/occupations/", occupations.occupations, name="occupations"),
    path("vacancies/<int:vacancy_id>/", vacancy_page.vacancy, name="vacancy"),
    path("vacancies/<int:vacancy_id>/edit/", posting.edit, name="edit"),
    path("vacancies/<int:vacancy_id>/send/", posting.send, name="send"),
    path("vacancies/<int:vacancy_id>/step/", vacancy_page.step, name="step"),
    path("vacancies/<int:vacancy_id>/candidates/", candidates.candidates, name="candidates"),
    path("vacancies/<int:vacancy_id>/invite/", candidates.invite, name="invite"),
    path("applications/", application_list.applications, name="applications"),
    path("applications.csv", application_list.applications_csv, name="applications-csv"),
    path("applications/<uuid:application_id>/", application_page.application, name="application"),
    path("applications/<uuid:application_id>/answer/", application_page.answer, name="answer"),
    path("applications/<uuid:application_id>/hire/", application_page.hire, name="hire"),
    path("applications/<uuid:application_id>/phone/", application_page.phone, name="phone"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("bulk/confirm/", bulk.confirm, name="bulk-confirm"),
    path("bulk/template.xlsx", bulk.template, name="bulk-template"),
    path("organisation/", organisation_page.organisation, name="organisation"),
    path("organisation/workplaces/new/", organisation_page.new_workplace, name="new-workplace"),
    path("organisation/workplaces/<int:workplace_id>/", organisation_page.workplace, name="workplace"),
    path("organisation/workplaces/<int:workplace_id>/close/", organisation_page.shut_workplace, name="close-workplace"),
    path("review/", review.queue, name="review"),
    path("review/all/", all_vacancies.all_vacancies, name="all"),
    path("review/all.csv", all_vacancies.all_csv, name="all-csv"),
    path("review/<int:vacancy_id>/", review.one, name="review-one"),
    path("review/<int:vacancy_id>/panel/", review.panel, name="review-panel"),
    path("review/<int:vacancy_id>/decide/", review.decide, name="decide"),
]
