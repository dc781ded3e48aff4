"""Schools and lists for tests. The layout is assumed (假定): the national system's export has not been seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from jiujin.accounts.models import Role, User
from jiujin.registry.models import EvidenceFile, Membership, Organisation, OrganisationKind
from jiujin.registry.services.keep_evidence import keep_evidence
from jiujin.schools.models import Intake
from jiujin.schools.services.upload_intake import open_intake
from jiujin.values import make_demo_id
from tests.accounts.people import someone
from tests.registry.factories import make_organisation
from tests.web.desk.worlds import PIXEL

ACTOR = "system:test"
ASSUMED = (
    "序号",
    "学籍号",
    "姓名",
    "公民身份号码",
    "入学时间",
    "就读形式",
    "入学文化程度",
    "培养层次",
    "学制",
    "转升",
    "宿舍",
)
BORN = date(2006, 9, 1)
Line = dict[str, Any]


def make_school(**given: Any) -> Organisation:
    """A technical school."""
    return make_organisation(OrganisationKind.TECHNICAL_SCHOOL, **given)


def school_user(school: Organisation) -> User:
    """Somebody who signs in for a school."""
    user = someone(Role.SCHOOL)
    Membership.objects.create(user=user, organisation=school)
    return user


def make_intake(school: Organisation | None = None, year: int = 2022, season: str = "autumn") -> Intake:
    """An open list."""
    return open_intake(school=school or make_school(), year=year, season=season, actor=ACTOR)


def student(number: int, **given: Any) -> Line:
    """A student as an export has one: by default the middle class after junior middle school, three years."""
    line = {
        "姓名": f"测试学生{number}", "公民身份号码": student_number(number), "入学时间": "2022-09-01", "就读形式": "全日制",
        "入学文化程度": "初中", "培养层次": "中级技工班", "学制": "3", "转升": "无", "学籍号": f"X{number}",
    }  # fmt: skip
    return line | given


def student_number(number: int) -> str:
    """The identity number of one of up to a few hundred thousand invented students."""
    day = date.fromordinal(BORN.toordinal() - number // 900)
    return make_demo_id(day, number % 900)


def write_list(path: Path, lines: Iterable[Line], headings: Sequence[str] = ASSUMED) -> Path:
    """A workbook in the assumed layout."""
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("学生")
        sheet.write_row(0, 0, headings)
        for at, line in enumerate(lines, start=1):
            sheet.write_row(at, 0, [line.get(heading, "") for heading in headings])
    return path


def stamped_scan(intake: Intake, actor: User) -> EvidenceFile:
    """A scan of a stamped list."""
    upload = SimpleUploadedFile("盖章名单.png", PIXEL)
    return keep_evidence(subject=intake, upload=upload, kind="stamped_enrolment_list", actor=actor)
