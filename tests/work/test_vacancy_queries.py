"""Who sees which vacancies, applications and telephone numbers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiujin.accounts.models import Role, User
from jiujin.core.fields import FieldError
from jiujin.registry.models import Membership, Organisation
from jiujin.work import queries
from jiujin.work.models import Introduction, Vacancy
from jiujin.work.states import VacancyState
from tests.registry.factories import make_area, make_organisation, make_person, make_user
from tests.work.factories import LAST_DAY, TODAY, make_application, make_vacancy, make_workplace

pytestmark = pytest.mark.django_db
PHONE = "05641234567"


def employer_of(organisation: Organisation) -> User:
    user = make_user(Role.EMPLOYER)
    Membership.objects.create(user=user, organisation=organisation)
    return user


def seen(viewer: User | AnonymousUser) -> set[Vacancy]:
    return set(queries.vacancies_seen_by(viewer, TODAY))


def test_everyone_sees_open_vacancies_until_their_last_day() -> None:
    shown = make_vacancy(open_until=TODAY)
    make_vacancy(open_until=TODAY - timedelta(days=1))
    for state in set(VacancyState) - {VacancyState.OPEN}:
        make_vacancy(state)
    assert set(queries.open_vacancies(TODAY)) == {shown}
    for viewer in (AnonymousUser(), make_user(Role.RESIDENT), make_user(Role.SPECIALIST), make_user(Role.LEADER)):
        assert seen(viewer) == {shown}


def test_employer_sees_its_own_in_any_state_and_nobody_elses() -> None:
    own, other = make_vacancy("draft"), make_vacancy("draft")
    user = employer_of(own.employer)
    assert set(queries.vacancies_of(user)) == seen(user) == {own}
    assert queries.vacancy_seen_by(user, own.pk, TODAY) == own
    assert queries.vacancy_seen_by(user, other.pk, TODAY) is None
    assert not queries.vacancies_of(make_user(Role.EMPLOYER)).exists()


def test_account_named_after_one_of_two_organisations_of_a_name_acts_for_neither() -> None:
    first = make_vacancy("draft")
    user = make_user(Role.EMPLOYER, organisation_name=first.employer.name)
    assert set(queries.vacancies_of(user)) == {first}
    make_organisation(name=first.employer.name)
    assert not queries.vacancies_of(user).exists()


def test_other_roles_of_an_organisation_see_none_of_its_drafts() -> None:
    draft = make_vacancy("draft")
    user = make_user(Role.OPERATOR)
    Membership.objects.create(user=user, organisation=draft.employer)
    assert not queries.vacancies_of(user).exists() and seen(user) == set()


def test_reviewer_sees_those_of_the_area_and_what_waits() -> None:
    near, far = (make_workplace(area=make_area(code)) for code in ("341502001001", "341502002001"))
    waiting, draft, other = make_vacancy("in_review", near), make_vacancy("draft", near), make_vacancy("in_review", far)
    district, township = make_user(Role.REVIEWER), make_user(Role.CLERK, area_code="341502001")
    assert set(queries.vacancies_to_review(township)) == {waiting}
    assert set(queries.vacancies_to_review(district)) == {waiting, other}
    assert seen(township) == {waiting, draft}
    assert seen(district) == {waiting, draft, other}
    assert not queries.vacancies_to_review(make_user(Role.TOWNSHIP)).exists()


def test_applicant_still_sees_a_vacancy_that_is_over() -> None:
    user = make_user(Role.RESIDENT)
    closed = make_vacancy("closed")
    make_application(closed, "declined", person=make_person(user=user))
    assert seen(user) == {closed}
    assert seen(make_user(Role.RESIDENT)) == set()


def test_one_whose_records_became_one_still_sees_what_is_theirs() -> None:
    user, kept = make_user(Role.RESIDENT), make_person()
    make_person(user=user, merged_into=kept)
    sent = make_application(make_vacancy("closed"), person=kept)
    assert list(queries.applications_of(user)) == [sent] and seen(user) == {sent.vacancy}


def test_applications_are_of_the_person_and_to_the_employer() -> None:
    user, vacancy = make_user(Role.RESIDENT), make_vacancy()
    mine = make_application(vacancy, person=make_person(user=user))
    other, withdrawn = make_application(make_vacancy()), make_application(vacancy, "withdrawn")
    assert list(queries.applications_of(user)) == [mine]
    assert list(queries.applications_to(employer_of(vacancy.employer))) == [mine]
    assert not queries.applications_to(user).exists()
    assert withdrawn not in queries.applications_to(employer_of(other.vacancy.employer))


@pytest.mark.parametrize(
    ("state", "shown"), [("sent", False), ("seen", False), ("accepted", True), ("hired", True), ("declined", False)]
)
def test_telephone_is_shown_to_an_applicant_once_the_employer_wants_to_meet(state: str, shown: bool) -> None:
    user, vacancy = make_user(Role.RESIDENT), make_vacancy(contact_phone=PHONE)
    make_application(vacancy, state, person=make_person(user=user))
    assert queries.contact_phone_for(user, vacancy) == (PHONE if shown else None)


def test_telephone_is_shown_to_its_employer_and_those_who_serve_and_to_no_other_employer() -> None:
    vacancy = make_vacancy(contact_phone=PHONE)
    assert queries.contact_phone_for(employer_of(vacancy.employer), vacancy) == PHONE
    assert queries.contact_phone_for(make_user(Role.SPECIALIST), vacancy) == PHONE
    for other in (employer_of(make_organisation()), make_user(Role.RESIDENT), make_user(Role.LEADER)):
        assert queries.contact_phone_for(other, vacancy) is None


@pytest.mark.parametrize("role", [Role.CLERK, Role.TOWNSHIP, Role.REVIEWER])
def test_telephone_is_for_officers_of_the_area_where_the_work_is(role: Role) -> None:
    vacancy = make_vacancy(workplace=make_workplace(area=make_area("341502001001")), contact_phone=PHONE)
    for area_code, shown in (("341502001", True), ("341502", True), ("", True), ("341502002", False)):
        phone = queries.contact_phone_for(make_user(role, area_code=area_code), vacancy)
        assert phone == (PHONE if shown else None), area_code
    nowhere = make_vacancy(contact_phone=PHONE)
    assert queries.contact_phone_for(make_user(role, area_code="341502001"), nowhere) is None


def test_telephone_is_sealed_in_the_table() -> None:
    vacancy = make_vacancy(contact_phone=PHONE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT contact_phone FROM work_vacancy WHERE id = %s", [vacancy.pk])
        assert PHONE.encode() not in bytes(cursor.fetchone()[0])
    with pytest.raises(FieldError):
        Vacancy.objects.filter(contact_phone=PHONE).exists()


def test_vacancies_about_to_lapse_are_of_the_viewer() -> None:
    place = make_workplace(area=make_area("341502001001"))
    soon = make_vacancy(workplace=place, open_until=TODAY + timedelta(days=6))
    make_vacancy(workplace=place, open_until=TODAY + timedelta(days=7))
    make_vacancy(open_until=TODAY)
    for viewer in (employer_of(place.organisation), make_user(Role.SPECIALIST, area_code="341502001")):
        assert list(queries.lapsing_vacancies(viewer, TODAY, 7)) == [soon]
    assert queries.lapsing_vacancies(make_user(Role.OPERATOR), TODAY, 7).count() == 2
    assert not queries.lapsing_vacancies(make_user(Role.RESIDENT), TODAY, 7).exists()


def test_introductions_are_of_the_person_of_the_maker_and_of_their_operator() -> None:
    user, maker = make_user(Role.RESIDENT), make_user(Role.SPECIALIST)
    operator = make_organisation("operator")  # type: ignore[arg-type]
    colleague = make_user(Role.OPERATOR)
    Membership.objects.create(user=colleague, organisation=operator)
    made = Introduction.objects.create(
        person=make_person(user=user), vacancy=make_vacancy(), made_by=maker, operator=operator
    )
    Introduction.objects.create(person=make_person(), vacancy=make_vacancy(), made_by=make_user(Role.SPECIALIST))
    assert list(queries.introductions_of(user)) == [made]
    assert list(queries.introductions_made_by(maker)) == list(queries.introductions_made_by(colleague)) == [made]


def test_list_of_vacancies_takes_one_statement_however_long() -> None:
    place = make_workplace()
    for _ in range(5):
        make_vacancy(workplace=place, open_until=LAST_DAY)
    user = employer_of(place.organisation)
    with CaptureQueriesContext(connection) as caught:
        for vacancy in queries.vacancies_of(user).order_by("pk"):
            assert (vacancy.employer.name, vacancy.workplace.name, vacancy.occupation) is not None
    assert len(caught) == 2  # whom the viewer acts for, and the list
