"""Writes the checked roster: the person's own workbook with columns added beside the data.

A workbook of up to STYLED_ROWS_MAX rows keeps its formatting; a larger one, or another kind of file, is written anew
with all its cells. Either way nothing in it can run: formulas become their results, and text stays text.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from jiujin.sheets import limits
from jiujin.sheets.additions import additions_of, cells_of
from jiujin.sheets.problems import SheetUnreadable
from jiujin.sheets.result_plain import write_plain, write_plain_parquet
from jiujin.sheets.result_styled import CannotKeepStyle, Tone, write_styled
from jiujin.sheets.roster import Roster


def write_result(
    source_path: Path,
    roster: Roster,
    added: Mapping[str, Sequence[object]],
    out: Path,
    *,
    tones: Mapping[str, Tone] | None = None,
) -> None:
    """Write `source_path` with the columns `added` (heading → a value for each row of `roster.table`) to `out` (.xlsx).

    `tones` gives some texts a colour: good, bad or open. The file appears only when it is complete.
    Raises SheetUnreadable where a workbook cannot hold so many rows.
    """
    columns = {name: cells_of(values) for name, values in added.items()}
    part = out.with_name(f".{out.name}.part")
    try:
        if roster.source == "parquet":
            _refuse_too_many(roster)
            write_plain_parquet(source_path, columns, part)
        else:
            additions = additions_of(roster, columns)
            styled = _fits_styled(roster)
            if styled:
                try:
                    write_styled(source_path, additions, part, tones or {})
                except CannotKeepStyle:
                    styled = False
            if not styled:
                write_plain(source_path, additions, part)
        os.replace(part, out)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


def _refuse_too_many(roster: Roster) -> None:
    if roster.table.num_rows >= limits.MAX_SHEET_ROWS:
        raise SheetUnreadable(f"结果有 {roster.table.num_rows:,} 行，一张工作表放不下，没有写出：请把结果写成 .parquet")


def _fits_styled(roster: Roster) -> bool:
    return (
        roster.source == "xlsx"
        and roster.table.num_rows <= limits.STYLED_ROWS_MAX
        and roster.cells <= limits.STYLED_CELLS_MAX
    )
