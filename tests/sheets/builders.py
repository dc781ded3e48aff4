"""Small rosters of invented people, as workbooks, CSV and Parquet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from jiujin.sheets import Column, Roster, read_roster
from jiujin.values import make_demo_id

NAME = Column("name", "姓名", "text", synonyms=("人员姓名",))
ID = Column("id_number", "身份证号", "id_number", synonyms=("身份证号码", "公民身份号码"), identity=True)
GROUP = Column(
    "group",
    "人员类别",
    "choice",
    synonyms=("群体类别",),
    choices={"migrant": "农民工", "youth": "16-24岁失业青年", "other": "其他", "none": "无"},
    choice_synonyms={"migrant": ("进城务工人员",)},
)
START = Column("start_on", "开始日期", "date", synonyms=("合同开始日期", "起始日期"), example="2020-03-01")
END = Column(
    "end_on", "结束日期", "date", synonyms=("合同结束日期",), open_key="open_ended", open_words=("无固定期限", "长期")
)
MONTHS = Column("months", "缴纳月数", "months")
INCOME = Column("income", "月收入", "money", synonyms=("最低月收入",))
REGISTERED = Column("registered", "就业登记", "yes_no")
UNIT = Column("unit", "单位", "text")
COLUMNS = [NAME, ID, GROUP, START, END, MONTHS, INCOME, REGISTERED, UNIT]
LABELS = [column.label for column in COLUMNS]


def demo_id(at: int) -> str:
    """The identity number of invented person `at`."""
    return make_demo_id(date(1980 + at // 1000, 1, 1), at % 1000)


def person(at: int = 1, **changed: Any) -> list[Any]:
    """A row in which every cell is good, with some cells changed by key."""
    cells = {
        "name": f"张{at}",
        "id_number": demo_id(at),
        "group": "农民工",
        "start_on": date(2022, 3, 1),
        "end_on": date(2022, 8, 31),
        "months": 6,
        "income": 1800.5,
        "registered": "是",
        "unit": "三里桥运营机构",
    }
    return list((cells | changed).values())


def people(count: int, first: int = 1) -> list[list[Any]]:
    """Good rows."""
    return [person(at) for at in range(first, first + count)]


def fill(sheet: Worksheet, rows: Iterable[Sequence[Any]]) -> Worksheet:
    """Append rows to a sheet."""
    for row in rows:
        sheet.append(list(row))
    return sheet


def workbook(path: Path, rows: Iterable[Sequence[Any]], title: str = "名单") -> Path:
    """An .xlsx with one sheet of these rows."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    fill(sheet, rows)
    book.save(path)
    return path


def csv_file(path: Path, rows: Iterable[Sequence[Any]], encoding: str = "utf-8") -> Path:
    """A CSV of these rows."""
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def read(path: Path, columns: Sequence[Column] = COLUMNS, **more: Any) -> Roster:
    """The roster in a file, demonstration numbers allowed."""
    return read_roster(path, columns, demo_ids=True, **more)


def codes(roster: Roster) -> list[tuple[str, str]]:
    """Cell and code of every bad cell."""
    return [(error.cell, error.code) for error in roster.errors]


def one_cell(folder: Path, column: Column, value: object) -> tuple[Any, Any, list[str]]:
    """What a roster makes of one cell: its value, its open fact, and the codes of what is wrong."""
    row = person(**{column.key: value})
    roster = read(workbook(folder / "one.xlsx", [LABELS, row]))
    line = roster.table.to_pylist()[0]
    return line[column.key], line.get(column.open_key or ""), [error.code for error in roster.errors]
