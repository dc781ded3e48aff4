"""Writes the empty roster: one sheet to fill in, one that explains each column. No macro, no formula."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import xlsxwriter

from jiujin.plan.models import FactType
from jiujin.sheets.columns import Column
from jiujin.sheets.limits import MAX_SHEET_ROWS
from jiujin.sheets.roster import NOTES_SHEET, column_letters

ROSTER_SHEET = "名单"
LIST_CHARACTERS_MAX = 255
PROMPT_TITLE_MAX, PROMPT_MAX = 32, 255
WIDTHS: dict[FactType, float] = {"id_number": 24, "credit_code": 24, "date": 16, "text": 20, "choice": 22}
WIDTH = 14.0
ROW_HEIGHT, HEADING_HEIGHT = 21, 38
NOTE_WIDTHS = (20, 34, 44, 22, 16)
NOTE_HEADINGS = ("列名", "意思和填法", "可以填什么", "例子", "依据")
HOW: dict[FactType, str] = {
    "text": "文字",
    "id_number": "18 位身份证号，按文本填写，末位可以是 X",
    "credit_code": "18 位统一社会信用代码，按文本填写",
    "date": "日期，写到日，写成 年-月-日",
    "months": "月数，不小于 0 的整数",
    "days": "天数，不小于 0 的整数",
    "years": "年数，不小于 0 的整数",
    "count": "不小于 0 的整数",
    "money": "金额，单位元，最多两位小数",
    "yes_no": "是 或 否，不知道就空着",
    "choice": "从下拉中选，不知道就空着",
}

INK, GREEN, PALE, LINE = "#1B2A26", "#1F6F5C", "#E8F0EC", "#BFC8C4"
FONT = "等线"


def write_template(
    out: Path,
    *,
    title: str,
    columns: Sequence[Column],
    notes: Sequence[tuple[str, str]] = (),
    clauses: Sequence[str] = (),
) -> None:
    """Write the template workbook to `out` (.xlsx).

    `notes` are (heading, text) lines at the top of the notes sheet, `clauses` lines of what the plan says.
    The file appears only when it is complete.
    """
    part = out.with_name(f".{out.name}.part")
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    try:
        with part.open("wb") as file, xlsxwriter.Workbook(file, options) as workbook:
            workbook.set_properties({"title": title})
            roster = workbook.add_worksheet(ROSTER_SHEET)
            lines = [*notes, *(("条款", clause) for clause in clauses)]
            ranges = _write_notes(workbook, workbook.add_worksheet(NOTES_SHEET), title, columns, lines)
            _write_roster(workbook, roster, columns, ranges)
            roster.activate()
        os.replace(part, out)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


def _write_roster(workbook: Any, sheet: Any, columns: Sequence[Column], ranges: dict[str, str]) -> None:
    """The heading row, and below it columns that already know what they hold."""
    heading = workbook.add_format(
        _look(bold=True, font_color="#FFFFFF", bg_color=GREEN, align="center", valign="vcenter", text_wrap=True)
    )
    identity = workbook.add_format(
        _look(bold=True, font_color="#FFFFFF", bg_color="#124B3D", align="center", valign="vcenter", text_wrap=True)
    )
    sheet.set_default_row(ROW_HEIGHT)
    sheet.set_row(0, HEADING_HEIGHT)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for place, column in enumerate(columns):
        width = max(WIDTHS.get(column.type, WIDTH), 2.0 * len(column.label) + 3)
        sheet.set_column(place, place, width, workbook.add_format(_cell_look(column.type)))
        sheet.write_string(0, place, column.label, identity if column.identity else heading)
        rule = _validation(column, ranges)
        sheet.data_validation(1, place, MAX_SHEET_ROWS - 1, place, rule | _prompt(column))


def _look(**more: object) -> dict[str, object]:
    return {"font_name": FONT, "font_size": 11, "font_color": INK, "border": 1, "border_color": LINE} | more


def _cell_look(kind: FactType) -> dict[str, object]:
    """A column's cells: text kept as text, days as year-month-day."""
    look: dict[str, object] = {"font_name": FONT, "font_size": 11, "font_color": INK, "valign": "vcenter"}
    if kind in ("id_number", "credit_code", "text"):
        return look | {"num_format": "@"}
    if kind == "date":
        return look | {"num_format": "yyyy-mm-dd", "align": "center"}
    if kind == "money":
        return look | {"num_format": "#,##0.00"}
    return look | {"align": "center"}


