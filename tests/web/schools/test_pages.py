"""Pages of the schools: the mapping of headings, a list from its upload to the city's payment."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries, Settings

from jiujin.accounts.models import Role, User
from jiujin.core.models import Event
from jiujin.schools.models import Enrolment, Intake
from jiujin.schools.services.upload_intake import upload_intake
from tests.accounts.people import someone
from tests.registry.factories import make_person
from tests.schools.factories import ACTOR, make_intake, make_school, school_user, student, write_list
from tests.schools.test_headings import strange_list
from tests.web.desk.worlds import PIXEL
from tests.web.scans import scan

pytestmark = pytest.mark.django_db
FEW_STATEMENTS = 10
TODAY = timezone.localdate().isoformat()


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(name: str, *parts: Any) -> str:
    return reverse(f"schools:{name}", args=parts)


def do(user: User, intake: Intake, act: str, **given: Any) -> Any:
    return of(user).post(address("intake", intake.pk), {"act": act, **given})


def file_of(path: Path) -> SimpleUploadedFile:
    return SimpleUploadedFile("名单.xlsx", path.read_bytes())


@pytest.mark.clause("3.4.3-list", "3.4.3-review", "3.4.3-payment", "2.4-intake")
def test_list_from_its_opening_to_the_citys_payment(tmp_path: Path) -> None:
    school, clerk = make_school(), someone(Role.CLERK)
    user = school_user(school)
    made = of(user).post(address("new"), {"year": 2022, "season": "autumn"})
    intake = Intake.objects.get(school=school)
    assert made.headers["location"] == address("intake", intake.pk)
    path = write_list(tmp_path / "a.xlsx", [student(1), student(2, 学制="2")])
    said = do(user, intake, "upload", file=file_of(path))
    page = of(user).get(said.headers["location"]).content.decode()
    assert "新增 2 人" in page or "测试学生1" in page
    assert "学制不符 1" in page and "宿舍" in page
    assert do(clerk, intake, "upload", file=file_of(path)).status_code == 404
    do(user, intake, "stamp", scan=SimpleUploadedFile("章.png", PIXEL))
    intake.refresh_from_db()
    assert intake.state == "stamped" and intake.copied_at is not None
    assert do(user, intake, "reply", number="甲", replied_on=TODAY).status_code == 404
    wrong = do(clerk, intake, "reply", number="六人社1号", replied_on=TODAY, refused="99 不在")
    assert wrong.status_code == 422 and "不在这份名单里" in wrong.content.decode()
    do(clerk, intake, "reply", number="六人社1号", replied_on=TODAY, refused="3 学制不符")
    assert intake.replies.get().accepted_count == 1
    assert do(clerk, intake, "paid", voucher="P1", paid_on="2030-02-01").status_code == 422, "a day to come"
    do(clerk, intake, "paid", voucher="P1", paid_on=TODAY)
    intake.refresh_from_db()
    assert intake.state == "paid"


def test_unknown_headings_lead_to_the_page_where_they_are_mapped_once(tmp_path: Path) -> None:
    intake = make_intake()
    user = school_user(intake.school)
    path = strange_list(tmp_path / "a.xlsx")
    refused = do(user, intake, "upload", file=file_of(path))
    assert refused.status_code == 422 and address("headings") in refused.content.decode()
    looked = of(user).post(address("headings"), {"look": "1", "file": file_of(path)}).content.decode()
    assert "乙栏" in looked and "假定" in looked
    bad = of(user).post(address("headings"), {"heading": ["甲栏"], "fact": ["name"]})
    assert bad.status_code == 422
    wanted = {"甲栏": "name", "乙栏": "id_number", "丙栏": "enrolled_on", "丁栏": "schooling_years"}
    of(user).post(address("headings"), {"heading": list(wanted), "fact": list(wanted.values())})
    assert do(user, intake, "upload", file=file_of(path)).status_code == 302
    assert intake.enrolments.count() == 2


def test_stamped_list_and_the_citys_letter_are_looked_at_by_both_sides_and_no_other_school() -> None:
    intake, clerk = make_intake(), someone(Role.CLERK)
    user, stranger = school_user(intake.school), school_user(make_school())
    Enrolment.objects.create(intake=intake, school=intake.school, person=make_person(), row=2)
    do(user, intake, "stamp", scan=SimpleUploadedFile("章.png", PIXEL))
    do(clerk, intake, "return", number="六人社2号", replied_on=TODAY, reasons="缺页", scan=scan("退回.png"))
    assert intake.replies.get().scan.name == "退回.png"
    intake.refresh_from_db()
    paper = address("paper", intake.stamped_list.pk)
    for viewer in (user, clerk):
        page = of(viewer).get(address("intake", intake.pk)).content.decode()
        assert "章.png" in page and "退回.png" in page
        assert of(viewer).get(paper).status_code == 200
    assert of(stranger).get(paper).status_code == 404
    about = {"about": f"schools.intake:{intake.pk}"}
    assert of(user).post(address("attach"), about | {"file": scan()}).status_code == 404
    of(clerk).post(address("attach"), about | {"file": scan("补.png")})
    assert "补.png" in of(clerk).get(address("intake", intake.pk)).content.decode()


def test_printed_list_has_whole_numbers_and_leaves_an_event(tmp_path: Path) -> None:
    intake = make_intake()
    upload_intake(intake=intake, path=write_list(tmp_path / "a.xlsx", [student(1)]), actor=ACTOR)
    user = school_user(intake.school)
    answer = of(user).post(address("printed", intake.pk))
    cells = [cell for row in load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True) for cell in row]
    assert student(1)["公民身份号码"] in cells and "学校（盖章）：" in cells
    assert Event.objects.filter(verb="intake_list_printed").count() == 1
    assert of(school_user(make_school())).post(address("printed", intake.pk)).status_code == 404


def test_another_schools_list_looks_like_none(tmp_path: Path) -> None:
    intake, stranger = make_intake(), school_user(make_school())
    upload_intake(intake=intake, path=write_list(tmp_path / "a.xlsx", [student(1)]), actor=ACTOR)
    assert of(stranger).get(address("intake", intake.pk)).status_code == 404
    assert of(stranger).get(address("student", intake.enrolments.get().pk)).status_code == 404


def test_student_leaves_or_is_taken_off_the_list_by_the_school(tmp_path: Path) -> None:
    intake = make_intake()
    upload_intake(intake=intake, path=write_list(tmp_path / "a.xlsx", [student(1), student(2)]), actor=ACTOR)
    user, (first, second) = school_user(intake.school), intake.enrolments.order_by("row")
    of(user).post(address("student", first.pk), {"act": "left", "left_on": "2022-10-01"})
    gone = of(user).post(address("student", second.pk), {"act": "remove"})
    assert gone.headers["location"] == address("intake", intake.pk)
    assert [str(each.left_on) for each in intake.enrolments.all()] == ["2022-10-01"]


def test_lists_take_few_statements_and_hold_a_mark(
    tmp_path: Path, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    intake = make_intake()
    lines = [student(number, 学制="2" if number == 7 else "3") for number in range(60)]
    upload_intake(intake=intake, path=write_list(tmp_path / "a.xlsx", lines), actor=ACTOR)
    client = of(someone(Role.CLERK))
    with django_assert_max_num_queries(FEW_STATEMENTS):
        client.get(address("list"))
    with django_assert_max_num_queries(FEW_STATEMENTS):
        page = client.get(address("intake", intake.pk) + "?mark=wrong_years").content.decode()
    assert page.count("data-row=") == 1
