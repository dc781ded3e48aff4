"""The demo district of the circle: points inside the outline, work near homes, sign-ins that have something to see."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from jiujin.accounts.models import User
from jiujin.circles.models import Circle, CirclePerson, ServicePoint
from jiujin.circles.queries import circle_of, circles_seen_by, people_served_by, search_in_circle
from jiujin.cli.demo_district import load_demo
from jiujin.core.current_plan import current_plan
from jiujin.plan.outline import Outline, read_outline
from jiujin.registry.demo_places import DemoPlaces
from jiujin.registry.models import Address, Area, Consent, Person
from jiujin.web.desk.queries import waiting_introductions
from jiujin.web.desk.scope import people_of
from jiujin.work.acting_for import organisation_acted_for
from jiujin.work.models import Application, Introduction, JobWish, ServiceRecord, Vacancy
from jiujin.work.nearby.search import NearFilters, search_near, vacancies_for
from jiujin.work.queries import applications_to
from tests.circles.factories import make_circle
from tests.work.factories import make_vacancy

pytestmark = pytest.mark.django_db
PEOPLE = 400


def points() -> list[Any]:
    """What issue two's part of the demo put in, without the numbers that the database gave."""
    vacancy = ("title", "form", "wage_min_fen", "wage_period", "state", "open_until", "workplace__name", "search")
    return [
        list(Area.objects.order_by("code").values_list("code", "lat", "lon", "point_is_invented")),
        list(Address.objects.order_by("id").values_list("lat", "lon", "point_source", "is_rough")),
        list(Vacancy.objects.order_by("id").values_list(*vacancy)),
        list(JobWish.objects.order_by("id").values_list("occupations", "wage_min_fen", "shifts", "schooling")),
        list(Circle.objects.order_by("id").values_list("name", "community", "radius_m", "base_point__name")),
        Counter(CirclePerson.objects.values_list("circle__name", flat=True)),
        list(Consent.objects.order_by("id").values_list("purpose", "channel")),
    ]


def test_same_seed_size_and_day_give_the_same_and_replacing_leaves_nothing_over() -> None:
    load_demo(people=PEOPLE, seed=1)
    first = points()
    load_demo(people=PEOPLE, seed=2, replace=True)
    assert points()[1] != first[1]
    load_demo(people=PEOPLE, seed=1, replace=True)
    assert points() == first


def test_everything_lies_inside_the_outline_and_is_marked_as_invented() -> None:
    load_demo(people=PEOPLE, seed=1)
    outline = read_outline(current_plan().id)
    assert outline is not None
    for lat, lon in Address.objects.order_by("id").values_list("lat", "lon"):
        assert outline.contains(lat, lon)
    for area in Area.objects.exclude(lat=None):
        assert area.lat is not None and area.lon is not None
        assert area.point_is_invented and outline.contains(area.lat, area.lon)
    assert Area.objects.filter(level="community", lat=None).count() == 0
    names = [*Circle.objects.values_list("name", flat=True), *ServicePoint.objects.values_list("name", flat=True)]
    assert all(name.startswith("演示") for name in names)


def test_demo_sign_ins_have_something_to_see() -> None:
    load_demo(people=PEOPLE, seed=1)
    user = {name: User.objects.get(username=name) for name in ("jumin", "danwei", "zhuanyuan", "yunying")}
    person = Person.objects.get(user=user["jumin"])
    assert person.phone and person.home is not None
    assert vacancies_for(person, top=5)
    circle = circle_of(person)
    assert circle is not None
    assert search_in_circle(circle, person=person).total >= 5
    employer = organisation_acted_for(user["danwei"])
    assert employer is not None and employer.vacancies.filter(state="open").count() >= 5
    for name in ("zhuanyuan", "yunying"):
        assert circles_seen_by(user[name]).count() == 2
        assert people_served_by(user[name]).exists()


def meetings() -> list[Any]:
    """Who met whom, without what the clock gave."""
    return [
        list(
            Application.objects.order_by("id").values_list("id", "state", "channel", "vacancy__title", "person__name")
        ),
        list(Introduction.objects.order_by("id").values_list("id", "state", "reasons", "made_by__username")),
        list(
            ServiceRecord.objects.order_by("id").values_list("id", "kind", "served_on", "note", "served_by__username")
        ),
    ]


def test_employer_specialist_operator_and_resident_find_life_on_their_pages() -> None:
    load_demo(people=PEOPLE, seed=1)
    user = {name: User.objects.get(username=name) for name in ("jumin", "danwei", "zhuanyuan", "yunying", "xiangzhen")}
    states = Counter(applications_to(user["danwei"]).values_list("state", flat=True))
    assert set(states) == {"sent", "seen", "accepted", "declined", "hired"} and sum(states.values()) >= 40
    assert waiting_introductions(people_of(user["zhuanyuan"])).count() >= 10
    for name in ("zhuanyuan", "yunying"):
        assert ServiceRecord.objects.filter(served_by=user[name], person__in=people_served_by(user[name])).count() >= 5
    township = Area.objects.get(code=user["xiangzhen"].area_code)
    assert township.level == "township" and people_served_by(user["xiangzhen"]).exists()
    for name, address in (("danwei", "/hiring/applications/"), ("zhuanyuan", "/desk/?list=introductions")):
        client = Client()
        client.force_login(user[name])
        assert client.get(address).content.decode().count("<tr") > 10


def test_same_seed_lets_the_same_people_meet_and_replacing_leaves_no_meeting_over() -> None:
    load_demo(people=PEOPLE, seed=1)
    first = meetings()
    load_demo(people=PEOPLE, seed=2, replace=True)
    assert meetings() != first
    load_demo(people=PEOPLE, seed=1, replace=True)
    assert meetings() == first


def test_vacancies_are_found_by_their_words() -> None:
    load_demo(people=PEOPLE, seed=1)
    circle = Circle.objects.order_by("pk")[0]
    lat, lon = circle.community.lat, circle.community.lon
    assert lat is not None and lon is not None
    found = search_near(lat=lat, lon=lon, radius_m=5000, filters=NearFilters(words="保洁"), day=timezone.localdate())
    assert found.total > 0
    assert all(
        "保洁" in line.vacancy.title + line.vacancy.description + "".join(line.vacancy.skills) for line in found.lines
    )


def test_replacing_leaves_real_circles_and_vacancies() -> None:
    load_demo(people=10, seed=1)
    circle, vacancy = make_circle(), make_vacancy()
    vacancy.employer.is_synthetic = False
    vacancy.employer.save()
    load_demo(people=10, seed=2, replace=True)
    assert Circle.objects.filter(pk=circle.pk).exists()
    assert Vacancy.objects.filter(pk=vacancy.pk).exists()


def test_pack_without_an_outline_still_gets_places_of_its_own() -> None:
    places = DemoPlaces(plan=current_plan().model_copy(update={"areas": {}}), seed=1)
    assert places.middles == {}
    assert places.urban_towns == []


def test_outline_tells_inside_from_outside_and_a_hole() -> None:
    square = ((0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0), (0.0, 0.0))
    hole = ((1.0, 1.0), (3.0, 1.0), (3.0, 3.0), (1.0, 3.0), (1.0, 1.0))
    outline = Outline((square, hole), "", "")
    assert outline.bounds() == (0.0, 0.0, 4.0, 4.0)
    assert outline.contains(0.5, 0.5)
    assert not outline.contains(2, 2)
    assert not outline.contains(5, 2)
    assert not outline.contains(2, -1)
