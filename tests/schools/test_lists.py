"""Lists of new students: read, checked, told apart, stamped, replied to."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from jiujin.accounts.models import Role
from jiujin.core.models import Event
from jiujin.registry.models import Person
from jiujin.schools.errors import FieldInvalid, ListEmpty, NotASchool, StepImpossible
from jiujin.schools.models import Enrolment, Intake
from jiujin.schools.queries import enrolments_seen_by, intakes_seen_by, progress
from jiujin.schools.services.pay_intake import pay_intake
from jiujin.schools.services.report_intake import (
    record_city_reply,
    record_finishing,
    record_leaving,
    remove_students,
    return_intake,
    stamp_intake,
)
from jiujin.schools.services.upload_intake import open_intake, upload_intake
from tests.accounts.people import someone
from tests.registry.factories import make_organisation, make_person
from tests.schools.factories import (
    ACTOR,
    make_intake,
    make_school,
    school_user,
    stamped_scan,
    student,
    student_number,
    write_list,
)

pytestmark = pytest.mark.django_db
LATER = date(2026, 1, 1)  # when all of it is over
NOW = datetime(2022, 11, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def upload(intake: Intake, tmp_path: Path, lines: list[dict[str, Any]]) -> Any:
    return upload_intake(intake=intake, path=write_list(tmp_path / "list.xlsx", lines), actor=ACTOR)


def told(intake: Intake, number: int) -> Enrolment:
    return intake.enrolments.get(person__id_number_index=student_number(number))


def test_spring_and_autumn_are_two_intakes_of_a_school_and_one_is_opened_once() -> None:
    school = make_school()
    spring, autumn = (make_intake(school, 2022, season) for season in ("spring", "autumn"))
    assert spring.pk != autumn.pk and make_intake(school, 2022, "spring").pk == spring.pk
    with pytest.raises(NotASchool):
        open_intake(school=make_organisation(), year=2022, season="spring", actor=ACTOR)


def test_list_uploaded_twice_changes_nothing_the_second_time(tmp_path: Path) -> None:
    intake, lines = make_intake(), [student(number) for number in range(30)]
    first = upload(intake, tmp_path, lines)
    before = list(Enrolment.objects.order_by("pk").values())
    second = upload(intake, tmp_path, lines)
    assert (first.made, second.made, second.changed, second.same, second.gone) == (30, 0, 0, 30, 0)
    assert list(Enrolment.objects.order_by("pk").values()) == before
    assert Person.objects.count() == 30


def test_shorter_list_tells_who_is_gone_and_takes_nobody_off_by_itself(tmp_path: Path) -> None:
    intake = make_intake()
    upload(intake, tmp_path, [student(1), student(2), student(3)])
    done = upload(intake, tmp_path, [student(1), student(2, 学制="2")])
    assert (done.gone, done.changed, done.same) == (1, 1, 1)
    assert intake.enrolments.count() == 3
    assert remove_students(intake=intake, ids=[told(intake, 3).pk], actor=ACTOR) == 1
    assert Event.objects.filter(verb="student_removed").count() == 1


def test_rows_that_cannot_be_taken_say_why_and_leave_the_others_alone(tmp_path: Path) -> None:
    make_person(id_number=student_number(4), name="另一个人", born_on=date(2006, 9, 1))
    lines = [
        student(1),
        student(2, 公民身份号码="34150220060901001"),
        student(1, 学制="2"),
        student(3, 姓名=""),
        student(4),
        student(5, 培养层次="不知道的班"),
    ]
    intake = make_intake()
    done = upload(intake, tmp_path, lines)
    assert {each.row for each in done.refused} == {3, 4, 5, 6}
    assert (done.made, told(intake, 5).verdict) == (2, "unknown")
    assert any("培养层次" in cell or "班级类型" in cell for cell in done.cells)


def test_row_of_another_school_is_refused(tmp_path: Path) -> None:
    intake = make_intake()
    headings = ("姓名", "公民身份号码", "学校名称")
    lines = [student(1, 学校名称="别的学校"), student(2, 学校名称=intake.school.name)]
    path = write_list(tmp_path / "a.xlsx", lines, headings)
    done = upload_intake(intake=intake, path=path, actor=ACTOR)
    assert (done.made, done.refused[0].row) == (1, 2)


@pytest.mark.clause("3.4.2-middle", "3.4.2-senior", "3.4.2-technician", "3.4.2-system")
def test_wrong_path_and_wrong_years_are_told_apart_with_what_the_plan_allows(tmp_path: Path) -> None:
    intake = make_intake()
    upload(intake, tmp_path, [
        student(1),
        student(2, 学制="2"),
        student(3, 培养层次="预备技师班", 学制="3"),
        student(4, 培养层次="高级技工班", 学制="5"),
        student(5, 就读形式="非全日制"),
    ])  # fmt: skip
    assert [told(intake, number).verdict for number in range(1, 6)] == ["met", "unmet", "unmet", "met", "unmet"]
    assert [told(intake, number).marks for number in range(1, 6)] == [[], ["wrong_years"], ["wrong_path"], [], []]
    assert "学制是 3 年，名单写 2 年" in told(intake, 2).reasons[0]
    assert "没有“初中”读“预备技师班”" in told(intake, 3).reasons[0]
    assert any("全日制" in reason for reason in told(intake, 5).reasons)


@pytest.mark.clause("3.4.3-upgrade")
def test_upgrade_within_the_school_is_found_by_history_though_the_list_says_none(tmp_path: Path) -> None:
    school, elsewhere = make_school(), make_school()
    upload(make_intake(school, 2020), tmp_path, [student(1, 入学时间="2020-09-01")])
    upload(make_intake(elsewhere, 2020), tmp_path, [student(2, 入学时间="2020-09-01")])
    intake = make_intake(school, 2022)
    senior = {"培养层次": "高级技工班", "入学文化程度": "对口中级", "学制": "2", "转升": "无"}
    done = upload(intake, tmp_path, [student(number, **senior) for number in (1, 2, 3)])
    assert [(told(intake, n).upgraded_from, told(intake, n).verdict) for n in (1, 2, 3)] == [
        ("same_school", "unmet"), ("other_school", "met"), ("none", "met"),
    ]  # fmt: skip
    assert [told(intake, n).marks for n in (1, 2, 3)] == [["upgraded"], ["upgraded"], []]
    assert done.made == 3
    again = upload(intake, tmp_path, [student(number, **senior) for number in (1, 2, 3)])
    assert (again.changed, told(intake, 1).upgraded_from) == (0, "same_school")


def test_duplicates_across_schools_and_years_are_told(tmp_path: Path) -> None:
    school, other = make_school(), make_school()
    upload(make_intake(other), tmp_path, [student(1)])
    upload(make_intake(school, 2022, "spring"), tmp_path, [student(2, 入学时间="2022-03-01")])
    intake = make_intake(school)
    upload(intake, tmp_path, [student(1), student(2), student(3)])
    assert [told(intake, number).marks for number in (1, 2, 3)] == [["two_schools"], ["two_years"], []]
    assert other.name in told(intake, 1).reasons[0]


@pytest.mark.clause("3.4.3-list", "3.4.3-review", "3.4.3-payment")
def test_list_goes_stamped_to_the_city_comes_back_and_is_replied_to_and_paid(tmp_path: Path) -> None:
    intake, clerk = make_intake(), someone(Role.CLERK)
    user = school_user(intake.school)
    with pytest.raises(ListEmpty):
        stamp_intake(intake=intake, scan=stamped_scan(intake, user), now=NOW, actor=user)
    upload(intake, tmp_path, [student(1), student(2)])
    strange = make_intake()
    with pytest.raises(FieldInvalid):
        stamp_intake(intake=intake, scan=stamped_scan(strange, user), now=NOW, actor=user)
    scan = stamped_scan(intake, user)
    stamped = stamp_intake(intake=intake, scan=scan, now=NOW, actor=user)
    assert (stamped.state, stamped.copied_at) == ("stamped", NOW)
    assert Event.objects.get(verb="intake_stamped").details["sm3"] == scan.sm3
    with pytest.raises(StepImpossible):
        upload(intake, tmp_path, [student(1)])

    fields: dict[str, Any] = {"intake": intake, "replied_on": date(2022, 11, 20), "actor": clerk, "today": LATER}
    returned = return_intake(reasons="缺两名学生的学制", number="六人社〔2022〕1号", **fields)
    assert (returned.state, returned.return_reasons) == ("returned", "缺两名学生的学制")
    upload(intake, tmp_path, [student(1), student(2), student(3)])
    stamp_intake(intake=intake, scan=scan, now=NOW, actor=user)
    refused = {told(intake, 2).pk: "已在外省入学"}
    with pytest.raises(FieldInvalid):
        record_city_reply(number="六人社〔2022〕2号", refused={0: "不在"}, **fields)
    with pytest.raises(FieldInvalid, match="还没有到"):
        record_city_reply(number="六人社〔2022〕2号", refused={}, **fields | {"today": date(2022, 11, 19)})
    reply = record_city_reply(number="六人社〔2022〕2号", refused=refused, **fields)
    assert (reply.accepted_count, reply.refused) == (2, {str(told(intake, 2).pk): "已在外省入学"})
    assert record_city_reply(number="六人社〔2022〕2号", refused=refused, **fields).pk == reply.pk
    with pytest.raises(FieldInvalid):
        pay_intake(intake=intake, voucher="P1", paid_on=date(2022, 11, 19), actor=clerk, today=LATER)
    with pytest.raises(FieldInvalid, match="还没有到"):
        pay_intake(intake=intake, voucher="P1", paid_on=date(2022, 12, 1), actor=clerk, today=date(2022, 11, 30))
    assert pay_intake(intake=intake, voucher="P1", paid_on=date(2022, 12, 1), actor=clerk, today=LATER).state == "paid"
    assert [told(intake, number).payment is not None for number in (1, 2, 3)] == [True, False, True]
    assert [told(intake, number).proof for number in (1, 2, 3)] == [3, 2, 3]


def test_student_who_left_is_told_and_cannot_finish(tmp_path: Path) -> None:
    intake = make_intake()
    upload(intake, tmp_path, [student(1), student(2)])
    with pytest.raises(FieldInvalid):
        record_leaving(enrolment=told(intake, 1), left_on=date(2022, 8, 31), actor=ACTOR, today=LATER)
    record_leaving(enrolment=told(intake, 1), left_on=date(2022, 10, 1), actor=ACTOR, today=LATER)
    with pytest.raises(FieldInvalid):
        record_finishing(enrolment=told(intake, 1), finished_on=date(2025, 6, 30), actor=ACTOR, today=LATER)
    record_finishing(
        enrolment=told(intake, 2), finished_on=date(2025, 6, 30), certificate_number="Z1", actor=ACTOR, today=LATER
    )
    counted = progress(Intake.objects.filter(pk=intake.pk)).get()
    assert (counted.students, counted.left, counted.finished, counted.certified) == (2, 1, 1, 1)  # type: ignore[attr-defined]


def test_school_sees_its_own_lists_and_the_district_every_one(tmp_path: Path) -> None:
    intake, other = make_intake(), make_intake()
    upload(intake, tmp_path, [student(1)])
    assert set(intakes_seen_by(school_user(intake.school))) == {intake}
    assert set(intakes_seen_by(someone(Role.CLERK))) == {intake, other}
    assert not intakes_seen_by(someone(Role.TOWNSHIP)).exists()
    assert not enrolments_seen_by(school_user(other.school)).exists()


# --- twenty thousand -----------------------------------------------------------------------------------------------------


PLANTED = 20_000
KINDS = ("plain", "upgraded", "two_schools", "two_years", "wrong_path", "wrong_years", "part_time")


def kind_of(number: int) -> str:
    """What is planted in a row: one in eight is something, the others are plain."""
    return KINDS[1 + number // 8 % 6] if number % 8 == 0 else "plain"


def planted(number: int) -> dict[str, Any]:
    """A student's row of the list under test."""
    return student(number, **{
        "upgraded": {"培养层次": "高级技工班", "入学文化程度": "对口中级", "学制": "2"},
        "wrong_path": {"培养层次": "高级技工班", "入学文化程度": "大专", "学制": "3"},
        "wrong_years": {"学制": "4"},
        "part_time": {"就读形式": "非全日制"},
    }.get(kind_of(number), {}))  # fmt: skip


