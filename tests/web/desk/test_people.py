"""The list of people, the one field that finds anybody, and the file."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from jiujin.accounts.models import Role
from jiujin.core.models import Event
from jiujin.registry.models import Person
from jiujin.work.models import Introduction, JobWish, Occupation, ServiceRecord
from tests.registry.factories import make_area, make_status
from tests.web.desk.worlds import EAST, WEST, desk_of, officer, open_vacancy, resident, today
from tests.web.statements import STATEMENTS_MAX, statements_of
from tests.work.factories import make_placement

pytestmark = pytest.mark.django_db
SERVERS = [Role.TOWNSHIP, Role.CLERK, Role.REVIEWER]


def pages_of_a_person(pk: int) -> list[str]:
    """Every page that belongs to one person and can be read."""
    return [
        reverse(f"desk:{name}", args=[pk])
        for name in ("person", "person-panel", "recommend", "registered", "new-placement", "situation")
    ]


@pytest.mark.parametrize("role", SERVERS)
def test_people_of_another_township_are_on_no_page(role: Role) -> None:
    me, mine, other = officer(role), resident(name="东村人"), resident(WEST, name="西村人")
    desk = desk_of(me)
    listed = desk.get("/desk/people/").content.decode()
    assert f'data-row="{mine.pk}"' in listed and f'data-row="{other.pk}"' not in listed
    for address in pages_of_a_person(other.pk):
        assert desk.get(address).status_code == 404, address
    for name in ("show", "consent", "code", "put-forward", "serve", "keep-evidence"):
        assert desk.post(reverse(f"desk:{name}", args=[other.pk]), {"field": "phone"}).status_code == 404, name
    assert other.pk and "西村人" not in desk.get("/desk/people.csv").content.decode()


def test_placement_of_another_township_is_on_no_page() -> None:
    desk, its = desk_of(officer()), make_placement(person=resident(WEST))
    assert desk.get(reverse("desk:placement", args=[its.pk])).status_code == 404
    for name in ("contract", "leave", "months"):
        assert desk.post(reverse(f"desk:{name}", args=[its.pk])).status_code == 404, name


def test_list_masks_names_numbers_and_telephones() -> None:
    person = resident(name="张小兰", phone="13800001234")
    page = desk_of(officer()).get("/desk/people/").content.decode()
    table = page.split('id="people"')[1].split("<aside")[0]
    assert "张*兰" in table and "138****1234" in table
    assert "张小兰" not in table and "13800001234" not in page and person.id_number not in page


def test_list_filters_by_what_people_do_and_searches_by_name() -> None:
    looking, idle, working = resident(name="甲甲"), resident(name="乙乙"), resident(name="丙丙")
    JobWish.objects.create(person=idle, is_looking=False)
    make_placement(today() - timedelta(days=10), person=working)
    desk = desk_of(officer())

    def rows(query: str) -> set[int]:
        page = desk.get(f"/desk/people/?{query}").content.decode()
        return {person.pk for person in (looking, idle, working) if f'data-row="{person.pk}"' in page}

    assert rows("state=looking") == {looking.pk}
    assert rows("state=idle") == {idle.pk}
    assert rows("state=working") == {working.pk}
    assert rows("q=乙") == {idle.pk}
    assert rows("q=乙&state=working") == set()


def test_list_costs_the_same_however_many() -> None:
    desk, counts = desk_of(officer()), []
    for more in (2, 18):
        for _ in range(more):
            make_status(resident(), "migrant", today())
        counts.append(len(statements_of(desk, "/desk/people/")))
    assert counts[0] == counts[1] <= STATEMENTS_MAX


def test_whole_number_opens_the_file_and_stands_in_no_address() -> None:
    person, desk = resident(), desk_of(officer())
    answer = desk.post("/desk/find/", {"q": f"张三 {person.id_number}"})
    assert answer.headers["location"] == reverse("desk:person", args=[person.pk])
    assert desk.get("/desk/find/").status_code == 405


def test_number_of_somebody_elsewhere_is_said_to_be_registered_and_shows_nothing() -> None:
    other, desk = resident(WEST, name="西村人"), desk_of(officer())
    page = desk.post("/desk/find/", {"q": other.id_number}, follow=True).content.decode()
    assert "不在您的服务范围内" in page and "西村人" not in page


def test_unknown_number_leads_to_the_counter_with_number_and_name_filled_in() -> None:
    gone = resident()
    number = gone.id_number
    gone.delete()
    page = desk_of(officer()).post("/desk/find/", {"q": f"{number} 赵新来"}).content.decode()
    assert f'value="{number}"' in page and 'value="赵新来"' in page


def test_telephone_of_a_family_offers_each_of_them() -> None:
    mother, son, desk = resident(phone="13800001111"), resident(phone="13800001111"), desk_of(officer())
    page = desk.post("/desk/find/", {"q": "13800001111"}).content.decode()
    assert f"/desk/people/{mother.pk}/" in page and f"/desk/people/{son.pk}/" in page
    lone = resident(phone="13800002222")
    answer = desk.post("/desk/find/", {"q": "13800002222"})
    assert answer.headers["location"] == reverse("desk:person", args=[lone.pk])


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("9900001990010100", "位数不对"),
        ("990000199001010010", "没有查找"),
        ("", "没有读到内容"),
        ("13899990000", "没有人用这个电话"),
    ],
)
def test_what_cannot_be_found_is_said_with_the_mend(typed: str, said: str) -> None:
    page = desk_of(officer()).post("/desk/find/", {"q": typed}, follow=True).content.decode()
    assert said in page


def test_file_shows_one_line_of_time_and_whole_values_only_by_a_post_that_leaves_an_event() -> None:
    me = officer()
    person, vacancy = resident(phone="13800003333"), open_vacancy(title="缝纫工")
    ServiceRecord.objects.create(person=person, kind="visit", served_on=today(), served_by=me, note="家里走访")
    Introduction.objects.create(person=person, vacancy=vacancy, made_by=me, reasons=["离家近"])
    placement = make_placement(today() - timedelta(days=40), person=person)
    desk = desk_of(me)
    page = desk.get(reverse("desk:person", args=[person.pk])).content.decode()
    for words in ("家里走访", "缝纫工", "离家近", placement.employer.name, "等答复", "138****3333"):
        assert words in page
    assert "13800003333" not in page and person.id_number not in page
    before = Event.objects.count()
    shown = desk.post(reverse("desk:show", args=[person.pk]), {"field": "phone"}).content.decode()
    assert "13800003333" in shown and person.id_number not in shown
    assert Event.objects.count() == before + 1
    assert desk.post(reverse("desk:show", args=[person.pk]), {"field": "user"}).status_code == 404


def test_consent_is_given_and_taken_back_for_one_purpose() -> None:
    person, desk = resident(), desk_of(officer())
    address = reverse("desk:consent", args=[person.pk])
    desk.post(address, {"purpose": "contacted", "channel": "paper", "step": "give"})
    held = person.consents.get()
    assert (held.purpose, held.channel, held.withdrawn_at) == ("contacted", "paper", None)
    desk.post(address, {"purpose": "contacted", "step": "withdraw"})
    assert person.consents.get().withdrawn_at is not None
    assert desk.post(address, {"purpose": "everything"}).status_code == 404


def test_sign_in_code_is_shown_once_and_kept_nowhere() -> None:
    person, desk = resident(), desk_of(officer())
    page = desk.post(reverse("desk:code", args=[person.pk])).content.decode()
    code = page.split('class="big-code"')[1].split("<code>")[1].split("<")[0]
    assert code.replace(" ", "").isdigit()
    assert code not in desk.get(reverse("desk:person", args=[person.pk])).content.decode()


def test_service_noted_from_the_file_is_once_however_often_it_is_sent() -> None:
    person, desk, id = resident(), desk_of(officer()), str(uuid4())
    for _ in range(2):
        desk.post(
            reverse("desk:serve", args=[person.pk]),
            {"id": id, "kind": "call", "note": "约了周五面试", "served_on": str(today())},
        )
    assert person.services.get().note == "约了周五面试"


def test_merged_record_is_nobody_s_any_more() -> None:
    kept, gone, desk = resident(), resident(), desk_of(officer())
    gone.merged_into = kept
    gone.save()
    assert desk.get(reverse("desk:person", args=[gone.pk])).status_code == 404


def test_area_named_in_the_file_is_the_community_under_its_township() -> None:
    make_area(EAST)
    page = desk_of(officer()).get(reverse("desk:person", args=[resident().pk])).content.decode()
    assert f"区域{EAST[:9]} 区域{EAST}" in page


def test_telephone_community_and_wish_are_changed_together_and_what_was_wished_stays_to_choose() -> None:
    person, desk = resident(phone="13800004444"), desk_of(officer())
    area = make_area(f"{EAST[:9]}002")
    area.lat, area.lon = 31.7, 116.4
    area.save()
    Occupation.objects.create(code="4090801", name="保洁员")
    JobWish.objects.create(person=person, occupations=["4090801"])
    address = reverse("desk:situation", args=[person.pk])
    page = desk.get(address).content.decode()
    assert "138****4444" in page and "13800004444" not in page and "保洁员" in page
    told = {"phone": "", "area": area.code, "is_looking": "on", "shifts": ["night"], "occupations": ["4090801"]}
    assert desk.post(address, told).headers["location"] == reverse("desk:person", args=[person.pk])
    person = Person.objects.get(pk=person.pk)
    assert (person.phone, person.home_area_id, person.wish.shifts) == ("13800004444", area.code, ["night"])
    assert person.home is not None and (person.home.lat, person.home.is_rough) == (31.7, True)
    desk.post(address, {**told, "no_phone": "1"})
    assert Person.objects.get(pk=person.pk).phone is None
    refused = desk.post(address, {**told, "wage_min": "很多"})
    assert refused.status_code == 422 and "金额" in refused.content.decode()
