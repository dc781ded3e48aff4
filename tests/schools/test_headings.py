"""The headings of an export that nobody has seen yet are mapped once and saved."""

from __future__ import annotations

from pathlib import Path

import pytest

from jiujin.accounts.models import Role
from jiujin.schools.errors import FieldInvalid, HeadingsUnknown
from jiujin.schools.headings import headings_in, saved_headings, suggest
from jiujin.schools.services.save_headings import save_headings
from jiujin.schools.services.upload_intake import upload_intake
from tests.accounts.people import someone
from tests.schools.factories import ACTOR, ASSUMED, make_intake, student, write_list

pytestmark = pytest.mark.django_db
STRANGE = {"姓名": "甲栏", "公民身份号码": "乙栏", "入学时间": "丙栏", "学制": "丁栏"}


def strange_list(path: Path, count: int = 2) -> Path:
    """A list whose headings say nothing."""
    headings = [STRANGE.get(heading, heading) for heading in ASSUMED]
    lines = [{STRANGE.get(key, key): value for key, value in student(number).items()} for number in range(count)]
    return write_list(path, lines, headings)


def test_headings_of_the_plans_own_words_are_suggested_and_others_left_open(tmp_path: Path) -> None:
    found = suggest(headings_in(write_list(tmp_path / "a.xlsx", [student(1)])), {})
    told = {each.heading: each.fact for each in found}
    assert (
        told["公民身份号码"] == "id_number" and told["培养层次"] == "class_type" and told["学制"] == "schooling_years"
    )
    assert told["宿舍"] == "" and told["序号"] == ""
    assert not any(each.is_saved for each in found)


def test_unknown_columns_never_stop_an_upload_and_are_told(tmp_path: Path) -> None:
    done = upload_intake(intake=make_intake(), path=write_list(tmp_path / "a.xlsx", [student(1)]), actor=ACTOR)
    assert done.made == 1
    assert done.unread == ["序号", "学籍号", "宿舍"]


def test_file_of_unknown_headings_is_mapped_once_and_the_next_one_is_read(tmp_path: Path) -> None:
    intake, path = make_intake(), strange_list(tmp_path / "a.xlsx")
    with pytest.raises(HeadingsUnknown) as told:
        upload_intake(intake=intake, path=path, actor=ACTOR)
    assert "乙栏" in told.value.headings
    wanted = {"甲栏": "name", "乙栏": "id_number", "丙栏": "enrolled_on", "丁栏": "schooling_years", "宿舍": ""}
    save_headings(school=intake.school, headings=wanted, actor=someone(Role.SCHOOL))
    done = upload_intake(intake=intake, path=path, actor=ACTOR)
    assert (done.made, done.refused, done.unread) == (2, [], ["序号", "学籍号"])
    other = make_intake(intake.school, 2023, "spring")
    assert upload_intake(intake=other, path=strange_list(tmp_path / "b.xlsx"), actor=ACTOR).made == 2
    stranger = make_intake()
    with pytest.raises(HeadingsUnknown):
        upload_intake(intake=stranger, path=path, actor=ACTOR)


@pytest.mark.parametrize(
    "headings",
    [{"甲": "name"}, {"甲": "id_number", "乙": "id_number"}, {"甲": "id_number", "乙": "bank_account"}],
)
def test_mapping_without_the_number_with_one_fact_twice_or_a_strange_fact_is_refused(headings: dict[str, str]) -> None:
    intake = make_intake()
    with pytest.raises(FieldInvalid):
        save_headings(school=intake.school, headings=headings, actor=someone(Role.SCHOOL))
    assert saved_headings(intake.school) == {}


def test_heading_that_is_passed_over_is_no_longer_taken_for_the_fact_it_resembles(tmp_path: Path) -> None:
    intake = make_intake()
    save_headings(school=intake.school, headings={"公民身份号码": "id_number", "转升": ""}, actor=someone(Role.SCHOOL))
    upload_intake(intake=intake, path=write_list(tmp_path / "a.xlsx", [student(1, 转升="本校")]), actor=ACTOR)
    assert intake.enrolments.get().upgraded_from == ""