def test_twenty_thousand_students_with_planted_faults_are_all_told_apart(tmp_path: Path) -> None:
    """The oracle is the planting itself, in plain Python; nothing of the checker is asked."""
    school, other = make_school(), make_school()
    of_kind = {kind: [n for n in range(PLANTED) if kind_of(n) == kind] for kind in KINDS}
    history = [student(n, 入学时间="2020-09-01") for n in of_kind["upgraded"]]
    upload(make_intake(school, 2020), tmp_path, history)
    upload(make_intake(other), tmp_path, [student(n) for n in of_kind["two_schools"]])
    spring = [student(n, 入学时间="2022-03-01") for n in of_kind["two_years"]]
    upload(make_intake(school, 2022, "spring"), tmp_path, spring)

    intake = make_intake(school)
    done = upload(intake, tmp_path, [planted(n) for n in range(PLANTED)])
    assert (done.made, done.refused, done.cells) == (PLANTED, [], [])
    marked = {"upgraded", "two_schools", "two_years", "wrong_path", "wrong_years"}
    unmet = {"upgraded", "wrong_path", "wrong_years", "part_time"}
    wanted = Counter(
        (kind_of(n), "unmet" if kind_of(n) in unmet else "met", (kind_of(n),) if kind_of(n) in marked else ())
        for n in range(PLANTED)
    )
    by_name = {f"测试学生{n}": kind_of(n) for n in range(PLANTED)}
    rows = intake.enrolments.order_by("pk").values_list("person__name", "verdict", "marks")
    assert Counter((by_name[name], verdict, tuple(marks)) for name, verdict, marks in rows) == wanted
