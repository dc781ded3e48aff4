"""Whom a viewer sees, what lies in a circle, and who has a point of service near."""

from __future__ import annotations

import pytest
from django.utils import timezone

from jiujin.accounts.models import Role
from jiujin.circles.models import Circle
from jiujin.circles.queries import (
    circle_counts,
    circle_of,
    circles_seen_by,
    counts_of,
    people_in_circle,
    people_served_by,
    search_in_circle,
    service_points_near,
    share_with_service_point,
    vacancy_ids_in,
    work_in_circle,
)
from jiujin.circles.services.refresh_circle_members import refresh_members_of
from jiujin.registry.models import Consent, Person
from tests.accounts.people import someone
from tests.circles.factories import HERE, START, circle_seen_by, make_circle, make_community, make_point, operator_user
from tests.registry.factories import make_person
from tests.work.factories import make_placement, make_workplace
from tests.work.nearby.places import DAY, make_address, north_of, person_at, vacancy_at

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", [Role.CLERK, Role.REVIEWER, Role.TOWNSHIP, Role.SUPERVISOR, Role.LEADER])
def test_officer_sees_the_circles_of_their_area(role: Role) -> None:
    mine, other = make_circle(), make_circle(community=make_community("341502002001"))
    assert set(circles_seen_by(someone(role))) == {mine, other}
    assert list(circles_seen_by(someone(role, area_code="341502002"))) == [other]


def test_specialist_and_operator_see_their_own_circles_alone() -> None:
    for user in (someone(Role.SPECIALIST), operator_user()):
        make_circle(community=make_community("341502002001"))
        own = circle_seen_by(user)
        assert list(circles_seen_by(user)) == [own]
    for role in (Role.RESIDENT, Role.EMPLOYER, Role.SCHOOL, Role.FINANCE, Role.ADMINISTRATOR):
        assert not circles_seen_by(someone(role))


def test_specialist_serves_the_people_of_their_circles() -> None:
    user = someone(Role.SPECIALIST)
    circle, inside, outside = circle_seen_by(user), person_at(100), person_at(9000)
    refresh_members_of(circle, day=START)
    assert list(people_served_by(user)) == [inside]
    assert outside not in people_served_by(user)
    assert not people_served_by(someone(Role.SPECIALIST))


@pytest.mark.clause("3.1.1-offline")
def test_operator_serves_those_of_its_circles_who_agreed_and_whom_it_placed() -> None:
    user = operator_user()
    circle = circle_seen_by(user)
    agreed, silent, withdrawn, placed = person_at(100), person_at(100), person_at(100), make_person()
    for person in (agreed, withdrawn):
        Consent.objects.create(
            person=person,
            purpose="shared_with_operator",
            channel="paper",
            given_at=timezone.now(),
            recorded_by=someone(),
        )
    Consent.objects.filter(person=withdrawn).update(withdrawn_at=timezone.now())
    make_placement(person=placed, operator=circle.operator)
    refresh_members_of(circle, day=START)
    assert set(people_served_by(user)) == {agreed, placed}
    assert silent not in people_served_by(user)


def test_record_that_was_merged_away_is_served_by_nobody_and_counted_nowhere() -> None:
    user = someone(Role.SPECIALIST)
    circle, kept, gone = circle_seen_by(user), person_at(100), person_at(200)
    refresh_members_of(circle, day=START)
    Person.objects.filter(pk=gone.pk).update(merged_into=kept)
    assert list(people_served_by(user)) == list(people_in_circle(circle)) == [kept]
    assert circle_counts(circle, START).people == counts_of([circle], START)[circle.pk].people == 1
    assert work_in_circle(circle, START).at_work == 0


@pytest.mark.clause("3.1.1-goal")
def test_who_of_a_circle_works_within_it_is_counted_once_each() -> None:
    circle, near, far, unknown, left = make_circle(), person_at(100), person_at(200), person_at(300), person_at(400)
    refresh_members_of(circle, day=START)
    inside, outside = (make_workplace(address=make_address(north_of(metres))) for metres in (2000, 3100))
    for person, place in ((near, inside), (near, outside), (far, outside), (unknown, None)):
        make_placement(START, person=person, workplace=place)
    make_placement(START, person=left, workplace=inside, left_on=START)
    make_placement(START, person=person_at(9000), workplace=inside)
    reached = work_in_circle(circle, DAY)
    assert (reached.at_work, reached.within, reached.unplaced) == (3, 1, 1)


# --- in my circle ------------------------------------------------------------------------------------------------------


@pytest.mark.clause("3.1.1-circle", "3.1.1-goal")
def test_in_a_circle_both_home_and_place_of_work_lie_within_the_radius_of_its_base() -> None:
    circle, person = make_circle(), person_at(2900)
    across, close, outside = vacancy_at(-2900), vacancy_at(2950), vacancy_at(3100)
    page = search_in_circle(circle, person=person, day=DAY)
    assert [line.vacancy.pk for line in page.lines] == [close.pk, across.pk]
    assert [round(line.distance_m) for line in page.lines] == [50, 5800]
    assert page.radius_m == 3000
    assert outside.pk not in vacancy_ids_in(circle)
    assert search_in_circle(circle, person=person_at(3100), day=DAY).total == 0
    assert search_in_circle(circle, person=make_person(), day=DAY).total == 0


def test_too_many_vacancies_for_the_index_are_read_from_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    from jiujin.circles import queries

    circle = make_circle()
    inside = {vacancy_at(metres).pk for metres in (10, 20)}
    vacancy_at(5000)
    monkeypatch.setattr(queries, "TOP_MAX", 1)
    assert set(vacancy_ids_in(circle)) == inside


def test_circle_of_a_person_is_the_recorded_one_and_else_the_one_round_their_home() -> None:
    circle, person = make_circle(), person_at(100)
    assert circle_of(person, DAY) == circle
    assert circle_of(person_at(9000), DAY) is None
    assert circle_of(make_person(), DAY) is None
    near = make_circle(base_point=make_point(100))
    for each in (circle, near):
        refresh_members_of(each, day=START)
    assert circle_of(person, DAY) == near
    Circle.objects.update(end_on=START)
    assert circle_of(person, DAY) is None


# --- points of service -------------------------------------------------------------------------------------------------


def test_points_of_service_come_nearest_first_and_closed_ones_not() -> None:
    far, close = make_point(2000), make_point(-100)
    make_point(50, is_open=False)
    make_point(4000)
    found = service_points_near(*HERE, 3000)
    assert [(point, round(distance)) for point, distance in found] == [(close, 100), (far, 2000)]


@pytest.mark.clause("3.1.1-goal")
def test_share_counts_who_has_a_public_point_of_service_within_the_radius() -> None:
    make_point(0)
    make_point(9000, is_public=False)
    make_point(9000, is_open=False)
    within, without = person_at(2999), person_at(9000)
    make_person()
    reached = share_with_service_point(Person.objects.all(), 3000)
    assert (reached.within, reached.without, reached.no_point, reached.share) == (1, [without.pk], 1, 0.5)
    assert within.pk not in reached.without


def test_share_of_nobody_is_not_known() -> None:
    assert share_with_service_point(Person.objects.all(), 3000).share is None
    person = person_at(0)
    assert share_with_service_point(Person.objects.all(), 3000).without == [person.pk]
