"""The empty roster: its headings, drop-downs, notes, and that it reads back."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from jiujin.plan.models import Plan
from jiujin.rules import open_plan
from jiujin.sheets import Column, SheetUnreadable, columns_of, read_roster, write_template
from tests.sheets.builders import COLUMNS, LABELS, demo_id, person

NOTES = [("补贴项目", "某项补贴"), ("怎样填", "一人一行；空着表示不知道。")]


@pytest.fixture(scope="module")
def plan() -> Plan:
    return open_plan("jinan-2022")


@pytest.fixture
def template(tmp_path: Path) -> Path:
    write_template(tmp_path / "t.xlsx", title="某项补贴名单", columns=COLUMNS, notes=NOTES, clauses=["一(一)1 某条"])
    return tmp_path / "t.xlsx"


def test_the_headings_are_the_first_row_and_stay_in_view(template: Path) -> None:
    book = load_workbook(template)
    sheet = book["名单"]
    assert book.sheetnames == ["名单", "填写说明"]
    assert [cell.value for cell in sheet[1]] == LABELS
    assert sheet.max_row == 1
    assert sheet.freeze_panes == "B2"
    assert all(sheet.column_dimensions[letter].width >= 12 for letter in "ABCDEFGHI")


def test_identity_numbers_are_text_and_days_are_days(template: Path) -> None:
    sheet = load_workbook(template)["名单"]
    assert sheet.column_dimensions["B"].number_format == "@"
    assert sheet.column_dimensions["D"].number_format == "yyyy-mm-dd"


def test_choices_and_yes_or_no_have_drop_downs(template: Path) -> None:
    rules = {str(rule.sqref): rule for rule in load_workbook(template)["名单"].data_validations.dataValidation}
    assert rules["C2:C1048576"].formula1 == '"农民工,16-24岁失业青年,其他,无"'
    assert rules["H2:H1048576"].formula1 == '"是,否"'
    assert {rule.type for at, rule in rules.items() if at.startswith(("F", "G"))} == {"whole", "decimal"}


def test_the_notes_explain_every_column(template: Path) -> None:
    rows = [[cell for cell in row if cell] for row in load_workbook(template)["填写说明"].iter_rows(values_only=True)]
    explained = {row[0].removesuffix("（必填）"): row for row in rows if row}
    assert set(LABELS) <= set(explained)
    assert "农民工、16-24岁失业青年、其他、无" in explained["人员类别"]
    assert "也可以填：无固定期限" in explained["结束日期"]
    assert ["补贴项目", "某项补贴"] in rows
    assert ["条款", "一(一)1 某条"] in rows


def test_an_empty_template_has_no_row_to_judge(template: Path) -> None:
    with pytest.raises(SheetUnreadable, match="表头下面没有人员"):
        read_roster(template, COLUMNS)


def fill_in(path: Path, row: list[Any]) -> None:
    book = load_workbook(path)
    book["名单"].append(row)
    book.save(path)


def test_a_template_filled_in_reads_back_without_an_error(template: Path) -> None:
    fill_in(template, person(1))
    roster = read_roster(template, COLUMNS, demo_ids=True)
    assert (roster.errors, roster.missing_columns) == ([], [])
    assert roster.table["row"].to_pylist() == [2]
    assert roster.notices == []


def test_every_scheme_has_a_template_that_reads_back(tmp_path: Path, plan: Plan) -> None:
    for scheme in plan.schemes.values():
        columns = columns_of(plan, scheme)
        path = tmp_path / f"{scheme.id}.xlsx"
        write_template(path, title=scheme.name, columns=columns)
        fill_in(path, [sample(column) for column in columns])
        roster = read_roster(path, columns, demo_ids=True)
        assert [(error.column, error.message) for error in roster.errors] == []
        assert roster.missing_columns == []
        assert all(roster.table[column.key].null_count == 0 for column in columns)


def sample(column: Column) -> Any:
    """A good value of a column, as its template offers it."""
    if column.type in ("choice", "yes_no"):
        return column.offered_labels[0]
    if column.type == "credit_code":
        return "91350100M000100Y43"
    return {"id_number": demo_id(1), "date": date(2022, 3, 1), "text": "某某", "money": 1800.5}.get(column.type, 6)


def test_examples_of_the_plan_are_good_cells(plan: Plan) -> None:
    from jiujin.sheets.parsing import ColumnParser

    for scheme in plan.schemes.values():
        for column in columns_of(plan, scheme):
            if column.example:
                assert ColumnParser(column, demo_ids=True).parse([column.example]).bad == []


def test_columns_of_a_scheme_know_their_choices_and_open_words(plan: Plan) -> None:
    columns = {column.label: column for column in columns_of(plan, plan.scheme("stable-employment"))}
    assert columns["就业形式"].offered_labels == ["劳动合同", "劳务协议"]
    assert len(columns["就业形式"].choices) > 2
    assert columns["结束日期"].open_key == "open_ended"
    assert "无固定期限" in columns["结束日期"].open_words
    assert [label for label, column in columns.items() if column.identity] == ["身份证号"]
    assert all(column.clause for column in columns.values())


def test_a_drop_down_too_long_for_itself_refers_to_the_notes(tmp_path: Path) -> None:
    words = {f"c{at}": f"很长的一个选项第{at}号" for at in range(40)}
    column = Column("kind", "类别", "choice", choices=words)
    write_template(tmp_path / "t.xlsx", title="名单", columns=[column])
    book = load_workbook(tmp_path / "t.xlsx")
    rule = book["名单"].data_validations.dataValidation[0]
    sheet, area = rule.formula1.replace("'", "").split("!")
    assert [cell[0].value for cell in book[sheet][area.replace("$", "")]] == list(words.values())


def test_a_template_holds_no_macro_link_or_formula(template: Path) -> None:
    with zipfile.ZipFile(template) as archive:
        assert not [n for n in archive.namelist() if "vba" in n.lower() or "external" in n.lower()]
        assert b"<f>" not in b"".join(archive.read(n) for n in archive.namelist() if "worksheets/" in n)


def test_nothing_is_left_where_a_template_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="none"):
        write_template(tmp_path / "none" / "t.xlsx", title="名单", columns=COLUMNS)
    assert list(tmp_path.iterdir()) == []
