"""The page of one service: its evidence, its correction, and the struck line in the file."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jiujin.accounts.models import Role, User
from jiujin.circles.queries import people_served_by
from jiujin.registry.models import EvidenceFile, Person
from jiujin.work.models import ServiceRecord
from tests.accounts.people import someone
from tests.web.desk.worlds import PIXEL, WEST, desk_of, officer, resident, today

pytestmark = pytest.mark.django_db


def served(person: Person, by: User, **given: Any) -> ServiceRecord:
    usual = {"kind": "call", "served_on": today(), "note": "问了近况"}
    return ServiceRecord.objects.create(person=person, served_by=by, **{**usual, **given})


def address(record: ServiceRecord, name: str = "service") -> str:
    return reverse(f"desk:{name}", args=[record.person_id, record.pk])


def told(**given: Any) -> dict[str, Any]:
    usual = {
        "id": uuid4(),
        "kind": "visit",
        "served_on": today().isoformat(),
        "note": "上门看了",
        "reason": "方式记错了",
    }
    return {**usual, **given}


def test_correction_is_shown_and_the_old_line_is_struck_in_the_file() -> None:
    me = officer()
    record, desk = served(resident(), me), desk_of(me)
    page = desk.post(address(record, "correct-service"), told(), follow=True).content.decode()
    assert "已更正。原来的记录留着，划了线。" in page and "这是更正后的记录" in page and "上门看了" in page
    file = desk.get(reverse("desk:person", args=[record.person_id])).content.decode()
    assert f'<s><a href="{address(record)}">电话</a></s>' in file and "已更正" in file and "方式记错了" in file
    old = desk.get(address(record)).content.decode()
    assert "这条记录已经更正或撤销" in old and "更正这条记录" not in old


def test_voided_service_is_struck_and_the_specialist_whose_only_tie_it_was_sees_the_person_no_more() -> None:
    me = someone(Role.SPECIALIST)
    record, desk = served(resident(), me), desk_of(me)
    assert list(people_served_by(me)) == [record.person]
    answer = desk.post(address(record, "void-service"), {"id": uuid4(), "reason": "不是这个人"})
    assert answer.headers["location"] == reverse("desk:people")
    assert list(people_served_by(me)) == []
    clerk = desk_of(someone())
    file = clerk.get(reverse("desk:person", args=[record.person_id])).content.decode()
    assert f'<s><a href="{address(record)}">电话</a></s>' in file and "已撤销" in file
    void = ServiceRecord.objects.get(corrects=record)
    assert "撤销的记录：这次服务没有发生" in clerk.get(address(void)).content.decode()


def test_what_cannot_be_is_told_and_nothing_changes() -> None:
    me = officer()
    record, desk = served(resident(), me), desk_of(me)
    for given, said in (({"reason": " "}, "这个字段是必填项"), ({"served_on": "2999-01-01"}, "还没有到")):
        answer = desk.post(address(record, "correct-service"), told(**given))
        assert answer.status_code == 422 and said in answer.content.decode()
    assert "要写明原因" in desk.post(address(record, "void-service"), {"id": uuid4()}, follow=True).content.decode()
    assert desk.post(address(record, "void-service"), {"id": "x", "reason": "错"}).status_code == 404
    assert ServiceRecord.objects.get().stands


def test_record_of_somebody_else_is_read_and_not_mended() -> None:
    record = served(resident(), officer())
    other = desk_of(officer())
    page = other.get(address(record)).content.decode()
    assert "问了近况" in page and "更正这条记录" not in page
    answer = other.post(address(record, "correct-service"), told(), follow=True)
    assert "不是您记的" in answer.content.decode() and ServiceRecord.objects.count() == 1


def test_service_of_another_person_or_area_is_no_page() -> None:
    me = officer()
    record, elsewhere = served(resident(), me), served(resident(WEST), someone())
    desk = desk_of(me)
    crossed = reverse("desk:service", args=[record.person_id, elsewhere.pk])
    for wrong in (crossed, address(elsewhere), address(elsewhere, "correct-service")):
        assert desk.get(wrong).status_code in (404, 405)
    assert desk.post(address(elsewhere, "void-service"), {"id": uuid4(), "reason": "错"}).status_code == 404


def test_signature_is_attached_on_the_service_s_own_page() -> None:
    me = officer()
    record, desk = served(resident(), me), desk_of(me)
    given = {"about": f"service:{record.pk}", "kind": "signature", "file": SimpleUploadedFile("签名.png", PIXEL)}
    answer = desk.post(reverse("desk:keep-evidence", args=[record.person_id]), given)
    assert answer.headers["location"] == address(record)
    kept = EvidenceFile.objects.get()
    assert (kept.subject_kind, kept.subject_id) == ("work.servicerecord", str(record.pk))
    assert "签名.png" in desk.get(address(record)).content.decode()
