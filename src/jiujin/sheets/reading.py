"""Reads a roster: finds the headings, tells people from the rest, and types every column."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import pyarrow as pa

from jiujin.sheets import limits, notices
from jiujin.sheets.cells import seen
from jiujin.sheets.columns import Column
from jiujin.sheets.grids import Block, Grid, Source, open_source
from jiujin.sheets.headings import Heading, Vocabulary, find_heading
from jiujin.sheets.parquet import is_parquet, read_parquet
from jiujin.sheets.parsing import ColumnParser, ParsedColumn, no_values
from jiujin.sheets.people import MERGED_COLUMNS_MIN, RowSorter
from jiujin.sheets.problems import CellError, SheetUnreadable
from jiujin.sheets.roster import NOTES_SHEET, Roster, SheetLayout, column_letters

Progress = Callable[[str, int, int], None]
READING, CHECKING = "读取表格", "核对单元格"
NAMED_MIN = 2
ID_TYPES = ("id_number", "credit_code")


def read_roster(
    path: Path,
    columns: Sequence[Column],
    *,
    sheets: Sequence[str] | None = None,
    demo_ids: bool = False,
    progress: Progress | None = None,
) -> Roster:
    """Read a workbook (.xlsx, .xls), CSV or Parquet file; see Roster.

    `sheets` chooses worksheets by name, else all that have the headings are read. `progress(stage, done, total)` is
    told how far it is. Raises SheetUnreadable for what cannot be judged at all.
    """
    tell = progress or (lambda stage, done, total: None)
    path = Path(path)
    if is_parquet(path):
        return read_parquet(path, columns, demo_ids=demo_ids, progress=tell)
    with closing(open_source(path)) as source:
        reader = _Reader(columns, source, demo_ids, tell)
        for name in _chosen(source, sheets):
            reader.read(name, required=sheets is not None)
        return reader.roster()


def _chosen(source: Source, sheets: Sequence[str] | None) -> list[str]:
    """The sheets to read. Raises SheetUnreadable for a name the workbook has not."""
    if sheets is None or source.kind == "csv":
        return source.sheet_names
    strangers = [name for name in sheets if name not in source.sheet_names]
    if strangers:
        has = "、".join(source.sheet_names[:20])
        raise SheetUnreadable(f"没有叫“{strangers[0]}”的工作表，没有判断：这个文件里有 {has}")
    return list(dict.fromkeys(sheets))


@dataclass
class _SheetRows:
    """The people of one sheet: their lines (from 1) and the cells of each placed column, column by column."""

    lines: list[int]
    cells: dict[str, list[object]]
    sorter: RowSorter


@dataclass
class _Reader:
    """Reads the sheets of one source, one after the other."""

    columns: Sequence[Column]
    source: Source
    demo_ids: bool
    tell: Progress
    tables: list[pa.Table] = field(default_factory=list)
    errors: list[CellError] = field(default_factory=list)
    errors_left_out: int = 0
    notices: list[str] = field(default_factory=list)
    layouts: dict[str, SheetLayout] = field(default_factory=dict)
    missing: dict[str, list[str]] = field(default_factory=dict)
    passed_over: dict[str, str] = field(default_factory=dict)
    nearly: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._vocabulary = Vocabulary.of(self.columns)
        self._identity = next((column for column in self.columns if column.identity), None)
        self._parsers = {
            column.key: ColumnParser(column, self.demo_ids, self.source.dates_from_1904) for column in self.columns
        }

    def read(self, name: str, *, required: bool) -> None:
        """Read one sheet, or note why it is passed over."""
        self.tell(READING, len(self.tables), len(self.source.sheet_names))
        grid = self.source.grid(name)
        heading, blocks = self._heading(grid)
        if heading is None or not self._is_roster(heading):
            self._pass_over(name, heading, required=required)
            return
        rows = self._people(grid, heading, blocks)
        if rows.lines:
            self._keep(grid, heading, rows)
        elif required:
            raise SheetUnreadable(f"{notices.place(name)}表头下面没有人员，没有判断：请填好名单再试")
        else:
            self.passed_over[name] = "表头下面没有人员"

    def _heading(self, grid: Grid) -> tuple[Heading | None, chain[Block]]:
        """The sheet's heading, and all its blocks again."""
        blocks = grid.blocks()
        first = next(blocks, [])
        try:
            heading = find_heading(first[: limits.HEADING_SEARCH_ROWS], self._vocabulary, grid.merges)
        except SheetUnreadable as error:
            raise SheetUnreadable(f"{notices.place(grid.name)}{error}") from error
        return heading, chain([first] if first else [], blocks)

    def _is_roster(self, heading: Heading) -> bool:
        """Whether a heading is enough to judge by: the identity column, and it is no list of column names."""
        if self._identity is None:
            return True
        lone = len(heading.places) == 1 and len(self.columns) > 1 and len(self.source.sheet_names) > 1
        return self._identity.key in heading.places and not lone

    def _pass_over(self, name: str, heading: Heading | None, *, required: bool) -> None:
        found = heading.places if heading else {}
        alike = len(found) >= NAMED_MIN and self._identity
        reason = f"没有“{self._identity.label}”一列" if alike and self._identity else "没有找到表头"
        if required:
            wanted = "、".join(column.label for column in self.columns)
            raise SheetUnreadable(f"{notices.place(name)}{reason}，没有判断：表头要有 {wanted}")
        self.passed_over[name] = reason
        self.nearly[name] = len(found)

    def _people(self, grid: Grid, heading: Heading, blocks: chain[Block]) -> _SheetRows:
        """The rows of people below the heading."""
        identity = self._identity if self._identity and self._identity.type in ID_TYPES else None
        sorter = RowSorter(
            places=sorted(heading.places.values()),
            identity=heading.places[identity.key] if identity else None,
            heading={place: heading.writings[place] for place in heading.places.values()},
            merged_rows=_merged_lines(grid),
        )
        rows = _SheetRows([], {key: [] for key in heading.places}, sorter)
        line = 1
        for block in blocks:
            skip = max(heading.last + 2 - line, 0)
            self._take(block[skip:], line + skip, heading, rows)
            line += len(block)
            self.tell(READING, min(line, grid.lines or line), grid.lines)
        return rows

    def _take(self, block: Block, first_line: int, heading: Heading, rows: _SheetRows) -> None:
        """Add a block's people to the columns."""
        if not block:
            return
        chosen = rows.sorter.select(_wide_enough(block, heading), first_line)
        rows.lines.extend(first_line + at for at in chosen)
        people = block if len(chosen) == len(block) else [block[at] for at in chosen]
        for key, place in heading.places.items():
            rows.cells[key].extend([row[place] for row in people])

    def _keep(self, grid: Grid, heading: Heading, rows: _SheetRows) -> None:
        """Type a sheet's columns and remember how it lay."""
        count = len(rows.lines)
        table: dict[str, pa.Array] = {
            "sheet": pa.repeat(pa.scalar(grid.name), count),
            "row": pa.array(rows.lines, type=pa.int32()),
        }
        for done, column in enumerate(self.columns):
            self.tell(CHECKING, done, len(self.columns))
            if column.key not in heading.places:
                self.missing.setdefault(column.key, []).append(grid.name)
                table.update(no_values(column, count))
                continue
            cells = rows.cells.pop(column.key)
            parsed = self._parsers[column.key].parse(cells)
            self._add_errors(grid.name, rows.lines, column, heading.places[column.key], cells, parsed)
            table[column.key] = parsed.values
            if column.open_key and parsed.opened is not None:
                table[column.open_key] = parsed.opened
        self.tell(CHECKING, len(self.columns), len(self.columns))
        self.tables.append(pa.table(table))
        self.layouts[grid.name] = SheetLayout(
            name=grid.name,
            heading_first=heading.first + 1,
            heading_last=heading.last + 1,
            width=max(*heading.writings, *heading.places.values()) + 1,
            places=dict(heading.places),
            writings=dict(heading.writings),
        )
        self.notices.extend(_sheet_notices(grid, heading, rows, {c.key: c.label for c in self.columns}))

    def _add_errors(
        self, sheet: str, lines: list[int], column: Column, place: int, cells: list[object], parsed: ParsedColumn
    ) -> None:
        letters = column_letters(place)
        room = max(limits.MAX_ERRORS - len(self.errors), 0)
        self.errors_left_out += max(len(parsed.bad) - room, 0)
        self.errors.extend(
            CellError(
                sheet,
                lines[at],
                column.label,
                f"{letters}{lines[at]}",
                seen(cells[at]),
                problem.message,
                problem.code,
            )
            for at, problem in parsed.bad[:room]
        )

    def roster(self) -> Roster:
        """All sheets together. Raises SheetUnreadable where no sheet had people."""
        if not self.tables:
            raise self._nothing()
        everywhere = [key for key, names in self.missing.items() if len(names) == len(self.tables)]
        return Roster(
            table=pa.concat_tables(self.tables).combine_chunks(),
            errors=self._in_order(),
            notices=[*self.notices, *self._column_notices(everywhere), *self._other_notices()],
            missing_columns=everywhere,
            source=self.source.kind,
            layouts=self.layouts,
            cells=self.source.cells,
        )

    def _in_order(self) -> list[CellError]:
        """Errors by sheet, row and column."""
        order = {name: at for at, name in enumerate(self.layouts)}
        return sorted(self.errors, key=lambda error: (order[error.sheet], error.row))

    def _column_notices(self, everywhere: list[str]) -> list[str]:
        labels = {column.key: column.label for column in self.columns}
        said = [notices.missing_column(labels[key]) for key in everywhere]
        for key, names in self.missing.items():
            if key not in everywhere:
                said.append(notices.missing_column(labels[key], sheets=names))
        return said

    def _other_notices(self) -> list[str]:
        said = [f"工作表“{name}”{reason}，没有判断" for name, reason in self.passed_over.items() if name != NOTES_SHEET]
        if self.errors_left_out:
            said.append(f"另有 {self.errors_left_out:,} 处有问题的单元格没有列出：请先改好已列出的，再核对一次")
        return said

    def _nothing(self) -> SheetUnreadable:
        """Why there is nothing to judge: the reason of the sheet that came nearest."""
        empty = [name for name, reason in self.passed_over.items() if reason == "表头下面没有人员"]
        if empty:
            return SheetUnreadable(f"{notices.place(empty[0])}表头下面没有人员，没有判断：请填好名单再试")
        nearest = max(self.nearly, key=lambda name: self.nearly[name], default="")
        if self._identity and self.nearly.get(nearest, 0) >= NAMED_MIN:
            return SheetUnreadable(
                f"{notices.place(nearest)}没有“{self._identity.label}”一列，没有判断：请补上这一列再试"
            )
        wanted = "、".join(column.label for column in self.columns)
        return SheetUnreadable(
            f"前 {limits.HEADING_SEARCH_ROWS} 行里没有找到表头，没有判断：要有一行写着列名（{wanted}）"
        )


