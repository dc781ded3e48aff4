"""The checked roster: the person's own workbook, with columns added, in which nothing can run."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule, ColorScaleRule, FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table
from python_calamine import CalamineWorkbook

from jiujin.sheets import Roster, SheetUnreadable, limits, safe_text, write_result
from jiujin.sheets.plain_styles import Style
from jiujin.sheets.plain_workbook import PlainWorkbook
from tests.sheets.builders import LABELS, csv_file, demo_id, fill, people, person, read, workbook

ADDED_NAMES = ["结论", "原因", "缺少", "金额(元)", "依据条款"]


def added(roster: Roster) -> dict[str, list[Any]]:
    """Five columns as a check adds them, each telling its row."""
    rows = roster.table["row"].to_pylist()
    return {
        "结论": ["符合"] * len(rows),
        "原因": [f"第 {row} 行" for row in rows],
        "缺少": [["=1+1", "乙"]] * len(rows),
        "金额(元)": [600.0] * len(rows),
        "依据条款": ["-1 条"] * len(rows),
    }


def checked(source: Path, out: Path, **more: Any) -> Any:
    """The result of a roster with added columns, opened."""
    roster = read(source)
    write_result(source, roster, added(roster), out, **more)
    assert_harmless(out)
    return load_workbook(out)


def assert_harmless(path: Path) -> None:
    """No formula, link, macro, connection or name that could run or reach out."""
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            lower = name.lower()
            assert not re.search(r"vba|external|connections|querytable|pivot|embeddings|activex|ctrlprops", lower), name
            content = archive.read(name)
            if lower.startswith("xl/worksheets/") and lower.endswith(".xml"):
                assert not re.search(rb"<(?:\w+:)?f[ />]", content), name
                assert b"<hyperlink" not in content
            assert b'TargetMode="External"' not in content
            if lower == "xl/workbook.xml":
                assert b"<definedName " not in content
    assert not path.with_name(f".{path.name}.part").exists()


def office_workbook(path: Path) -> Path:
    """A formatted roster with a title, two-row heading, hidden row, total, merged cells and another sheet."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "甲镇"
    fill(
        sheet,
        [["甲镇人员名单"], ["序号", *LABELS], [None] * 10, *([at, *person(at)] for at in (1, 2, 3)), ["合计", "3人"]],
    )
    sheet.merge_cells("A1:J1")
    for letter in "ABCDEFGHIJ":
        sheet.merge_cells(f"{letter}2:{letter}3")
    sheet["A1"].font = Font(bold=True, size=20, color="FFFF0000")
    sheet["B5"].fill = PatternFill("solid", fgColor="FFFFFF00")
    sheet["B5"].comment = Comment("核对过", "李四")
    sheet["C4"].number_format = "@"
    sheet.row_dimensions[5].hidden = True
    sheet.column_dimensions["B"].width = 33
    book.create_sheet("说明")["A1"] = "另一张表"
    book.save(path)
    return path


def test_columns_are_added_beside_the_data_on_its_own_rows(tmp_path: Path) -> None:
    sheet = checked(office_workbook(tmp_path / "a.xlsx"), tmp_path / "out.xlsx")["甲镇"]
    assert [cell.value for cell in sheet[2]][10:] == ADDED_NAMES
    assert [cell.value for cell in sheet[5]][10:] == ["符合", "第 5 行", "=1+1；乙", 600, "-1 条"]
    assert all(cell.value is None for line in (1, 7) for cell in sheet[line][10:])
    assert sheet["N4"].number_format == "#,##0.00"


