"""Tables of figures leave as workbook, document, text and records; each says the same to the fen."""

from __future__ import annotations

import io
from datetime import date

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from jiujin.sheets import FigureColumn, FigureTable, figures_csv, figures_docx, figures_records, write_figures_xlsx
from jiujin.sheets.figures_docx import write_figures_docx

COLUMNS = [
    FigureColumn("项目"),
    FigureColumn("笔数", "count"),
    FigureColumn("金额", "money"),
    FigureColumn("日期", "day"),
]
ROWS = [["甲", 3, 123_456_789, date(2022, 3, 1)], ["=乙", 0, -5, None], ["丙", None, None, None]]


def table(**given_: object) -> FigureTable:
    return FigureTable("按项目", COLUMNS, ROWS, **given_)  # type: ignore[arg-type]


def test_a_workbook_has_numbers_a_total_and_a_chart() -> None:
    out = io.BytesIO()
    write_figures_xlsx(out, [table(charted=2)], notes=["什么都没有改动"])
    sheet = load_workbook(out).active
    lines = [[cell.value for cell in row] for row in sheet.iter_rows(max_col=4)]
    assert lines[0] == ["项目", "笔数", "金额（元）", "日期"]
    assert lines[1][:3] == ["甲", 3, 1_234_567.89] and lines[1][3].date() == date(2022, 3, 1)
    assert lines[2][:3] == ["=乙", 0, -0.05]
    assert lines[4][:3] == ["合计", 3, 1_234_567.84]
    assert sheet["A3"].data_type == "s"  # no formula
    assert len(sheet._charts) == 1
    assert "什么都没有改动" in [line[0] for line in lines]


def test_a_document_has_the_same_lines_and_says_what_it_leaves_out(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    write_figures_docx(out, "补贴资金报表", [table()])
    paper = docx.Document(io.BytesIO(out.getvalue()))
    lines = [[cell.text for cell in row.cells] for row in paper.tables[0].rows]
    assert lines == [
        ["项目", "笔数", "金额（元）", "日期"],
        ["甲", "3", "1,234,567.89", "2022-03-01"],
        ["=乙", "0", "-0.05", ""],
        ["丙", "", "", ""],
        ["合计", "3", "1,234,567.84", ""],
    ]
    assert paper.sections[0].page_width > paper.sections[0].page_height
    monkeypatch.setattr(figures_docx, "DOCX_ROWS_MAX", 1)
    short = io.BytesIO()
    write_figures_docx(short, "补贴资金报表", [table()])
    words = [paragraph.text for paragraph in docx.Document(io.BytesIO(short.getvalue())).paragraphs]
    assert "另有 3 行，见同名的表格文件。" in words


def test_text_and_records_hold_plain_figures() -> None:
    assert figures_csv([table()]).splitlines()[:4] == [
        "按项目",
        "项目,笔数,金额（元）,日期",
        "甲,3,1234567.89,2022-03-01",
        "'=乙,0,-0.05,",
    ]
    assert figures_records(table())[:2] == [
        {"项目": "甲", "笔数": 3, "金额": "1234567.89", "日期": "2022-03-01"},
        {"项目": "=乙", "笔数": 0, "金额": "-0.05", "日期": None},
    ]


@given(st.lists(st.integers(-(10**14), 10**14), min_size=1, max_size=30))
def test_a_total_is_the_sum_to_the_fen(amounts: list[int]) -> None:
    held = FigureTable("表", [FigureColumn("名"), FigureColumn("金额", "money")], [["x", fen] for fen in amounts])
    assert held.total == ["合计", sum(amounts)]
    shown = [line[1].replace(",", "").replace(".", "") for line in held.shown()]
    assert [int(text) for text in shown] == [*amounts, sum(amounts)]


def test_a_table_without_rows_has_no_total() -> None:
    empty = FigureTable("表", COLUMNS, [])
    assert empty.total is None and list(empty.shown()) == []
    out = io.BytesIO()
    write_figures_xlsx(out, [empty])
    assert load_workbook(out).active.max_row == 1
