"""Tables of figures (text, counts, fen) as a workbook, comma-separated text or plain records.

Money is integer fen here and leaves as yuan with two decimals; a total under a table is the sum that its reader would make.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import IO, Any, Literal

import xlsxwriter

from jiujin.sheets.safe import cell_text, safe_text

Kind = Literal["text", "count", "money", "day", "written"]  # `written`: a figure in text already, set like one
Value = str | int | date | None
SHEET_NAME_MAX = 31
WIDTHS: dict[Kind, int] = {"text": 24, "count": 11, "money": 18, "day": 13, "written": 13}
GREEN, PALE = "#1F6F5C", "#E8F0EC"


@dataclass(frozen=True)
class FigureColumn:
    """A column: its heading, and what its values are."""

    label: str
    kind: Kind = "text"


@dataclass(frozen=True)
class FigureTable:
    """A titled table; with `totalled` a last line adds up its counts and money. `charted` names a money column to draw."""

    title: str
    columns: Sequence[FigureColumn]
    rows: Sequence[Sequence[Value]]
    totalled: bool = True
    charted: int | None = None

    @property
    def total(self) -> list[Value] | None:
        """The last line: what the counts and the money come to."""
        if not (self.totalled and self.rows):
            return None
        found: list[Value] = ["合计"]
        for at, column in enumerate(self.columns[1:], start=1):
            adds = column.kind in ("count", "money")
            found.append(sum(row[at] for row in self.rows if isinstance(row[at], int)) if adds else "")  # type: ignore[misc]
        return found

    @property
    def lines(self) -> list[Sequence[Value]]:
        """Every line, the total last."""
        return [*self.rows, *([self.total] if self.total else [])]

    def shown(self) -> Iterator[list[str]]:
        """Every line as text."""
        for line in self.lines:
            yield [figure_text(column.kind, value) for column, value in zip(self.columns, line, strict=True)]


def figure_text(kind: Kind, value: Value) -> str:
    """A value as a person reads it."""
    if value is None or value == "":
        return ""
    if kind == "money" and isinstance(value, int):
        return f"{Decimal(value) / 100:,.2f}"
    return f"{value:,}" if kind == "count" else str(value)


def heading_of(column: FigureColumn) -> str:
    """The heading, with the unit where the column is money."""
    return f"{column.label}（元）" if column.kind == "money" else column.label


def write_figures_xlsx(file: IO[bytes], tables: Sequence[FigureTable], *, notes: Sequence[str] = ()) -> None:
    """One sheet a table, each with its chart where it has one; `notes` are lines under the first."""
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options) as book:
        looks = _Looks(book)
        for at, table in enumerate(tables):
            _write_sheet(book, looks, table, notes if at == 0 else ())


class _Looks:
    """The few formats of a workbook."""

    def __init__(self, book: Any) -> None:
        self.heading = book.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": GREEN, "text_wrap": True})
        self.by_kind = {
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
            "count": book.add_format({"num_format": "#,##0"}),
            "money": book.add_format({"num_format": "#,##0.00"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
            "written": book.add_format({"align": "right"}),
        }
        self.totals = {
            kind: book.add_format({"bold": True, "bg_color": PALE, "num_format": form})
            for kind, form in (("text", "@"), ("count", "#,##0"), ("money", "#,##0.00"), ("day", "@"), ("written", "@"))
        }


def _write_sheet(book: Any, looks: _Looks, table: FigureTable, notes: Sequence[str]) -> None:
    sheet = book.add_worksheet(table.title[:SHEET_NAME_MAX])
    sheet.freeze_panes(1, 1)
    for at, column in enumerate(table.columns):
        sheet.set_column(at, at, WIDTHS[column.kind])
        sheet.write_string(0, at, heading_of(column), looks.heading)
    for nth, line in enumerate(table.lines, start=1):
        formats = looks.totals if nth > len(table.rows) else looks.by_kind
        for at, (column, value) in enumerate(zip(table.columns, line, strict=True)):
            _write_cell(sheet, nth, at, column.kind, value, formats[column.kind])
    below = len(table.lines) + 2
    for nth, note in enumerate(notes):
        sheet.write_string(below + nth, 0, cell_text(note))
    if table.charted is not None and table.rows:
        _draw(book, sheet, table, table.charted)


def _write_cell(sheet: Any, row: int, at: int, kind: Kind, value: Value, look: Any) -> None:
    if value is None or value == "":
        sheet.write_blank(row, at, None, look)
    elif kind == "money" and isinstance(value, int):
        sheet.write_number(row, at, value / 100, look)
    elif kind == "count" and isinstance(value, int):
        sheet.write_number(row, at, value, look)
    elif isinstance(value, date):
        sheet.write_datetime(row, at, value, look)
    else:
        sheet.write_string(row, at, cell_text(str(value)), look)


def _draw(book: Any, sheet: Any, table: FigureTable, column: int) -> None:
    chart = book.add_chart({"type": "bar"})
    last = len(table.rows)
    name = table.title[:SHEET_NAME_MAX]
    chart.add_series(
        {
            "name": table.columns[column].label,
            "categories": [name, 1, 0, last, 0],
            "values": [name, 1, column, last, column],
            "fill": {"color": GREEN},
        }
    )
    chart.set_title({"name": f"{table.title}：{heading_of(table.columns[column])}"})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True})
    sheet.insert_chart(0, len(table.columns) + 1, chart, {"y_scale": max(1.0, min(4.0, last / 12))})


def figures_csv(tables: Sequence[FigureTable]) -> str:
    """The tables one after another as comma-separated text; no text of it can run as a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    for table in tables:
        writer.writerow([safe_text(table.title)])
        writer.writerow([heading_of(column) for column in table.columns])
        for line in table.shown():
            writer.writerow([_plain(column.kind, text) for column, text in zip(table.columns, line, strict=True)])
        writer.writerow([])
    return out.getvalue()


def _plain(kind: Kind, text: str) -> str:
    return text.replace(",", "") if kind in ("money", "count") else safe_text(text)


def figures_records(table: FigureTable) -> list[dict[str, Any]]:
    """The table's own rows as plain records: money as yuan in text, days in ISO's form."""
    return [
        {
            column.label: f"{Decimal(value) / 100:.2f}"
            if column.kind == "money" and isinstance(value, int)
            else value.isoformat()
            if isinstance(value, date)
            else value
            for column, value in zip(table.columns, row, strict=True)
        }
        for row in table.rows
    ]