def test_formatting_merges_hidden_rows_comments_and_other_sheets_stay(tmp_path: Path) -> None:
    book = checked(office_workbook(tmp_path / "a.xlsx"), tmp_path / "out.xlsx")
    sheet = book["甲镇"]
    assert book.sheetnames == ["甲镇", "说明"]
    assert book["说明"]["A1"].value == "另一张表"
    assert (sheet["A1"].font.size, sheet["A1"].font.color.rgb) == (20, "FFFF0000")
    assert sheet["B5"].fill.fgColor.rgb == "FFFFFF00"
    assert sheet["B5"].comment.text == "核对过"
    assert sheet.row_dimensions[5].hidden
    assert sheet.column_dimensions["B"].width == 33
    assert "A1:J1" in {str(area) for area in sheet.merged_cells.ranges}
    assert sheet["C4"].value == demo_id(1)
    assert sheet["C4"].data_type == "s"


def test_a_verdict_has_its_colour(tmp_path: Path) -> None:
    sheet = checked(office_workbook(tmp_path / "a.xlsx"), tmp_path / "out.xlsx", tones={"符合": "good"})["甲镇"]
    assert sheet["K4"].fill.fgColor.rgb == "FFE3F3EA"
    assert sheet["L4"].fill.fgColor.rgb != "FFE3F3EA"


def dangerous_workbook(path: Path) -> Path:
    """A roster full of what may run: formulas, links, names, drop-downs, formats and tables with formulas."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("名单")
        sheet.write_row(0, 0, LABELS)
        sheet.write_row(1, 0, ["=张三", demo_id(1)])
        sheet.write_string(1, 0, '=HYPERLINK("http://a")')
        sheet.write_formula(1, 5, "=3+3", None, 6)
        sheet.write_formula(1, 8, '=WEBSERVICE("http://a")', None, "三里桥")
        sheet.write_array_formula(1, 10, 1, 11, "{=A1:B1}", None, 1)
        sheet.write_url(2, 8, "https://example.invalid/", string="三里桥")
        sheet.write_string(2, 1, demo_id(2))
        for line, text in enumerate(["+1", "-1", "@SUM(A1)", "\t=1", "＝1+1", "=cmd|' /C calc'!A0"], start=3):
            sheet.write_string(line, 0, text)
            sheet.write_string(line, 1, demo_id(line))
        sheet.conditional_format("F2:F9", {"type": "formula", "criteria": "=$F2>3"})
        book.define_name("坏名字", "=名单!$A$1")
    return path


def test_formulas_become_their_results_and_risky_text_stays_text(tmp_path: Path) -> None:
    sheet = checked(dangerous_workbook(tmp_path / "a.xlsx"), tmp_path / "out.xlsx")["名单"]
    assert (sheet["F2"].value, sheet["I2"].value, sheet["I3"].value) == (6, "三里桥", "三里桥")
    risky = [sheet.cell(line, 1) for line in (2, *range(4, 10))]
    assert [cell.data_type for cell in risky] == ["s"] * len(risky)
    assert [cell.value for cell in risky][1:4] == ["+1", "-1", "@SUM(A1)"]
    assert all(cell.quotePrefix for cell in risky)
    assert not list(sheet.conditional_formatting)


def test_only_rules_that_need_no_formula_are_kept(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    fill(sheet, [LABELS, *people(2)])
    for kind, formula, area in (
        ("list", '"是,否"', "H2:H9"),
        ("list", "=代码!$A$1:$A$3", "C2:C9"),
        ("custom", "=A1=1", "A2"),
    ):
        rule = DataValidation(type=kind, formula1=formula)
        rule.add(area)
        sheet.add_data_validation(rule)
    sheet.conditional_formatting.add("F2:F9", FormulaRule(formula=["F2>3"]))
    sheet.conditional_formatting.add("F2:F9", CellIsRule("greaterThan", formula=["3"]))
    sheet.conditional_formatting.add("G2:G9", ColorScaleRule("min", None, "FFFF0000", "max", None, "FF00FF00"))
    book.defined_names["名字"] = DefinedName("名字", attr_text="[1]Sheet1!$A$1")
    table = Table(displayName="T", ref="A1:I3")
    table._initialise_columns()
    for column, label in zip(table.tableColumns, LABELS, strict=True):
        column.name = label
    sheet.add_table(table)
    book.save(tmp_path / "a.xlsx")
    kept = checked(tmp_path / "a.xlsx", tmp_path / "out.xlsx").active
    assert [str(rule.sqref) for rule in kept.data_validations.dataValidation] == ["H2:H9"]
    assert [str(formatted.sqref) for formatted in kept.conditional_formatting] == ["G2:G9"]
    assert list(kept.tables) == ["T"]


def test_a_macro_workbook_loses_its_macro(tmp_path: Path) -> None:
    source = workbook(tmp_path / "good.xlsx", [LABELS, person(1)])
    with zipfile.ZipFile(source) as good, zipfile.ZipFile(tmp_path / "a.xlsm", "w") as macro:
        for name in good.namelist():
            content = good.read(name)
            if name == "[Content_Types].xml":
                content = content.replace(b"spreadsheetml.sheet.main", b"sheet.macroEnabled.main").replace(
                    b"openxmlformats-officedocument.sheet.macro", b"ms-excel.sheet.macro"
                )
                content = content.replace(
                    b"</Types>", b'<Default Extension="bin" ContentType="application/x"/></Types>'
                )
            macro.writestr(name, content)
        macro.writestr("xl/vbaProject.bin", b"macro")
    checked(tmp_path / "a.xlsm", tmp_path / "out.xlsx")


def test_an_oddly_written_workbook_is_written_plainly(tmp_path: Path) -> None:
    source = workbook(tmp_path / "good.xlsx", [["标题"], LABELS, person(1)])
    with zipfile.ZipFile(source) as good, zipfile.ZipFile(tmp_path / "a.xlsx", "w") as odd:
        for name in good.namelist():
            content = good.read(name)
            odd.writestr(name, content.replace(b"<pageMargins", b'<printOptions gridLines="perhaps"/><pageMargins'))
    roster = read(source)
    write_result(tmp_path / "a.xlsx", roster, added(roster), tmp_path / "out.xlsx")
    assert load_workbook(tmp_path / "out.xlsx").active["J2"].value == "结论"


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every workbook counts as too large to keep its formatting."""
    monkeypatch.setattr(limits, "STYLED_ROWS_MAX", 0)
    yield


