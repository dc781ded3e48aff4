"""Registering someone at the counter: all at once or not at all, and nobody twice."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from jiujin.accounts.models import Role
from jiujin.circles.queries import people_in_circle
from jiujin.registry.models import Person
from jiujin.values import make_demo_id
from jiujin.work.models import ServiceRecord
from tests.accounts.people import someone
from tests.circles.factories import make_circle, make_community
from tests.registry.factories import make_area
from tests.web.desk.days import BORN
from tests.web.desk.worlds import EAST, WEST, desk_of, officer, resident

pytestmark = pytest.mark.django_db
NUMBER = make_demo_id(BORN, 501)


def told(**given: Any) -> dict[str, Any]:
    make_area(EAST)
    usual = {
        "id_number": NUMBER,
        "name": "赵新来",
        "phone": "13800005555",
        "area": EAST,
        "category": "migrant",
        "is_looking": "on",
        "forms_wanted": ["labour_contract", "part_time"],
        "shifts": ["day"],
        "schooling": "3",
        "wage_min": "3,000",
        "consents": ["contacted"],
        "channel": "paper",
    }
    return {**usual, **given}


def test_one_page_registers_place_status_wish_consent_and_the_service() -> None:
    me = officer()
    answer = desk_of(me).post("/desk/counter/register/", told())
    person = Person.objects.get(id_number_index=NUMBER)
    assert answer.headers["location"] == reverse("desk:registered", args=[person.pk])
    assert (person.name, person.phone, person.born_on, person.home_area_id) == ("赵新来", "13800005555", BORN, EAST)
    assert person.priority_statuses.get().category == "migrant"
    assert (person.wish.forms, person.wish.wage_min_fen, person.wish.schooling) == (
        ["labour_contract", "part_time"],
        300_000,
        3,
    )
    assert (person.consents.get().purpose, person.consents.get().channel) == ("contacted", "paper")
    assert (person.services.get().kind, person.services.get().served_by) == ("counter", me)


def test_rough_point_of_the_community_is_the_home_until_it_is_known_better() -> None:
    area = make_area(EAST)
    area.lat, area.lon = 31.75, 116.5
    area.save()
    desk_of(officer()).post("/desk/counter/register/", told())
    home = Person.objects.get(id_number_index=NUMBER).home
    assert home is not None and (home.lat, home.lon, home.is_rough) == (31.75, 116.5, True)


def test_who_was_registered_belongs_to_the_circle_at_once_and_moves_out_of_it_with_the_home() -> None:
    east, west = make_community(EAST), make_community(WEST, metres=9000)
    circle, me = make_circle(community=east), someone()
    desk_of(me).post("/desk/counter/register/", told())
    person = Person.objects.get(id_number_index=NUMBER)
    assert list(people_in_circle(circle)) == [person]
    given = {"area": west.pk, "phone": "", "is_looking": "on"}
    assert desk_of(me).post(reverse("desk:situation", args=[person.pk]), given).status_code == 302
    assert list(people_in_circle(circle)) == []


def test_specialist_sees_whom_they_registered() -> None:
    desk = desk_of(someone(Role.SPECIALIST))
    answer = desk.post("/desk/counter/register/", told(), follow=True)
    assert answer.status_code == 200 and "赵新来 已登记" in answer.content.decode()


def test_registered_twice_opens_the_file_that_is_there() -> None:
    desk = desk_of(officer())
    desk.post("/desk/counter/register/", told())
    answer = desk.post("/desk/counter/register/", told())
    person = Person.objects.get(id_number_index=NUMBER)
    assert answer.headers["location"] == reverse("desk:person", args=[person.pk])
    assert ServiceRecord.objects.count() == 1


def test_registered_elsewhere_is_refused_without_showing_who() -> None:
    resident(WEST, id_number=NUMBER, name="西村人", born_on=BORN)
    page = desk_of(officer()).post("/desk/counter/register/", told(), follow=True).content.decode()
    assert "没有再登记一次" in page and "西村人" not in page


def test_same_name_and_birth_are_shown_before_saving_and_saved_once_somebody_looked() -> None:
    there = resident(name="赵新来", born_on=BORN, id_number=None, sex=None)
    far = resident(WEST, name="赵新来", born_on=BORN, id_number=None, sex=None)
    desk = desk_of(officer())
    form = told(id_number="", born_on=str(BORN), sex="male")
    answer = desk.post("/desk/counter/register/", form)
    page = answer.content.decode()
    assert answer.status_code == 422 and "可能已经登记过" in page
    assert f"/desk/people/{there.pk}/" in page and f"/desk/people/{far.pk}/" not in page
    assert Person.objects.count() == 2
    desk.post("/desk/counter/register/", {**form, "not_the_same": "on"})
    assert Person.objects.count() == 3


def test_without_a_number_the_birth_is_asked_for_and_without_a_telephone_a_code_is_offered() -> None:
    desk = desk_of(officer())
    refused = desk.post("/desk/counter/register/", told(id_number="", phone=""))
    assert refused.status_code == 422 and "没有身份证号时要填出生日期" in refused.content.decode()
    page = desk.post("/desk/counter/register/", told(id_number="", born_on=str(BORN), phone=""), follow=True)
    assert "没有电话" in page.content.decode() and "登录码" in page.content.decode()


def test_family_s_telephone_is_taken_and_said() -> None:
    resident(phone="13800005555")
    page = desk_of(officer()).post("/desk/counter/register/", told(), follow=True).content.decode()
    assert "另有 1 人在用" in page


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("id_number", "990000199001010010", "没有保存"),
        ("phone", "一二三", "只填 5 到 15 位数字"),
        ("wage_min", "三千", "金额"),
        ("name", " ", "必填项"),
        ("area", WEST, "选择"),
        ("category", "rich", "选择"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(field: str, value: str, said: str) -> None:
    answer = desk_of(officer()).post("/desk/counter/register/", told(**{field: value}))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Person.objects.exists()


def test_script_in_a_name_is_only_text() -> None:
    page = desk_of(officer()).post("/desk/counter/register/", told(name="<script>x</script>"), follow=True)
    assert "<script>x" not in page.content.decode()
