"""Rosters as offices lay them out: titles, two-row headings, totals, signatures, hidden rows, several sheets."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlwt
from openpyxl import Workbook
from openpyxl.styles import Font

from jiujin.sheets import Column, SheetUnreadable, column_letters
from tests.sheets.builders import (
    COLUMNS,
    END,
    GROUP,
    ID,
    LABELS,
    NAME,
    codes,
    csv_file,
    demo_id,
    fill,
    people,
    person,
    read,
    workbook,
)


def test_a_plain_roster_is_read_with_types(tmp_path: Path) -> None:
    roster = read(workbook(tmp_path / "a.xlsx", [LABELS, person(1), person(2, end_on="无固定期限")]))
    assert roster.table.to_pylist()[1] == {
        "sheet": "名单",
        "row": 3,
        "name": "张2",
        "id_number": demo_id(2),
        "group": "migrant",
        "start_on": date(2022, 3, 1),
        "end_on": None,
        "open_ended": True,
        "months": 6,
        "income": 180050,
        "registered": True,
        "unit": "三里桥运营机构",
    }
    assert (roster.errors, roster.notices, roster.missing_columns) == ([], [], [])


def test_an_office_roster_with_everything_around_it(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "甲镇"
    fill(sheet, [["2022 年就业服务补助人员名单"], ["填报单位：甲镇（盖章）", *[""] * 7, "填报日期：2022年12月1日"], []])
    fill(sheet, [["序号", *LABELS], *([at, *person(at)] for at in (1, 2)), [], ["小计", "2人"], [3, *person(3)]])
    fill(
        sheet,
        [
            [],
            ["合 计", "", 3, "", "", "", 18],
            ["填表人：李四", "", "", "审核人：王五", "", "", "联系电话：13800000000"],
        ],
    )
    fill(sheet, [["备注：1. 本表一式两份"], ["以下空白"]])
    sheet.merge_cells("A1:J1")
    sheet.merge_cells("A12:J12")
    book.save(tmp_path / "a.xlsx")
    roster = read(tmp_path / "a.xlsx")
    assert roster.table["row"].to_pylist() == [5, 6, 9]
    assert roster.errors == []
    assert roster.notices == ["“甲镇”第 8、11—14 行是合计、签名或备注，没有当作人员"]


def test_rows_numbered_in_advance_are_not_people(tmp_path: Path) -> None:
    rows = [["序号", *LABELS], [1, *person(1)], [2], [3], [4]]
    roster = read(workbook(tmp_path / "a.xlsx", rows))
    assert roster.table["row"].to_pylist() == [2]
    assert roster.notices == []


def test_a_row_without_an_identity_number_is_still_judged(tmp_path: Path) -> None:
    roster = read(
        workbook(tmp_path / "a.xlsx", [LABELS, person(1, id_number=None), ["李四"], person(2, name="注小明")])
    )
    assert roster.table["row"].to_pylist() == [2, 3, 4]
    assert roster.table["id_number"].to_pylist() == [None, None, demo_id(2)]
    assert roster.errors == []


def test_a_short_wrong_number_is_a_person_with_a_bad_cell(tmp_path: Path) -> None:
    roster = read(workbook(tmp_path / "a.xlsx", [LABELS, person(1, id_number="不详"), person(2, id_number="3415")]))
    assert codes(roster) == [("B2", "id_characters"), ("B3", "id_length")]


def test_a_heading_printed_again_on_each_page_is_no_person(tmp_path: Path) -> None:
    roster = read(workbook(tmp_path / "a.xlsx", [LABELS, person(1), LABELS, person(2)]))
    assert roster.table["row"].to_pylist() == [2, 4]


@pytest.mark.parametrize(
    "numbering", [list(range(1, 10)), ["甲", "乙", *range(1, 8)], [f"({at})" for at in range(1, 10)]]
)
def test_a_row_that_numbers_the_columns_is_no_person(tmp_path: Path, numbering: list[Any]) -> None:
    roster = read(workbook(tmp_path / "a.xlsx", [LABELS, numbering, person(1)]))
    assert roster.table["row"].to_pylist() == [3]


def test_a_long_remark_merged_below_the_data_is_no_person(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    fill(sheet, [LABELS, person(1), ["以上人员情况属实，材料齐全"]])
    sheet.merge_cells("A3:I3")
    book.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx").table["row"].to_pylist() == [2]


def test_data_that_begins_far_from_the_corner_keeps_its_place(tmp_path: Path) -> None:
    rows: list[list[Any]] = [[] for _ in range(6)] + [["", "", *LABELS], ["", "", *person(1, months="六")]]
    roster = read(workbook(tmp_path / "a.xlsx", rows))
    assert roster.table["row"].to_pylist() == [8]
    assert codes(roster) == [("H8", "number_text")]


def two_rows(merged: bool) -> Workbook:
    """A heading in two rows: 合同 over its two days, the rest one above the other."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    fill(
        sheet,
        [
            ["人员名单"],
            ["姓名", "身份证", "人员类别", "合同", "", "缴纳月数", "月收入(元)", "就业登记", "单位"],
            ["", "号码", "", "开始日期", "结束日期", "", "", "", ""],
            person(1),
        ],
    )
    if merged:
        for area in ("A1:I1", "A2:A3", "D2:E2", "F2:F3", "C2:C3"):
            sheet.merge_cells(area)
    return book