@pytest.mark.usefixtures("plain")
def test_a_large_workbook_keeps_every_cell_merge_and_hidden_row(tmp_path: Path) -> None:
    source = office_workbook(tmp_path / "a.xlsx")
    book = checked(source, tmp_path / "out.xlsx")
    sheet, own = book["甲镇"], load_workbook(source)["甲镇"]
    for line in range(1, own.max_row + 1):
        assert [sheet.cell(line, place).value for place in range(1, 11)] == [c.value for c in own[line]]
    assert sheet.row_dimensions[5].hidden
    assert {str(area) for area in sheet.merged_cells.ranges} == {str(area) for area in own.merged_cells.ranges}
    assert [cell.value for cell in sheet[5]][10:] == ["符合", "第 5 行", "=1+1；乙", 600, "-1 条"]
    assert all(cell.value is None for line in (1, 7) for cell in sheet[line][10:])
    assert book.sheetnames == ["甲镇", "说明"]


@pytest.mark.usefixtures("plain")
def test_a_large_dangerous_workbook_is_harmless_too(tmp_path: Path) -> None:
    sheet = checked(dangerous_workbook(tmp_path / "a.xlsx"), tmp_path / "out.xlsx")["名单"]
    assert (sheet["F2"].value, sheet["A4"].value, sheet["A4"].data_type) == (6, "+1", "s")
    assert sheet["A4"].quotePrefix


