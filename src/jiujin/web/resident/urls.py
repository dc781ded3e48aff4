"""Pages for residents. Looking needs no sign-in; applying, and what is mine, does."""

from __future__ import annotations

from django.urls import path

from jiujin.web.resident import (
    applications,
    entry,
    map_content,
    my_claims,
    points,
    policies,
    profile,
    search_page,
    vacancy_page,
    where,
)

app_name = "near"
urlpatterns = [
    path("", search_page.search, name="search"),
    path("where/", where.where, name="where"),
    path("points/", points.points, name="points"),
    path("outline.json", map_content.outline, name="outline"),
    path("policies/", policies.policies, name="policies"),
    path("vacancies/<int:vacancy_id>/", vacancy_page.vacancy, name="vacancy"),
    path("vacancies/<int:vacancy_id>/apply/", vacancy_page.apply, name="apply"),
    path("applications/", applications.applications, name="applications"),
    path("applications/<uuid:application_id>/withdraw/", applications.withdraw, name="withdraw"),
    path("introductions/<uuid:introduction_id>/take-up/", applications.take_up, name="take-up"),
    path("introductions/<uuid:introduction_id>/decline/", applications.decline, name="decline"),
    path("me/", profile.me, name="me"),
    path("me/basics/", profile.basics, name="me-basics"),
    path("me/home/", profile.home, name="me-home"),
    path("me/wish/", profile.wish, name="me-wish"),
    path("me/consents/", profile.consents, name="me-consents"),
    path("me/claims/", my_claims.claims, name="me-claims"),
    path("me/copy/", profile.my_copy, name="me-copy"),
    path("enter/", entry.enter, name="enter"),
    path("enter/code/", entry.code, name="code"),
    path("enter/handed/", entry.handed, name="handed"),
    path("enter/who/", entry.who, name="who"),
    path("enter/new/", entry.join_page, name="join"),
    path("enter/other/", entry.other_person, name="other-person"),
    path("type-size/", entry.type_size, name="type-size"),
]
