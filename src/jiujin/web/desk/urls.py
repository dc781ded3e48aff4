"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from jiujin.web.desk import (
    counter,
    evidence_pages,
    identity_page,
    people,
    person_file,
    placement_pages,
    recommend,
    service_pages,
    service_record,
    session_pages,
    today,
)

app_name = "desk"
PERSON = "people/<int:person_id>/"
PLACEMENT = "placements/<int:placement_id>/"
urlpatterns = [
    path("", today.today, name="today"),
    path("today.csv", today.today_csv, name="today-csv"),
    path("people/", people.people, name="people"),
    path("people.csv", people.people_csv, name="people-csv"),
    path("find/", people.find, name="find"),
    path(PERSON, person_file.person, name="person"),
    path(f"{PERSON}panel/", people.person_panel, name="person-panel"),
    path(f"{PERSON}show/", person_file.show, name="show"),
    path(f"{PERSON}consent/", person_file.consent, name="consent"),
    path(f"{PERSON}situation/", person_file.situation, name="situation"),
    path(f"{PERSON}identity/", identity_page.identity, name="identity"),
    path(f"{PERSON}code/", person_file.code, name="code"),
    path(f"{PERSON}registered/", counter.registered, name="registered"),
    path(f"{PERSON}recommend/", recommend.recommend, name="recommend"),
    path(f"{PERSON}put-forward/", recommend.put_forward, name="put-forward"),
    path(f"{PERSON}introductions/<uuid:introduction_id>/", recommend.answer, name="answer"),
    path(f"{PERSON}services/<uuid:service_id>/", service_record.service, name="service"),
    path(f"{PERSON}services/<uuid:service_id>/correct/", service_record.correct, name="correct-service"),
    path(f"{PERSON}services/<uuid:service_id>/void/", service_record.void, name="void-service"),
    path(f"{PERSON}serve/", service_pages.serve, name="serve"),
    path(f"{PERSON}evidence/", evidence_pages.keep, name="keep-evidence"),
    path(f"{PERSON}evidence/<uuid:evidence_id>/", evidence_pages.evidence, name="evidence"),
    path(f"{PERSON}evidence/<uuid:evidence_id>/remove/", evidence_pages.remove, name="remove-evidence"),
    path(f"{PERSON}placements/new/", placement_pages.new_placement, name="new-placement"),
    path(PLACEMENT, placement_pages.placement, name="placement"),
    path(f"{PLACEMENT}contract/", placement_pages.contract, name="contract"),
    path(f"{PLACEMENT}leave/", placement_pages.leave, name="leave"),
    path(f"{PLACEMENT}months/", placement_pages.months, name="months"),
    path("vacancies/<int:vacancy_id>/", recommend.vacancy, name="vacancy"),
    path("counter/", counter.counter, name="counter"),
    path("counter/register/", counter.register, name="register"),
    path("services/", service_pages.services, name="services"),
    path("services/offline/", service_pages.offline, name="offline"),
    path("services/ready/", service_pages.ready, name="ready"),
    path("services/take/", service_pages.take, name="take"),
    path("offline-worker.js", service_pages.worker, name="worker"),
    path("sessions/", session_pages.sessions, name="sessions"),
    path("sessions/new/", session_pages.new_session, name="new-session"),
    path("sessions/<uuid:session_id>/", session_pages.session, name="session"),
]