def test_a_csv_becomes_a_workbook_with_all_its_lines(tmp_path: Path) -> None:
    rows = [["标题"], LABELS, person(1), person(2), ["合计", "2"]]
    sheet = checked(csv_file(tmp_path / "a.csv", rows, "gb18030"), tmp_path / "out.xlsx").active
    assert sheet.title == "名单"
    assert sheet["A1"].value == "标题"
    assert sheet["B3"].value == demo_id(1)
    assert sheet["B3"].data_type == "s"
    assert [cell.value for cell in sheet[2]][9:] == ADDED_NAMES
    assert sheet["K4"].value == "第 4 行"
    assert sheet["A5"].value == "合计"


def test_an_xls_becomes_a_workbook_of_its_cells(tmp_path: Path) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("甲镇")
    for line, row in enumerate([LABELS, person(1, start_on="2022-3-1", end_on="长期")]):
        for place, value in enumerate(row):
            sheet.write(line, place, value)
    book.save(str(tmp_path / "a.xls"))
    out = checked(tmp_path / "a.xls", tmp_path / "out.xlsx")["甲镇"]
    assert [cell.value for cell in out[2]] == [
        *person(1, start_on="2022-3-1", end_on="长期"),
        "符合",
        "第 2 行",
        "=1+1；乙",
        600,
        "-1 条",
    ]


def test_a_parquet_roster_becomes_a_workbook_with_its_record_numbers(tmp_path: Path) -> None:
    table = pa.table(
        {"身份证号": [demo_id(1), demo_id(2)], "start_on": [date(2022, 3, 1), None], "编号": [341502199001011234, 1]}
    )
    pq.write_table(table, tmp_path / "a.parquet")
    sheet = checked(tmp_path / "a.parquet", tmp_path / "out.xlsx").active
    assert [cell.value for cell in sheet[1]] == ["身份证号", "start_on", "编号", "行号", *ADDED_NAMES]
    assert [cell.value for cell in sheet[3]][:5] == [demo_id(2), None, 1, 2, "符合"]
    assert sheet["C2"].value == "341502199001011234"
    assert sheet["B2"].value == datetime(2022, 3, 1)  # noqa: DTZ001


def test_more_rows_than_a_sheet_holds_are_refused_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pq.write_table(pa.table({"id_number": [demo_id(1), demo_id(2)]}), tmp_path / "a.parquet")
    monkeypatch.setattr(limits, "MAX_SHEET_ROWS", 2)
    roster = read(tmp_path / "a.parquet")
    with pytest.raises(SheetUnreadable, match="没有写出"):
        write_result(tmp_path / "a.parquet", roster, added(roster), tmp_path / "out.xlsx")
    assert not (tmp_path / "out.xlsx").exists()


@pytest.mark.parametrize("rows_max", [0, 20_000])
def test_a_result_checked_again_gets_no_second_set_of_columns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows_max: int
) -> None:
    monkeypatch.setattr(limits, "STYLED_ROWS_MAX", rows_max)
    checked(workbook(tmp_path / "a.xlsx", [LABELS, *people(3)]), tmp_path / "one.xlsx")
    sheet = checked(tmp_path / "one.xlsx", tmp_path / "two.xlsx").active
    assert [cell.value for cell in sheet[1]] == [*LABELS, *ADDED_NAMES]
    assert read(tmp_path / "two.xlsx").table.equals(read(tmp_path / "a.xlsx").table)


@pytest.mark.parametrize("rows_max", [0, 20_000])
def test_a_column_of_the_persons_own_is_never_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows_max: int
) -> None:
    monkeypatch.setattr(limits, "STYLED_ROWS_MAX", rows_max)
    source = workbook(tmp_path / "a.xlsx", [[*LABELS, "原因"], [*person(1), "我写的"]])
    sheet = checked(source, tmp_path / "out.xlsx").active
    assert [cell.value for cell in sheet[1]] == [*LABELS, "原因", *ADDED_NAMES]
    assert sheet["J2"].value == "我写的"