@pytest.mark.parametrize("merged", [True, False])
def test_a_heading_in_two_rows(tmp_path: Path, merged: bool) -> None:
    two_rows(merged).save(tmp_path / "a.xlsx")
    roster = read(tmp_path / "a.xlsx")
    assert roster.table["row"].to_pylist() == [4]
    assert roster.missing_columns == []
    assert roster.table["start_on"].to_pylist() == [date(2022, 3, 1)]
    assert roster.errors == []


def test_group_and_sub_heading_together_may_be_the_name(tmp_path: Path) -> None:
    heading = [["姓名", "身份证号", "合同", "", "见习", ""], ["", "", "开始日期", "结束日期", "开始日期", "结束日期"]]
    row = ["张三", demo_id(1), "2022-3-1", "2022-8-31", "2021-1-1", "2021-2-1"]
    contract = [NAME, ID, Column("start_on", "合同开始日期", "date"), Column("end_on", "合同结束日期", "date")]
    roster = read(workbook(tmp_path / "a.xlsx", [*heading, row]), contract)
    assert roster.table["start_on"].to_pylist() == [date(2022, 3, 1)]
    assert roster.table["end_on"].to_pylist() == [date(2022, 8, 31)]


@pytest.mark.parametrize(
    "writing",
    [
        "开始日期",
        " 开始\n日期 ",
        "开 始 日 期",
        "*开始日期",
        "开始日期*",
        "开始日期（必填）",
        "开始日期(必填)",
        "开始日期：",
        "起始日期",
        "合同开始日期",
        "start_on",
        "START_ON",
        "开始日期（如 2022.3.1）",
    ],
)
def test_a_heading_is_known_in_every_usual_writing(tmp_path: Path, writing: str) -> None:
    labels = [writing if label == "开始日期" else label for label in LABELS]
    roster = read(workbook(tmp_path / "a.xlsx", [labels, person(1)]))
    assert roster.missing_columns == []


def test_units_in_brackets_are_passed_over(tmp_path: Path) -> None:
    labels = [{"月收入": "最低月收入（元）", "缴纳月数": "缴纳月数【月】"}.get(label, label) for label in LABELS]
    assert read(workbook(tmp_path / "a.xlsx", [labels, person(1)])).missing_columns == []


def test_a_missing_column_is_named_and_its_facts_are_not_known(tmp_path: Path) -> None:
    rows = [row[:4] + row[5:] for row in [LABELS, person(1)]]
    roster = read(workbook(tmp_path / "a.xlsx", rows))
    assert roster.missing_columns == ["end_on"]
    assert roster.notices == ["没有“结束日期”这一列，这一项按不知道处理"]
    line = roster.table.to_pylist()[0]
    assert (line["end_on"], line["open_ended"]) == (None, None)


def test_an_identity_column_alone_is_enough(tmp_path: Path) -> None:
    roster = read(workbook(tmp_path / "a.xlsx", [["身份证号码"], [demo_id(1)]]))
    assert roster.table["id_number"].to_pylist() == [demo_id(1)]
    assert len(roster.missing_columns) == len(COLUMNS) - 1


def test_a_label_wins_over_a_synonym_and_says_so(tmp_path: Path) -> None:
    rows = [[*LABELS, "起始日期"], [*person(1), "2021-1-1"]]
    roster = read(workbook(tmp_path / "a.xlsx", rows))
    assert roster.table["start_on"].to_pylist() == [date(2022, 3, 1)]
    assert roster.notices == ["“名单”“开始日期”按“开始日期”一列读取，没有用 “起始日期”"]


def test_columns_of_no_interest_may_stand_anywhere(tmp_path: Path) -> None:
    junk = [f"其他{at}" for at in range(60)]
    rows = [[*junk[:30], *LABELS, *junk[30:]], [*range(30), *person(1, months=-1), *range(30)]]
    roster = read(workbook(tmp_path / "a.xlsx", rows))
    assert codes(roster) == [(f"{column_letters(35)}2", "number_negative")]


