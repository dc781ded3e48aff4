"""What phones send: sign-ins by the poster's code, and intents that were kept without a network; each is taken once."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from jiujin.accounts.models import Role
from jiujin.fairs.models import Fair, FairIntent, FairVisitor
from jiujin.registry.models import Membership, Person
from jiujin.values import make_demo_id
from tests.accounts.people import someone
from tests.fairs.factories import make_part
from tests.registry.factories import make_organisation, make_person
from tests.web.desk.worlds import EAST, resident
from tests.web.fairs.worlds import fair_today
from tests.work.factories import make_vacancy

pytestmark = pytest.mark.django_db


def sent(client: Client, address: str, records: Any) -> list[dict[str, str]]:
    answer = client.post(address, json.dumps({"records": records}), content_type="application/json")
    assert answer.status_code == 200, answer.content.decode()
    answers: list[dict[str, str]] = answer.json()["answers"]
    return answers


def door(fair: Fair) -> str:
    return f"/fairs/in/{fair.sign_in_code}/"


def at(minutes: int = 0) -> str:
    return (timezone.now() + timedelta(minutes=minutes)).isoformat()


# --- at the door -----------------------------------------------------------------------------------------------------


def test_queue_of_sign_ins_sent_twice_is_once() -> None:
    fair, employer, person = fair_today(), make_organisation(), make_person(phone="13800000001")
    records = [
        {"key": str(uuid4()), "kind": "visitor", "phone": "138 0000 0001", "at": at()},
        {"key": str(uuid4()), "kind": "visitor", "phone": "", "at": at()},
        {"key": str(uuid4()), "kind": "employer", "credit_code": employer.credit_code, "at": at()},
    ]
    for _again in range(2):
        assert [a["state"] for a in sent(Client(), f"{door(fair)}take/", records)] == ["kept"] * 3
    assert sorted(v.person_id or 0 for v in FairVisitor.objects.order_by("pk")) == [0, person.pk]
    assert fair.employers.get().employer == employer


def test_phone_that_several_share_links_nobody_and_nothing_is_said() -> None:
    fair = fair_today()
    make_person(phone="13800000002")
    make_person(phone="13800000002")
    [answer] = sent(Client(), f"{door(fair)}take/", [{"key": str(uuid4()), "kind": "visitor", "phone": "13800000002"}])
    assert answer["state"] == "kept" and set(answer) == {"key", "state"}
    assert FairVisitor.objects.get().person is None


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({"kind": "employer", "credit_code": "91340000MA2TEXT012"}, "没有找到这家单位"),
        ({"kind": "employer"}, "统一社会信用代码"),
        ({"kind": "visitor", "phone": "12"}, "手机号不对"),
        ({"kind": "visitor", "at": "noon"}, "不完整"),
        ({"kind": "visitor", "at": "2022-04-16T12:00"}, "不完整"),
        ({"kind": "visitor", "key": "1"}, "不完整"),
        ({"kind": "visitor", "at": "2022-04-16T12:00:00+08:00"}, "不能签到"),
        ("nothing", "不完整"),
    ],
)
def test_sign_in_that_cannot_be_is_refused_with_the_reason(record: Any, words: str) -> None:
    fair = fair_today()
    record = {"key": str(uuid4()), **record} if isinstance(record, dict) else record
    [answer] = sent(Client(), f"{door(fair)}take/", [record])
    assert answer["state"] == "refused" and words in answer["why"]
    assert not FairVisitor.objects.exists() and not fair.employers.exists()


def test_door_of_a_fair_that_is_not_approved_is_none() -> None:
    fair = fair_today(state="planned")
    assert Client().get(door(fair)).status_code == 404
    assert Client().post(f"{door(fair)}take/", "{}", content_type="application/json").status_code == 404


def test_without_scripts_the_form_signs_in_and_an_account_signs_in_its_own() -> None:
    fair, employer = fair_today(), make_organisation()
    page = Client().get(door(fair)).content.decode()
    assert fair.name in page and "我来找工作" in page
    assert "已签到" in Client().post(door(fair), {"key": uuid4(), "kind": "visitor"}, follow=True).content.decode()
    user = someone(Role.EMPLOYER)
    Membership.objects.create(user=user, organisation=employer)
    client = Client()
    client.force_login(user)
    client.post(door(fair), {"key": uuid4(), "kind": "employer"})
    assert fair.employers.get().employer == employer
    mine = make_person(user=someone(Role.RESIDENT))
    client.force_login(mine.user)
    client.post(door(fair), {"key": uuid4(), "kind": "visitor"})
    assert fair.visitors.filter(person=mine).exists()


def test_what_is_no_sending_is_told_and_nothing_kept() -> None:
    fair = fair_today()
    for body in ("", "[]", '{"records": 3}', '{"records": {}}'):
        answer = Client().post(f"{door(fair)}take/", body, content_type="application/json")
        assert answer.status_code == 422 and "记录还在手机里" in answer.json()["error"]
    assert "token" in Client().get(f"{door(fair)}token/").json()


# --- an officer's phone ------------------------------------------------------------------------------------------------


def officer_of(area: str = EAST[:9]) -> tuple[Any, Client]:
    me, client = someone(Role.TOWNSHIP, area_code=area), Client()
    client.force_login(me)
    return me, client


def test_thirty_intents_sent_twice_are_thirty() -> None:
    me, client = officer_of()
    fair = fair_today()
    employer = make_part(fair, at=timezone.now()).employer
    people = [resident() for _ in range(30)]
    records = [
        {"key": str(uuid4()), "fair": fair.pk, "person": p.pk, "employer": employer.pk, "at": at(-n)}
        for n, p in enumerate(people)
    ]
    for _again in range(2):
        assert {a["state"] for a in sent(client, "/fairs/record/take/", records)} == {"kept"}
    assert FairIntent.objects.filter(recorded_by=me, taken_back_at=None).count() == 30


def test_who_is_not_on_the_list_is_found_or_registered_by_the_number() -> None:
    _me, client = officer_of()
    fair = fair_today()
    employer = make_part(fair, at=timezone.now()).employer
    known = make_person()
    new = make_demo_id(timezone.localdate() - timedelta(days=9000), 7)
    for number, name in ((known.id_number, "别的写法"), (new, "新来的")):
        record = {"key": str(uuid4()), "fair": fair.pk, "employer": employer.pk, "id_number": number, "name": name}
        assert [a["state"] for a in sent(client, "/fairs/record/take/", [record])] == ["kept"]
    assert {i.person.name for i in FairIntent.objects.select_related("person")} == {known.name, "新来的"}
    assert Person.objects.filter(id_number_index=new).count() == 1


def test_intent_that_cannot_be_is_refused_with_the_reason_and_the_others_are_kept() -> None:
    _me, client = officer_of()
    fair = fair_today()
    employer, stranger = make_part(fair, at=timezone.now()).employer, make_person()
    good = {"key": str(uuid4()), "fair": fair.pk, "employer": employer.pk, "person": resident().pk}
    bad = [
        ({**good, "person": stranger.pk}, "不在这场招聘会的名单里"),
        ({**good, "person": None, "id_number": "123", "name": "甲"}, "没有保存"),
        ({**good, "employer": make_organisation().pk}, "没有参加"),
        ({**good, "fair": 0}, "没有找到"),
        ({**good, "vacancy": make_vacancy().pk}, "不是这家单位的"),
        ({**good, "at": "noon"}, "不完整"),
    ]
    answers = sent(client, "/fairs/record/take/", [{**r, "key": str(uuid4())} for r, _words in bad] + [good])
    assert [a["state"] for a in answers] == ["refused"] * len(bad) + ["kept"]
    for answer, (_record, words) in zip(answers, bad, strict=False):
        assert words in answer["why"]
    assert FairIntent.objects.count() == 1


def test_phone_is_given_masked_names_the_employers_and_their_vacancies() -> None:
    _me, client = officer_of()
    fair, person = fair_today(), resident(name="张小兰")
    visitor = make_person(name="外地来的")
    FairVisitor.objects.create(fair=fair, person=visitor, key=uuid4(), signed_in_at=timezone.now())
    make_part(fair, booth="A1")
    told = client.get(f"/fairs/{fair.pk}/record/ready/").json()
    assert [p["id"] for p in told["people"]] == [visitor.pk, person.pk], "who is there comes first"
    assert all("小兰" not in p["name"] for p in told["people"])
    assert told["employers"][0]["name"].startswith("A1 ")
    page = client.get(f"/fairs/{fair.pk}/record/").content.decode()
    assert "登记意向" in page and _me.display_name not in page, "the page that the phone keeps names nobody"
    worker = client.get("/fairs/record-worker.js")
    assert worker.headers["content-type"] == "text/javascript" and "fairs.js" in worker.content.decode()
