"""A roster that has been read: its typed rows, its bad cells, and how it lay in the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pyarrow as pa

from jiujin.sheets.columns import Column
from jiujin.sheets.problems import CellError

NOTES_SHEET = "填写说明"
SourceKind = Literal["xlsx", "xls", "csv", "parquet"]


def column_letters(index: int) -> str:
    """Spreadsheet letters of a column counted from 0: A, B, …, Z, AA."""
    letters = ""
    while index >= 0:
        index, rest = divmod(index, 26)
        letters = chr(ord("A") + rest) + letters
        index -= 1
    return letters


@dataclass(frozen=True)
class SheetLayout:
    """Where a judged sheet's heading and columns stand: rows from 1, columns from 0.

    `width` is the number of columns in use; `places` maps a column's key to its place, `writings` a place to the
    heading that stands there.
    """

    name: str
    heading_first: int
    heading_last: int
    width: int
    places: Mapping[str, int]
    writings: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Roster:
    """What a file says.

    `table` has one row a judged row: `sheet` string, `row` int32 (the workbook's row number, 1 is its first line; in
    Parquet the record's number), then one typed column a Column.key and open_key (money integer fen, date date32,
    months, days, years and count int64, yes_no bool, choice by code). Null is not known: empty or bad. `cells` is how
    many cells the whole workbook holds (0 where that was not counted).
    """

    table: pa.Table
    errors: list[CellError]
    notices: list[str]
    missing_columns: list[str]
    source: SourceKind
    layouts: Mapping[str, SheetLayout] = field(default_factory=dict)
    cells: int = 0

    def cell_at(self, at: int, key: str) -> str:
        """The cell, like `B7`, of a column in the table's row `at`; empty where the source has no such cell."""
        layout = self.layouts.get(self.table["sheet"][at].as_py())
        place = layout.places.get(key) if layout else None
        return "" if place is None else f"{column_letters(place)}{self.table['row'][at].as_py()}"

    def error_at(self, at: int, column: Column, value: str, message: str, code: str) -> CellError:
        """A finding of a later stage about a column in the table's row `at`, told like any bad cell."""
        sheet, row = self.table["sheet"][at].as_py(), self.table["row"][at].as_py()
        return CellError(sheet, row, column.label, self.cell_at(at, column.key), value, message, code)
