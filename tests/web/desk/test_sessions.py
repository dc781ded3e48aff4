"""A group session: read line by line, looked at, saved once."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from jiujin.accounts.models import User
from jiujin.values import make_demo_id
from jiujin.web.desk.session_lines import LINES_MAX, read_lines
from jiujin.work.models import GroupSession, ServiceRecord
from tests.web.desk.days import BORN
from tests.web.desk.worlds import WEST, desk_of, officer, resident, today

pytestmark = pytest.mark.django_db


def form(lines: str, **given: object) -> dict[str, object]:
    return {
        "id": str(uuid4()),
        "title": "家政培训宣讲",
        "held_on": str(today()),
        "place": "社区活动室",
        "lines": lines,
        **given,
    }


def test_each_line_is_known_or_says_what_to_do() -> None:
    me, one, far = officer(), resident(), resident(WEST)
    new = make_demo_id(BORN, 777)
    lines = read_lines(
        me,
        f"1, 张三, {one.id_number}\n\n{one.id_number}\n{far.id_number}\n李四 {new}\n12345\n{new[:-1]}{'0' if new[-1] != '0' else '1'}",
    )
    assert [line.row for line in lines] == [1, 3, 4, 5, 6, 7]
    assert [line.person for line in lines] == [one, None, None, None, None, None]
    assert "和第 1 行是同一个人" in lines[1].mend
    assert "先登记" in lines[2].mend and "先登记" in lines[3].mend
    assert (lines[3].number, lines[3].name) == (new, "李四")
    assert "没有 18 位身份证号" in lines[4].mend
    assert "校验" in lines[5].mend
    assert not any(person.id_number in line.shown for person in (one, far) for line in lines if person.id_number)


def test_lines_past_the_bound_are_said_and_not_read() -> None:
    lines = read_lines(officer(), "\n".join(["没有号码"] * (LINES_MAX + 5)))
    assert len(lines) == LINES_MAX + 1 and "后面 5 行没有读" in lines[-1].mend


def test_twenty_people_are_read_in_few_statements(django_assert_max_num_queries: object) -> None:
    me, people = officer(), [resident() for _ in range(20)]
    with django_assert_max_num_queries(2):  # type: ignore[operator]
        assert all(line.person for line in read_lines(me, "\n".join(str(p.id_number) for p in people)))


def test_looked_at_then_saved_once_with_the_ticked_ones() -> None:
    me = officer()
    pasted, ticked = [resident() for _ in range(3)], resident()
    told = form("\n".join(str(person.id_number) for person in pasted), person=[ticked.pk, pasted[0].pk])
    desk = desk_of(me)
    looked = desk.post("/desk/sessions/new/", told)
    assert "4 人到场" in looked.content.decode() and not GroupSession.objects.exists()
    for _ in range(2):
        saved = desk.post("/desk/sessions/new/", {**told, "save": "1"})
        assert saved.headers["location"] == reverse("desk:session", args=[told["id"]])
    assert ServiceRecord.objects.filter(session=told["id"], kind="session").count() == 4
    assert "家政培训宣讲" in desk.get("/desk/sessions/").content.decode()


def test_unknown_people_are_left_with_a_way_to_register_them() -> None:
    new, known = make_demo_id(BORN, 778), resident()
    page = desk_of(officer()).post("/desk/sessions/new/", form(f"{known.id_number}\n{new}", save="1")).content.decode()
    assert "还有人没有登记" in page and "第 2 行" in page and "去登记" in page
    assert ServiceRecord.objects.count() == 1


def test_nobody_to_save_saves_nothing() -> None:
    answer = desk_of(officer()).post("/desk/sessions/new/", form("12345", save="1"))
    assert answer.status_code == 200 and not GroupSession.objects.exists()


def test_session_is_its_holder_s_and_ticks_reach_nobody_else_s_people() -> None:
    other: User = officer()
    told = form(str(resident().id_number), person=[resident(WEST).pk], save="1")
    desk_of(other).post("/desk/sessions/new/", told)
    assert ServiceRecord.objects.count() == 1
    assert desk_of(officer()).get(reverse("desk:session", args=[told["id"]])).status_code == 404