def test_hidden_rows_are_judged_and_named(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    fill(sheet, [["标题"], LABELS, *people(9)])
    for line in (1, 4, 5, 6, 9):
        sheet.row_dimensions[line].hidden = True
    book.save(tmp_path / "a.xlsx")
    roster = read(tmp_path / "a.xlsx")
    assert roster.table.num_rows == 9
    assert roster.notices == ["“Sheet”第 4—6、9 行是隐藏的，也判断了"]


def townships(path: Path) -> Path:
    """Three townships, a sheet of codes and a hidden township."""
    book = Workbook()
    first = book.active
    assert first is not None
    first.title = "甲镇"
    fill(first, [LABELS, *people(2)])
    fill(book.create_sheet("乙镇"), [["乙镇名单"], LABELS, *people(1, first=10)])
    fill(book.create_sheet("代码"), [["代码", "名称"], ["1", "农民工"]])
    fill(book.create_sheet("空镇"), [LABELS])
    hidden = fill(book.create_sheet("丙镇"), [LABELS[:4], person(20)[:4]])
    hidden.sheet_state = "hidden"
    fill(book.create_sheet("缺号"), [["姓名", "开始日期"], ["张三", "2022-3-1"]])
    book.save(path)
    return path


def test_every_sheet_with_the_headings_is_judged_and_the_others_named(tmp_path: Path) -> None:
    roster = read(townships(tmp_path / "a.xlsx"))
    assert list(zip(roster.table["sheet"].to_pylist(), roster.table["row"].to_pylist(), strict=True)) == [
        ("甲镇", 2),
        ("甲镇", 3),
        ("乙镇", 3),
        ("丙镇", 2),
    ]
    assert "工作表“丙镇”是隐藏的，也判断了" in roster.notices
    assert "工作表“代码”没有找到表头，没有判断" in roster.notices
    assert "工作表“空镇”表头下面没有人员，没有判断" in roster.notices
    assert "工作表“缺号”没有“身份证号”一列，没有判断" in roster.notices
    assert "工作表“丙镇”没有“结束日期”这一列，这一项按不知道处理" in roster.notices
    assert roster.missing_columns == []


def test_only_the_chosen_sheets_are_judged(tmp_path: Path) -> None:
    path = townships(tmp_path / "a.xlsx")
    assert set(read(path, sheets=["乙镇"]).table["sheet"].to_pylist()) == {"乙镇"}
    for name, said in (
        ("丁镇", "没有叫“丁镇”的工作表"),
        ("代码", "“代码”没有找到表头"),
        ("空镇", "“空镇”表头下面没有人员"),
    ):
        with pytest.raises(SheetUnreadable, match=said):
            read(path, sheets=[name])


def test_bad_cells_are_listed_with_their_place_and_the_row_is_kept(tmp_path: Path) -> None:
    rows = [
        LABELS,
        person(1, start_on="2022-02-31", months="六个月"),
        person(2),
        person(3, income="-5", id_number="1" * 18),
    ]
    roster = read(workbook(tmp_path / "a.xlsx", rows))
    assert roster.table.num_rows == 3
    assert codes(roster) == [
        ("D2", "date_impossible"),
        ("F2", "number_text"),
        ("B4", "id_birth"),
        ("G4", "money_negative"),
    ]
    first = roster.errors[0]
    assert (first.sheet, first.row, first.column, first.value) == ("名单", 2, "开始日期", "2022-02-31")
    assert "请" in first.message
    assert roster.table["months"].to_pylist() == [None, 6, 6]


def test_formulas_without_a_result_and_error_values_are_bad_cells(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    fill(sheet, [LABELS, person(1, months="=3+3", unit="=NA()"), person(2), [None, "=B3"]])
    error = sheet["G3"]
    error.value, error.data_type = "#N/A", "e"
    book.save(tmp_path / "a.xlsx")
    roster = read(tmp_path / "a.xlsx")
    assert codes(roster) == [
        ("F2", "formula_uncalculated"),
        ("I2", "formula_uncalculated"),
        ("G3", "cell_error"),
        ("B4", "formula_uncalculated"),
    ]
    assert [error.value for error in roster.errors][2] == "#N/A"


def test_a_formula_with_a_result_is_read_as_that(tmp_path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, LABELS)
        sheet.write_row(1, 0, ["张三", demo_id(1)])
        sheet.write_formula(1, 5, "=3+3", None, 6)
        sheet.write_formula(1, 8, '="三里桥"', None, "三里桥")
    line = read(tmp_path / "a.xlsx").table.to_pylist()[0]
    assert (line["months"], line["unit"]) == (6, "三里桥")


def test_an_identity_number_stored_as_a_number_is_told_the_cure(tmp_path: Path) -> None:
    roster = read(workbook(tmp_path / "a.xlsx", [LABELS, person(1, id_number=341502199001011234)]))
    assert codes(roster) == [("B2", "id_truncated")]
    assert roster.errors[0].value == "341502199001011000"
    assert "文本" in roster.errors[0].message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_in_the_usual_encodings(tmp_path: Path, encoding: str) -> None:
    rows = [
        ["人员名单"],
        [],
        ["序号", *LABELS],
        [1, *person(1, name="李𠮷")],
        [2, *person(2, months="-1")],
        ["合计", 2],
    ]
    roster = read(csv_file(tmp_path / "a.csv", rows, encoding))
    assert roster.table["row"].to_pylist() == [4, 5]
    assert roster.table["name"].to_pylist() == ["李𠮷", "张2"]
    assert codes(roster) == [("G5", "number_negative")]
    assert roster.errors[0].sheet == ""


@pytest.mark.parametrize("delimiter", ["\t", ";"])
def test_csv_with_another_delimiter(tmp_path: Path, delimiter: str) -> None:
    lines = [delimiter.join(map(str, row)) for row in [LABELS, person(1)]]
    (tmp_path / "a.csv").write_text("\n".join(lines), encoding="utf-8")
    assert read(tmp_path / "a.csv").table.num_rows == 1


def test_csv_as_exports_force_text(tmp_path: Path) -> None:
    row = person(1, id_number=f'="{demo_id(1)}"', unit="\t三里桥")
    short = person(2)[:3]
    roster = read(csv_file(tmp_path / "a.csv", [LABELS, row, short]))
    assert roster.table["id_number"].to_pylist() == [demo_id(1), demo_id(2)]
    assert roster.errors == []


def test_csv_with_line_breaks_in_cells_counts_records(tmp_path: Path) -> None:
    labels = ["姓\n名", *LABELS[1:]]
    roster = read(csv_file(tmp_path / "a.csv", [labels, person(1, unit="三里\n桥"), person(2)]))
    assert roster.table["row"].to_pylist() == [2, 3]


def test_an_xls_with_its_hidden_rows_dates_and_errors(tmp_path: Path) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("甲镇")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for line, row in enumerate([["名单"], LABELS, person(1), person(2), person(3)]):
        for place, value in enumerate(row):
            sheet.write(line, place, value, day) if isinstance(value, date) else sheet.write(line, place, value)
    sheet.row(3).hidden = True
    sheet.row(5).write(1, demo_id(4))
    sheet.row(5).set_cell_error(5, 0x2A)
    book.save(str(tmp_path / "a.xls"))
    roster = read(tmp_path / "a.xls")
    assert roster.table["row"].to_pylist() == [3, 4, 5, 6]
    assert roster.table["start_on"].to_pylist() == [date(2022, 3, 1)] * 3 + [None]
    assert roster.notices == ["“甲镇”第 4 行是隐藏的，也判断了"]
    assert codes(roster) == [("F6", "cell_error")]


def test_the_content_and_not_the_name_says_what_a_file_is(tmp_path: Path) -> None:
    assert read(workbook(tmp_path / "a.csv", [LABELS, person(1)])).source == "xlsx"
    assert read(workbook(tmp_path / "a.xls", [LABELS, person(1)])).source == "xlsx"
    assert read(csv_file(tmp_path / "a.txt", [LABELS, person(1)])).source == "csv"


def test_a_workbook_that_counts_days_from_1904(tmp_path: Path) -> None:
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    assert sheet is not None
    fill(sheet, [LABELS, person(1), person(2, start_on=43159)])
    book.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx").table["start_on"].to_pylist() == [date(2022, 3, 1)] * 2


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    read(workbook(tmp_path / "a.xlsx", [LABELS, *people(3)]), progress=lambda *step: told.append(step))
    assert {stage for stage, _, _ in told} == {"读取表格", "核对单元格"}
    assert all(done <= total for _, done, total in told)


def test_the_cell_of_a_later_finding(tmp_path: Path) -> None:
    roster = read(workbook(tmp_path / "a.xlsx", [["题"], LABELS, person(1)]))
    error = roster.error_at(0, GROUP, "农民工", "说明", "some_rule")
    assert (error.sheet, error.row, error.cell, error.column, error.code) == ("名单", 3, "C3", "人员类别", "some_rule")
    assert roster.cell_at(0, END.key) == "E3"
    assert roster.cell_at(0, "nothing") == ""


def test_bold_and_coloured_cells_are_read_like_any(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    fill(sheet, [LABELS, person(1)])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    book.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx").table.num_rows == 1
