"""Who belongs to a circle, with dates; its base; its specialists; its counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection

from jiujin.accounts.models import Role
from jiujin.circles.errors import BaseUnknown, DayInvalid, NameTaken, NotSpecialist, RadiusInvalid, RadiusUnset
from jiujin.circles.models import Circle, CircleFirm, CirclePerson, Duty
from jiujin.circles.queries import circle_counts, circle_of, count_history, counts_of
from jiujin.circles.radius import circle_radius_m
from jiujin.circles.services.assign_specialist import assign_specialist, relieve_specialist
from jiujin.circles.services.open_circle import end_circle, open_circle
from jiujin.circles.services.place_in_circles import place_in_circles
from jiujin.circles.services.refresh_circle_members import MembersChanged, refresh_circle_members
from jiujin.circles.services.set_base import preview_base, set_base
from jiujin.core.current_plan import current_plan
from jiujin.core.models import Event
from jiujin.registry.models import Address
from tests.accounts.people import someone
from tests.circles.factories import START, make_circle, make_community, make_point
from tests.registry.factories import make_organisation, make_person
from tests.work.factories import make_workplace
from tests.work.nearby.places import make_address, north_of, person_at

pytestmark = pytest.mark.django_db
LATER = START + timedelta(days=40)


def refresh(circle: Circle, day: object = START) -> MembersChanged:
    return refresh_circle_members(circle=circle, day=day, actor="system:test")  # type: ignore[arg-type]


def firm_at(metres: float, **given: object) -> object:
    firm = make_organisation(**given)
    make_workplace(firm, address=make_address(north_of(metres)))
    return firm


@pytest.mark.clause("3.1.1-circle")
def test_circle_has_the_radius_that_the_plan_states() -> None:
    assert circle_radius_m(current_plan(), START) == 3000
    circle = open_circle(name="甲", community=make_community(), start_on=START, actor=someone())
    assert circle.radius_m == 3000
    bare = current_plan().model_copy(update={"parameters": {}})
    with pytest.raises(RadiusUnset):
        circle_radius_m(bare, START)


@pytest.mark.clause("3.1.1-circle")
def test_people_and_small_firms_within_three_kilometres_belong_and_others_do_not() -> None:
    inside, edge = person_at(2000), person_at(2999.9)
    person_at(3000.5)
    make_person()
    small, large = firm_at(1000, declared_small=True), firm_at(1500, declared_small=False)
    firm_at(4000, declared_small=True)
    circle = make_circle()
    changed = refresh(circle)
    assert (changed.people, changed.firms) == (2, 2)
    assert set(circle.people.order_by("pk").values_list("person", flat=True)) == {inside.pk, edge.pk}
    assert dict(circle.firms.order_by("pk").values_list("organisation", "is_small")) == {
        small.pk: True,
        large.pk: False,
    }
    assert dict(circle.people.order_by("pk").values_list("person", "distance_m"))[inside.pk] == 2000


def test_base_is_the_point_of_service_and_else_the_middle_of_the_community() -> None:
    person = person_at(5000)
    community = make_community()
    assert refresh(make_circle(community=community)).people == 0
    assert refresh(make_circle(community=community, base_point=make_point(4000))).people == 1
    assert refresh(make_circle(community=community, base_point=make_point(address=None))).people == 0
    nowhere = make_circle(community=make_community("341502001002", metres=None))
    with pytest.raises(BaseUnknown, match="基点"):
        refresh(nowhere)
    assert circle_of(person, START) is not None


def test_who_moves_out_belongs_until_the_day_before_and_history_stays() -> None:
    person, circle = person_at(100), make_circle()
    refresh(circle)
    Address.objects.filter(pk=person.home_id).update(lat=north_of(9000)[0])
    changed = refresh(circle, LATER)
    assert (changed.people_out, changed.people) == (1, 0)
    held = CirclePerson.objects.get()
    assert (held.start_on, held.end_on) == (START, LATER - timedelta(days=1))
    Address.objects.filter(pk=person.home_id).update(lat=north_of(50)[0])
    again = LATER + timedelta(days=5)
    refresh(circle, again)
    assert [circle_counts(circle, day).people for day in (START, LATER - timedelta(days=1), LATER, again)] == [
        1,
        1,
        0,
        1,
    ]


def test_refresh_twice_on_one_day_changes_nothing_and_writes_one_event() -> None:
    person_at(100)
    circle = make_circle()
    assert refresh(circle).any
    rows = list(CirclePerson.objects.values())
    assert not refresh(circle).any
    assert list(CirclePerson.objects.values()) == rows
    assert Event.objects.filter(verb="circle_members_changed").count() == 1


def test_who_comes_and_goes_on_one_day_leaves_a_row_that_holds() -> None:
    person, circle = person_at(100), make_circle()
    refresh(circle)
    Address.objects.filter(pk=person.home_id).update(lat=north_of(9000)[0])
    refresh(circle)
    held = CirclePerson.objects.get()
    assert (held.start_on, held.end_on) == (START, START)


def test_firm_whose_size_becomes_known_begins_a_new_row() -> None:
    firm, circle = firm_at(100, declared_small=None), make_circle()
    refresh(circle)
    assert circle_counts(circle, START).size_unknown == 1
    firm.declared_small = True  # type: ignore[attr-defined]
    firm.save()  # type: ignore[attr-defined]
    refresh(circle, LATER)
    assert circle_counts(circle, LATER - timedelta(days=1)).small_firms == 0
    assert circle_counts(circle, LATER).small_firms == 1
    assert CircleFirm.objects.count() == 2


def test_size_of_a_firm_is_the_plan_s_table_s_once_its_facts_are_known() -> None:
    large = firm_at(100, declared_small=True, industry="F52", headcount=60, revenue_fen=8_000_000_000)
    small = firm_at(200, declared_small=False, industry="F52", headcount=3)
    declared = firm_at(300, declared_small=True)
    circle = make_circle()
    refresh(circle)
    sizes = dict(circle.firms.order_by("pk").values_list("organisation", "is_small"))
    assert sizes == {large.pk: False, small.pk: True, declared.pk: True}  # type: ignore[attr-defined]
    assert not refresh(circle, LATER).any


def test_merged_record_and_closed_place_of_work_do_not_count() -> None:
    kept = person_at(100)
    person_at(100, merged_into=kept)
    firm = make_organisation()
    make_workplace(firm, address=make_address(north_of(10)), is_open=False)
    changed = refresh(make_circle())
    assert (changed.people, changed.firms) == (1, 0)


def test_person_belongs_once_at_a_time() -> None:
    circle, person = make_circle(), make_person()
    CirclePerson.objects.create(circle=circle, person=person, start_on=START, distance_m=1)
    with pytest.raises(IntegrityError, match="one_open_circle_person"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO circles_circleperson (circle_id, person_id, start_on, distance_m) VALUES (%s, %s, %s, 2)",
            [circle.pk, person.pk, LATER],
        )


def test_new_person_is_placed_at_once_as_a_refresh_would() -> None:
    circle, far = make_circle(), make_circle(community=make_community("341502001002", metres=50_000))
    person = person_at(1234)
    assert place_in_circles(person=person, day=START, actor=someone()) == [circle]
    before = list(CirclePerson.objects.values("circle", "person", "distance_m", "end_on"))
    refresh(circle)
    refresh(far)
    assert list(CirclePerson.objects.values("circle", "person", "distance_m", "end_on")) == before
    person.home = None
    person.save()
    assert place_in_circles(person=person, day=LATER, actor=someone()) == []
    assert CirclePerson.objects.get().end_on == LATER - timedelta(days=1)


# --- the base ----------------------------------------------------------------------------------------------------------


def test_preview_says_who_would_come_and_go_and_changes_nothing() -> None:
    for metres in (-2900, 0, 6000):
        person_at(metres)
    circle, point = make_circle(), make_point(4000)
    refresh(circle)
    rows = list(CirclePerson.objects.order_by("pk").values())
    effect = preview_base(circle=circle, base_point=point, radius_m=3000, day=LATER)
    assert (effect.people_in, effect.people_out, effect.people) == (1, 2, 1)
    assert list(CirclePerson.objects.order_by("pk").values()) == rows
    circle.refresh_from_db()
    assert circle.base_point is None
    assert set_base(circle=circle, base_point=point, radius_m=3000, operator=None, day=LATER, actor=someone()) == effect
    circle.refresh_from_db()
    assert circle.base_point == point


@pytest.mark.parametrize("radius_m", [0, -1, 10**9])
def test_impossible_radius_is_refused(radius_m: int) -> None:
    circle = make_circle()
    with pytest.raises(RadiusInvalid):
        preview_base(circle=circle, base_point=None, radius_m=radius_m, day=START)


def test_two_circles_of_one_name_are_refused() -> None:
    community = make_community()
    open_circle(name="甲", community=community, start_on=START, actor=someone())
    with pytest.raises(NameTaken, match="甲"):
        open_circle(name=" 甲 ", community=community, start_on=START, actor=someone())


def test_ended_circle_has_nobody_afterwards() -> None:
    person_at(10)
    circle = make_circle()
    refresh(circle)
    end_circle(circle=circle, end_on=LATER, actor=someone())
    assert circle_counts(circle, LATER).people == 1
    assert circle_counts(circle, LATER + timedelta(days=1)).people == 0
    with pytest.raises(DayInvalid):
        end_circle(circle=circle, end_on=LATER, actor=someone())


def test_counts_of_several_circles_are_those_of_each_in_two_statements(django_assert_num_queries: object) -> None:
    person_at(10)
    firm_at(20, declared_small=True)
    circles = [make_circle(), make_circle(community=make_community("341502001002", metres=9000))]
    for circle in circles:
        refresh(circle)
    with django_assert_num_queries(2):  # type: ignore[operator]
        counts = counts_of(circles, START)
    assert counts == {circle.pk: circle_counts(circle, START) for circle in circles}


def test_history_is_the_day_and_the_month_ends_since_the_circle_began() -> None:
    circle = make_circle()
    days = [line.day.isoformat() for line in count_history(circle, START.replace(month=5, day=20))]
    assert days == ["2022-05-20", "2022-04-30", "2022-03-31"]


# --- specialists -------------------------------------------------------------------------------------------------------


@pytest.mark.clause("3.1.2-specialists")
def test_specialist_is_assigned_once_and_relieved_with_a_date() -> None:
    circle, specialist, clerk = make_circle(), someone(Role.SPECIALIST), someone()
    first = assign_specialist(circle=circle, user=specialist, start_on=START, actor=clerk)
    assert assign_specialist(circle=circle, user=specialist, start_on=LATER, actor=clerk) == first
    relieve_specialist(circle=circle, user=specialist, day=LATER, actor=clerk)
    first.refresh_from_db()
    assert first.end_on == LATER - timedelta(days=1)
    assert first.duty == Duty.SPECIALIST
    assert Event.objects.filter(subject_kind="circles.circle").count() == 2
    with pytest.raises(NotSpecialist):
        assign_specialist(circle=circle, user=clerk, start_on=START, actor=clerk)


@pytest.mark.clause("3.1.2-specialists")
def test_holder_of_a_grassroots_post_looks_after_a_circle_as_that() -> None:
    circle, holder = make_circle(), someone(Role.SPECIALIST)
    assigned = assign_specialist(circle=circle, user=holder, start_on=START, duty=Duty.POST_HOLDER, actor=someone())
    assert assigned.get_duty_display() == "基层特定岗位人员"
    assert Event.objects.get(verb="specialist_assigned").details["duty"] == "post_holder"
