"""The checked roster as a plain workbook: every cell of the source, and the added columns."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from jiujin.sheets import limits
from jiujin.sheets.additions import SheetAdditions
from jiujin.sheets.cells import seen
from jiujin.sheets.folding import without_blanks
from jiujin.sheets.grids import Block, Grid, open_source
from jiujin.sheets.plain_styles import Style
from jiujin.sheets.plain_workbook import PlainSheet, PlainWorkbook

NAME = "名单"
LINE_HEADING = "行号"
WIDTH_MIN, WIDTH_MAX = 8.0, 42.0
SAMPLE_ROWS = 200
FROZEN_LINES_MAX = 8
ADDED_WIDTHS = {"原因": 60.0, "依据条款": 36.0}


def write_plain(source_path: Path, additions: Mapping[str, SheetAdditions], out: Path) -> None:
    """Every sheet of a workbook or CSV file with its cells, merges and hidden rows, and the added columns."""
    with closing(open_source(source_path)) as source, PlainWorkbook(out) as workbook:
        for name in source.sheet_names:
            _copy_sheet(workbook, source.grid(name), additions.get(name))


def _copy_sheet(workbook: PlainWorkbook, grid: Grid, added: SheetAdditions | None) -> None:
    blocks = grid.blocks()
    first = next(blocks, [])
    with workbook.sheet(
        grid.name or NAME,
        widths=_widths(first, added),
        frozen_lines=_frozen_lines(added),
        hidden=grid.hidden,
        hidden_lines=frozenset(grid.hidden_lines),
        merges=grid.merges,
    ) as sheet:
        line = 1
        for block in _chain(first, blocks):
            for part, in_heading in _split(block, line, added):
                _write(sheet, part, line, in_heading, added)
                line += len(part)


def _frozen_lines(added: SheetAdditions | None) -> int:
    """The lines that stay in view: down to the heading, unless that would fill the screen."""
    return added.layout.heading_last if added and added.layout.heading_last <= FROZEN_LINES_MAX else 0


def _chain(first: Block, rest: Iterator[Block]) -> Iterator[Block]:
    if first:
        yield first
        yield from rest


def _split(block: Block, line: int, added: SheetAdditions | None) -> Iterator[tuple[Block, bool]]:
    """A block cut at the heading's rows, which look different."""
    if added is None:
        yield block, False
        return
    start = min(max(added.layout.heading_first - line, 0), len(block))
    end = min(max(added.layout.heading_last + 1 - line, 0), len(block))
    for part, in_heading in ((block[:start], False), (block[start:end], True), (block[end:], False)):
        if part:
            yield part, in_heading


def _write(sheet: PlainSheet, block: Block, line: int, in_heading: bool, added: SheetAdditions | None) -> None:
    columns: list[Sequence[object]] = list(zip(*block, strict=True))
    own = Style.HEADING if in_heading else Style.PLAIN
    if added is None:
        sheet.write(line, columns, [own] * len(columns))
        return
    beside = _added_columns(added, range(line, line + len(block)))
    columns = columns[: added.first_column]
    columns += [[""] * len(block)] * (added.first_column - len(columns)) + beside
    new = Style.ADDED_HEADING if in_heading else Style.ADDED
    sheet.write(line, columns, [own] * added.first_column + [new] * len(beside))


def _added_columns(added: SheetAdditions, lines: range) -> list[Sequence[object]]:
    """The added cells of these lines, column by column."""
    first, last = _span(added.lines, lines)
    heading = added.layout.heading_last
    columns: list[Sequence[object]] = []
    for name, values in zip(added.names, added.columns, strict=True):
        column: list[object] = [""] * len(lines)
        for line, value in zip(added.lines[first:last], values[first:last], strict=True):
            column[line - lines.start] = value
        if heading in lines:
            column[heading - lines.start] = name
        columns.append(column)
    return columns


def _span(ordered: list[int], lines: range) -> tuple[int, int]:
    """Which of the ordered line numbers lie within `lines`."""
    return bisect_left(ordered, lines.start), bisect_left(ordered, lines.stop)


def _widths(block: Block, added: SheetAdditions | None) -> list[float]:
    """Column widths that show the first rows in full, titles aside."""
    start = added.layout.heading_last - 1 if added else 0
    sample = block[start : start + SAMPLE_ROWS]
    widths = [_width(column) for column in zip(*sample, strict=True)] if sample else []
    if not added:
        return widths
    widths = widths[: added.first_column] + [WIDTH_MIN] * (added.first_column - len(widths))
    return widths + [ADDED_WIDTHS.get(name, 14.0) for name in added.names]


def _width(cells: Sequence[object]) -> float:
    """Characters across, a Chinese one counting twice."""
    longest = max((sum(2 if ord(c) > 0x2E7F else 1 for c in seen(cell)[:60]) for cell in cells), default=0)
    return min(max(longest + 2.0, WIDTH_MIN), WIDTH_MAX)


def write_plain_parquet(source_path: Path, added: Mapping[str, list[object]], out: Path) -> None:
    """A Parquet roster as one sheet, its record numbers and the added columns beside it."""
    names = [LINE_HEADING, *added]
    with pq.ParquetFile(source_path) as file, PlainWorkbook(out) as workbook:
        own = file.schema_arrow.names
        widths = [max(12.0, 2.0 * len(name) + 2) for name in own] + [ADDED_WIDTHS.get(name, 14.0) for name in names]
        with workbook.sheet(NAME, widths=widths, frozen_lines=1) as sheet:
            headings: list[Sequence[object]] = [[without_blanks(name)] for name in (*own, *names)]
            sheet.write(1, headings, [Style.HEADING] * len(own) + [Style.ADDED_HEADING] * len(names))
            record = 1
            for batch in file.iter_batches(batch_size=limits.BLOCK_ROWS):
                last = record + batch.num_rows
                beside: list[Sequence[object]] = [
                    range(record, last),
                    *(values[record - 1 : last - 1] for values in added.values()),
                ]
                columns: list[Sequence[object]] = [*map(_cells, batch.columns), *beside]
                sheet.write(record + 1, columns, [Style.PLAIN] * len(own) + [Style.ADDED] * len(names))
                record = last


def _cells(column: pa.Array) -> list[object]:
    """A stored column as cells; whole numbers too long for a number cell, and nested values, as text."""
    if pa.types.is_nested(column.type) or pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type):
        return [str(value.as_py()) for value in column]
    if pa.types.is_string(column.type):
        return [None if raw is None else raw.decode("utf-8", "replace") for raw in column.cast(pa.binary()).to_pylist()]
    values: list[object] = column.to_pylist()
    if pa.types.is_integer(column.type):
        return [str(value) if isinstance(value, int) and abs(value) >= 10**11 else value for value in values]
    return values
