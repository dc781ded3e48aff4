"""Services that a phone sends when it can: each once, only of the viewer's people, refused with a reason."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from jiujin.accounts.models import Role
from jiujin.work.models import ServiceRecord
from tests.web.desk.worlds import WEST, desk_of, officer, resident, today

pytestmark = pytest.mark.django_db


def record(person: int, **given: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "person": person,
        "kind": "call",
        "served_on": str(today()),
        "note": "约了面试",
        **given,
    }


def send(desk: Client, *records: Any) -> list[dict[str, str]]:
    answer = desk.post("/desk/services/take/", json.dumps({"records": records}), content_type="application/json")
    assert answer.status_code == 200
    return answer.json()["answers"]  # type: ignore[no-any-return]


def test_three_records_sent_twice_are_three() -> None:
    me, person = officer(), resident()
    desk, records = desk_of(me), [record(person.pk, note=f"第{n}次") for n in range(3)]
    for _ in range(2):
        assert [answer["state"] for answer in send(desk, *records)] == ["kept"] * 3
    assert ServiceRecord.objects.count() == 3
    assert {str(pk) for pk in ServiceRecord.objects.values_list("pk", flat=True)} == {r["id"] for r in records}
    assert {s.served_by_id for s in ServiceRecord.objects.all()} == {me.pk}


def test_one_bad_record_does_not_hold_up_the_others() -> None:
    mine, other = resident(), resident(WEST)
    answers = send(
        desk_of(officer()),
        record(mine.pk),
        record(other.pk),
        record(mine.pk, served_on=str(today() + timedelta(days=2))),
        record(mine.pk, kind="telepathy"),
        record(mine.pk, id="no-uuid"),
        "nothing",
        {},
    )
    assert [answer["state"] for answer in answers] == ["kept", *["refused"] * 6]
    assert "不在您的服务范围内" in answers[1]["why"]
    assert all(answer.get("why") for answer in answers[1:])
    assert ServiceRecord.objects.count() == 1


def test_id_of_another_s_record_is_refused() -> None:
    person = resident()
    taken = record(person.pk)
    send(desk_of(officer()), taken)
    assert send(desk_of(officer()), taken)[0]["state"] == "refused"
    assert ServiceRecord.objects.count() == 1


@pytest.mark.parametrize("body", ["", "nothing", "[]", '{"records": {}}', '{"records": 3}'])
def test_what_cannot_be_read_is_refused_whole_and_says_that_the_phone_keeps_it(body: str) -> None:
    answer = desk_of(officer()).post("/desk/services/take/", body, content_type="application/json")
    assert answer.status_code == 422 and "记录还在手机里" in answer.json()["error"]


def test_phone_gets_masked_people_of_the_viewer_and_a_token() -> None:
    me, mine, other = officer(), resident(name="张小兰", phone="13800001234"), resident(WEST)
    told = desk_of(me).get("/desk/services/ready/").json()
    assert told["user"] == me.pk and len(told["token"]) > 30
    assert [person["id"] for person in told["people"]] == [mine.pk] and other.pk != mine.pk
    text = json.dumps(told, ensure_ascii=False)
    assert "张*兰" in text and "张小兰" not in text and "13800001234" not in text and mine.id_number not in text


def test_page_kept_for_bad_times_names_nobody_and_its_script_keeps_no_other_page() -> None:
    me, person = officer(Role.CLERK), resident(name="张小兰")
    desk = desk_of(me)
    page = desk.get("/desk/services/offline/").content.decode()
    assert me.display_name not in page and "张" not in page.replace("主张", "") and person.name not in page
    worker = desk.get("/desk/offline-worker.js")
    script = worker.content.decode()
    assert worker.headers["content-type"] == "text/javascript"
    assert "/desk/services/offline/" in script and "/desk/people/" not in script
    assert script == desk_of(officer()).get("/desk/offline-worker.js").content.decode(), "the same for everybody"
