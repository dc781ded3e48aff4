"""The target of technical schools is counted from stamped lists, by the pack's own SQL."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pytest_django import Settings

from jiujin.accounts.models import Role
from jiujin.core.current_plan import current_plan
from jiujin.core.target_figures import figure_of
from jiujin.schools.models import Intake
from jiujin.schools.services.report_intake import record_city_reply, return_intake, stamp_intake
from jiujin.schools.services.upload_intake import upload_intake
from tests.accounts.people import someone
from tests.schools.factories import ACTOR, make_intake, make_school, school_user, stamped_scan, student, write_list

pytestmark = pytest.mark.django_db
NOW, DAY = datetime(2022, 11, 10, tzinfo=UTC), date(2022, 11, 20)


def counted() -> int | None:
    return figure_of(current_plan(), "school-intake", date(2022, 12, 31), "").counted


def send(intake: Intake) -> None:
    user = school_user(intake.school)
    stamp_intake(intake=intake, scan=stamped_scan(intake, user), now=NOW, actor=user)


@pytest.mark.clause("2.4-intake")
def test_new_full_time_students_of_stamped_lists_count_once_and_upgrades_and_refused_ones_do_not(
    tmp_path: Path, settings: Settings
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    school, clerk = make_school(), someone(Role.CLERK)
    before = make_intake(school, 2020)
    upload_intake(intake=before, path=write_list(tmp_path / "0.xlsx", [student(1, 入学时间="2020-09-01")]), actor=ACTOR)
    intake = make_intake(school)
    lines = [
        student(1, 培养层次="高级技工班", 入学文化程度="对口中级", 学制="2"),
        student(2),
        student(3),
        student(4, 就读形式="非全日制"),
        student(5, 入学时间="2021-09-01"),
    ]
    upload_intake(intake=intake, path=write_list(tmp_path / "1.xlsx", lines), actor=ACTOR)
    other = make_intake()
    upload_intake(intake=other, path=write_list(tmp_path / "2.xlsx", [student(2), student(6)]), actor=ACTOR)
    assert counted() == 0, "nothing is stamped"
    send(intake)
    assert counted() == 2
    send(other)
    assert counted() == 3, "a student of two lists is one"
    return_intake(intake=other, reasons="缺页", number="甲", replied_on=DAY, actor=clerk, today=DAY)
    assert counted() == 2
    refused = {intake.enrolments.get(row=4).pk: "已在外省入学"}
    record_city_reply(intake=intake, number="乙", replied_on=DAY, refused=refused, actor=clerk, today=DAY)
    assert counted() == 1