def _validation(column: Column, ranges: dict[str, str]) -> dict[str, object]:
    """What a column accepts without asking: a drop-down, or whole and not negative numbers."""
    again = {"error_type": "warning", "error_title": "请核对", "error_message": f"{column.label}：{HOW[column.type]}。"}
    if column.type in ("choice", "yes_no"):
        return {"validate": "list", "source": _list_source(column, ranges)} | again
    if column.type in ("months", "days", "years", "count"):
        return {"validate": "integer", "criteria": ">=", "value": 0} | again
    if column.type == "money":
        return {"validate": "decimal", "criteria": ">=", "value": 0} | again
    return {"validate": "any"}


def _list_source(column: Column, ranges: dict[str, str]) -> object:
    """The words themselves, or where they are written if they are too long for a drop-down of their own."""
    labels = column.offered_labels
    return ranges[column.key] if _is_long(labels) else labels


def _is_long(labels: Sequence[str]) -> bool:
    return len(",".join(labels)) > LIST_CHARACTERS_MAX or any("," in label for label in labels)


def _prompt(column: Column) -> dict[str, object]:
    """What is said beside a cell while it is filled in."""
    said = "\n".join(part for part in (HOW[column.type], column.note, _open_hint(column)) if part)
    return {"input_title": column.label[:PROMPT_TITLE_MAX], "input_message": said[:PROMPT_MAX]}


def _open_hint(column: Column) -> str:
    return f"也可以填：{column.open_words[0]}" if column.open_words else ""


def _write_notes(
    workbook: Any, sheet: Any, title: str, columns: Sequence[Column], lines: Sequence[tuple[str, str]]
) -> dict[str, str]:
    """The notes sheet; gives where the words of long drop-downs are written, by column key."""
    head = workbook.add_format(
        {"font_name": FONT, "font_size": 18, "bold": True, "font_color": GREEN, "valign": "vcenter"}
    )
    name = workbook.add_format(_look(bold=True, bg_color=PALE, valign="top", text_wrap=True))
    text = workbook.add_format(_look(valign="top", text_wrap=True))
    heading = workbook.add_format(
        _look(bold=True, font_color="#FFFFFF", bg_color=GREEN, align="center", valign="vcenter")
    )
    sheet.hide_gridlines(2)
    for place, width in enumerate(NOTE_WIDTHS):
        sheet.set_column(place, place, width)
    sheet.set_row(0, 34)
    sheet.write_string(0, 0, title, head)
    row = 1
    for label, line in lines:
        sheet.write_string(row, 0, label, name)
        sheet.merge_range(row, 1, row, len(NOTE_WIDTHS) - 1, line, text)
        sheet.set_row(row, _height(line, sum(NOTE_WIDTHS[1:])))
        row += 1
    row += 1
    for place, label in enumerate(NOTE_HEADINGS):
        sheet.write_string(row, place, label, heading)
    for column in columns:
        row += 1
        cells = (_meaning(column), _allowed(column), column.example, column.clause)
        sheet.write_string(row, 0, column.label + ("（必填）" if column.identity else ""), name)
        for place, cell in enumerate(cells, start=1):
            sheet.write_string(row, place, cell, text)
        sheet.set_row(row, max(_height(cell, width) for cell, width in zip(cells, NOTE_WIDTHS[1:], strict=True)))
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    return _write_long_lists(sheet, columns)


def _meaning(column: Column) -> str:
    return "；".join(part for part in (column.note, HOW[column.type]) if part)


def _allowed(column: Column) -> str:
    """The words a column takes."""
    if column.type in ("choice", "yes_no"):
        return "、".join(column.offered_labels)
    return _open_hint(column)


def _write_long_lists(sheet: Any, columns: Sequence[Column]) -> dict[str, str]:
    """Words of drop-downs too long to be written into them, each in a hidden column of the notes."""
    ranges: dict[str, str] = {}
    for column in columns:
        labels = column.offered_labels if column.type == "choice" else []
        if not _is_long(labels):
            continue
        place = len(NOTE_WIDTHS) + 1 + len(ranges)
        sheet.write_column(0, place, labels)
        sheet.set_column(place, place, None, None, {"hidden": True})
        letters = column_letters(place)
        ranges[column.key] = f"='{NOTES_SHEET}'!${letters}$1:${letters}${len(labels)}"
    return ranges


def _height(text: str, width: float) -> float:
    """Points a wrapped text needs in a column of `width` characters."""
    lines = sum(
        max(-(-sum(2 if ord(c) > 0x2E7F else 1 for c in part) // int(width - 2)), 1) for part in text.split("\n")
    )
    return max(18.0 * lines + 4, ROW_HEIGHT)
