"""Workbooks in and out: templates, row errors, safe export."""

from jiujin.sheets.columns import Column, columns_of
from jiujin.sheets.figures import (
    FigureColumn,
    FigureTable,
    figure_text,
    figures_csv,
    figures_records,
    heading_of,
    write_figures_xlsx,
)
from jiujin.sheets.problems import BadCell, CellError, SheetUnreadable
from jiujin.sheets.reading import read_roster
from jiujin.sheets.result import write_result
from jiujin.sheets.result_styled import Tone
from jiujin.sheets.roster import Roster, SheetLayout, column_letters
from jiujin.sheets.safe import cell_text, is_risky, safe_text
from jiujin.sheets.template import write_template

__all__ = [
    "BadCell",
    "CellError",
    "Column",
    "FigureColumn",
    "FigureTable",
    "Roster",
    "SheetLayout",
    "SheetUnreadable",
    "Tone",
    "cell_text",
    "column_letters",
    "columns_of",
    "figure_text",
    "figures_csv",
    "figures_records",
    "heading_of",
    "is_risky",
    "read_roster",
    "safe_text",
    "write_figures_xlsx",
    "write_result",
    "write_template",
]
