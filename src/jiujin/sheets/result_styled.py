"""The checked roster with the formatting of the person's own workbook."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from copy import copy
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from jiujin.sheets.additions import SheetAdditions
from jiujin.sheets.safe import cell_text, is_risky

Tone = Literal["good", "bad", "open"]

MONEY_FORMAT = "#,##0.00"
WIDTHS = {"原因": 60, "依据条款": 36}
WIDTH = 14
TONE_COLOURS: Mapping[Tone, tuple[str, str]] = {
    "good": ("FFE3F3EA", "FF17603F"),
    "bad": ("FFFBE6E4", "FF9C2A22"),
    "open": ("FFFFF3D6", "FF7A5200"),
}
_LINE = Side(style="thin", color="FFBFC8C4")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_HEADING_FILL = PatternFill("solid", fgColor="FF1F6F5C")
_HEADING_FONT = Font(bold=True, color="FFFFFFFF")
_CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)
_WRAPPED = Alignment(vertical="top", wrap_text=True)
_MIDDLE = Alignment(horizontal="center", vertical="top")


class CannotKeepStyle(Exception):
    """The workbook is written so oddly that its formatting cannot be kept."""


def write_styled(
    source_path: Path, additions: Mapping[str, SheetAdditions], out: Path, tones: Mapping[str, Tone]
) -> None:
    """Load the workbook with results in place of formulas, add the columns, make it harmless, save it.

    Raises CannotKeepStyle where it cannot be loaded or saved.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            workbook = load_workbook(source_path, data_only=True, keep_links=False, keep_vba=False)
            for sheet in workbook.worksheets:
                _make_harmless(sheet)
                if sheet.title in additions:
                    _add(sheet, additions[sheet.title], tones)
            _drop_names(workbook)
            workbook.save(out)
    except OSError:
        raise
    except Exception as error:  # openpyxl raises whatever an odd workbook makes it stumble over
        raise CannotKeepStyle(str(error)) from error


def _drop_names(workbook: Workbook) -> None:
    """Defined names may hold formulas and links to other files."""
    workbook.defined_names.clear()
    for sheet in workbook.worksheets:
        sheet.defined_names.clear()
    for chart_sheet in workbook.chartsheets:
        workbook.remove(chart_sheet)


def _make_harmless(sheet: Worksheet) -> None:
    """Drop what can run or reach out: links, charts, pivots, formulas of formats, drop-downs and tables."""
    inner: Any = sheet
    inner._hyperlinks, inner._charts, inner._pivots = [], [], []
    for cell in inner._cells.values():  # only the cells that exist; iter_rows would make the rest
        if isinstance(cell, MergedCell):
            continue
        cell._hyperlink = None
        if cell.data_type == "f":
            cell.value = None
        elif isinstance(cell.value, str) and is_risky(cell.value):
            cell.data_type = "s"
            cell.quotePrefix = True
    for table in sheet.tables.values():
        for column in table.tableColumns:
            column.calculatedColumnFormula = column.totalsRowFormula = None
    _keep_plain_rules(inner)


def _keep_plain_rules(sheet: Any) -> None:
    """Keep drop-downs of listed words and formats that need no formula."""
    validations = sheet.data_validations
    validations.dataValidation = [
        rule
        for rule in validations.dataValidation
        if rule.type == "list" and str(rule.formula1 or "").startswith('"') and not rule.formula2
    ]
    kept = type(sheet.conditional_formatting)()
    for formatted in sheet.conditional_formatting:
        for rule in formatted.rules:
            if not rule.formula:
                kept.add(str(formatted.sqref), rule)
    sheet.conditional_formatting = kept


def _add(sheet: Worksheet, added: SheetAdditions, tones: Mapping[str, Tone]) -> None:
    """The headings and values of the added columns."""
    first = _free_column(sheet, added) + 1
    layout = added.layout
    for at, name in enumerate(added.names):
        column = first + at
        for line in range(layout.heading_first, layout.heading_last + 1):
            _style_heading(sheet.cell(line, column))
        _put(sheet.cell(layout.heading_last, column), name)
        sheet.column_dimensions[get_column_letter(column)].width = WIDTHS.get(name, WIDTH)
    for line, values in added.by_line().items():
        for at, value in enumerate(values):
            cell = sheet.cell(line, first + at)
            _put(cell, value)
            _style_value(cell, value, tones)


def _free_column(sheet: Worksheet, added: SheetAdditions) -> int:
    """The first column (from 0) to write to, past cells merged into it beside the data."""
    column = added.first_column
    written = {*range(added.layout.heading_first, added.layout.heading_last + 1), *added.lines}
    for merged in sheet.merged_cells.ranges:
        if merged.max_col > column and not written.isdisjoint(range(merged.min_row, merged.max_row + 1)):
            column = merged.max_col
    return column


def _put(cell: Cell | MergedCell, value: object) -> None:
    """Put a value so that text stays text."""
    if isinstance(cell, MergedCell):
        return
    if not isinstance(value, str):
        plain: Any = value
        cell.value = plain
        return
    cell.value = cell_text(value)
    cell.data_type = "s"
    cell.quotePrefix = is_risky(value)


def _style_heading(cell: Cell | MergedCell) -> None:
    cell.fill, cell.font, cell.alignment, cell.border = _HEADING_FILL, _HEADING_FONT, _CENTRED, _BOX


def _style_value(cell: Cell | MergedCell, value: object, tones: Mapping[str, Tone]) -> None:
    cell.border, cell.alignment = _BOX, _WRAPPED
    if isinstance(value, Decimal):
        cell.number_format = MONEY_FORMAT
        cell.alignment = copy(_MIDDLE)
    elif isinstance(value, str) and value in tones:
        fill, ink = TONE_COLOURS[tones[value]]
        cell.fill, cell.font, cell.alignment = PatternFill("solid", fgColor=fill), Font(bold=True, color=ink), _MIDDLE