def _wide_enough(block: Block, heading: Heading) -> Block:
    """The block, its rows as wide as the heading's last column (a CSV's later rows may be shorter)."""
    width = max(heading.places.values()) + 1
    if len(block[0]) < width:
        for at, row in enumerate(block):
            block[at] = [*row, *([""] * (width - len(row)))]
    return block


def _merged_lines(grid: Grid) -> frozenset[int]:
    """Lines (from 1) in which a cell is merged across several columns."""
    return frozenset(
        line + 1
        for (top, left), (bottom, right) in grid.merges
        if right - left + 1 >= MERGED_COLUMNS_MIN
        for line in range(top, min(bottom, top + limits.HEADING_SEARCH_ROWS) + 1)
    )


def _sheet_notices(grid: Grid, heading: Heading, rows: _SheetRows, labels: Mapping[str, str]) -> list[str]:
    """What a person should know of how this sheet was read."""
    where = notices.place(grid.name)
    judged = set(rows.lines)
    hidden = [line for line in grid.hidden_lines if line in judged]
    said = []
    if grid.hidden:
        said.append(f"工作表“{grid.name}”是隐藏的，也判断了")
    if hidden:
        said.append(f"{where}第 {notices.ranges(hidden)} 行是隐藏的，也判断了")
    if footers := rows.sorter.other.get("footer"):
        said.append(f"{where}第 {notices.ranges(footers)} 行是合计、签名或备注，没有当作人员")
    if unfilled := rows.sorter.other.get("unfilled"):
        said.append(f"{where}第 {notices.ranges(unfilled)} 行没有填写名单各列的内容，没有判断")
    for key, places in heading.spare.items():
        used = heading.writings[heading.places[key]]
        others = "、".join(f"“{heading.writings[place]}”" for place in places)
        said.append(f"{where}“{labels[key]}”按“{used}”一列读取，没有用 {others}")
    return said