def test_nothing_is_left_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = csv_file(tmp_path / "a.csv", [LABELS, person(1)])
    roster = read(source)
    (tmp_path / "out.xlsx").write_bytes(b"earlier")
    broken = {"结论": ["符合"], "原因": ["短"]}

    def fail(*arguments: object) -> None:
        raise OSError("磁盘已满")

    monkeypatch.setattr("jiujin.sheets.result_plain._write", fail)
    with pytest.raises(OSError, match="磁盘已满"):
        write_result(source, roster, broken, tmp_path / "out.xlsx")
    assert (tmp_path / "out.xlsx").read_bytes() == b"earlier"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "out.xlsx"]


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@a", "'@a"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        (" =1", "' =1"),
        ("＝1", "'＝1"),
        ("张三", "张三"),
        ("a=1", "a=1"),
        ("", ""),
        (None, ""),
        (12, "12"),
    ],
)
def test_text_for_untyped_files_cannot_run(text: object, safe: str) -> None:
    assert safe_text(text) == safe


values = st.one_of(
    st.none(),
    st.text(max_size=8),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.booleans(),
    st.dates(date(1905, 1, 1), date(2100, 1, 1)),
    st.datetimes(datetime(1905, 1, 1), datetime(2100, 1, 1)).map(lambda moment: moment.replace(microsecond=0)),  # noqa: DTZ001
    st.decimals(0, 10**6, places=2),
    st.sampled_from(
        ["=1+1", "_x000D_", "a_x0041_b", "<&>\"'", "李𠮷", " 前后 ", "多\n行", "\r", "\x00\x0b", demo_id(1)]
    ),
)


@settings(max_examples=60)
@given(st.lists(st.lists(values, min_size=3, max_size=3), min_size=1, max_size=6))
def test_plain_cells_are_read_back_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[Any]]
) -> None:
    path = tmp_path_factory.mktemp("plain") / "a.xlsx"
    with PlainWorkbook(path) as book, book.sheet("表", widths=[9.0, 9.0, 9.0], frozen_lines=1) as sheet:
        sheet.write(1, list(zip(*rows, strict=True)), [Style.PLAIN] * 3)
    assert_harmless(path)
    found = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
    for line, row in enumerate(rows):
        for place, value in enumerate(row):
            read_back = found[line][place] if line < len(found) and place < len(found[line]) else ""
            assert _alike(read_back, value), (read_back, value)


def _alike(found: Any, value: Any) -> bool:
    """Whether a cell came back: text but for characters XML has not, days and moments to the second."""
    if value is None:
        return bool(found == "")
    if isinstance(value, str):
        return bool(found == re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", value))
    if isinstance(value, date) and not isinstance(found, datetime):
        found, value = datetime.combine(found, time()), datetime.combine(value, getattr(value, "time", time)())
    if isinstance(value, datetime):
        return abs(found - value) < timedelta(seconds=1)
    return bool(found == (float(value) if isinstance(value, Decimal) else value))


def test_one_and_true_are_two_cells_whichever_came_first(tmp_path: Path) -> None:
    with PlainWorkbook(tmp_path / "a.xlsx") as book, book.sheet("表") as sheet:
        for line, cells in enumerate([[True, False], [1, 0], [1.0, True], [Decimal(1), 1]]):
            sheet.write(1 + 2 * line, [cells], [Style.PLAIN])
    found = load_workbook(tmp_path / "a.xlsx").active
    assert "".join(found.cell(line, 1).data_type for line in range(1, 9)) == "bbnnnbnn"


def test_columns_may_be_arrow_arrays(tmp_path: Path) -> None:
    source = csv_file(tmp_path / "a.csv", [LABELS, person(1)])
    roster = read(source)
    write_result(source, roster, {"缺少": pa.chunked_array([[["甲", "乙"]]])}, tmp_path / "out.xlsx")
    assert load_workbook(tmp_path / "out.xlsx").active["J2"].value == "甲；乙"
