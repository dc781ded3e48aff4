"""The national classification of occupations, as the plans share it."""

from __future__ import annotations

from pathlib import Path

import pytest

from jiujin.plan.errors import PlanInvalid
from jiujin.plan.national import read_occupations
from jiujin.work.demo_vacancies import JOBS

LEVELS = {1: 8, 3: 79, 5: 436, 7: 1638}


def test_levels_hold_what_the_page_beside_the_file_says() -> None:
    rows = read_occupations()
    counted = {length: sum(len(row.code) == length for row in rows) for length in LEVELS}
    assert counted == LEVELS
    page = Path(__file__).parents[2].joinpath("plans/national/README.md").read_text(encoding="utf-8")
    for number in LEVELS.values():
        assert f"| {number} |" in page
    for seen in ("both", "published", "draft"):
        assert f"| {sum(row.seen_in == seen for row in rows)} |" in page


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("4", "社会生产服务和生活服务人员"),
        ("401", "批发与零售服务人员"),
        ("40102", "销售人员"),
        ("4010204", "收银员"),
        ("4100801", "网约配送员"),  # the edition of 2022: 4-10-08-01
        ("6290101", "砌筑工"),
        ("4040505", "人工智能训练师"),
    ],
)
def test_occupation_stands_where_the_book_has_it(code: str, name: str) -> None:
    assert {row.code: row.name for row in read_occupations()}[code] == name


def test_every_parent_comes_before_its_children() -> None:
    seen: set[str] = set()
    for row in read_occupations():
        assert row.parent_code is None or row.parent_code in seen
        seen.add(row.code)


def test_invented_vacancies_are_of_occupations_that_exist() -> None:
    assert {job.occupation for job in JOBS} <= {row.name for row in read_occupations()}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["4,服务,both", "4,服务,both"], "重复"),
        (["4,服务,both", "4-01-01,购销,both"], "上级"),
        (["4-1,服务,both"], "写法"),
        (["9,服务,both"], "写法"),
        (["4,,both"], "名称"),
        (["4,服务,guess"], "seen_in"),
    ],
)
def test_row_that_cannot_be_is_told_with_its_line(tmp_path: Path, rows: list[str], said: str) -> None:
    (tmp_path / "occupations.csv").write_text("\n".join(["code,name,seen_in", *rows]), encoding="utf-8")
    with pytest.raises(PlanInvalid, match=said):
        read_occupations(tmp_path)


def test_folder_without_the_file_has_no_occupations(tmp_path: Path) -> None:
    assert read_occupations(tmp_path) == []


def test_first_line_must_be_the_heading(tmp_path: Path) -> None:
    (tmp_path / "occupations.csv").write_text("code,name\n", encoding="utf-8")
    with pytest.raises(PlanInvalid, match="首行"):
        read_occupations(tmp_path)
