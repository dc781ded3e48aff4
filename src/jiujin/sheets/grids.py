"""Opens a file of rows: an .xlsx, .xls or .csv as sheets of plain cells, told apart by content and not by name."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Literal, Protocol

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from jiujin.sheets import limits
from jiujin.sheets.binary_sheet import inspect_legacy
from jiujin.sheets.compound import MAGIC as COMPOUND_MAGIC
from jiujin.sheets.encodings import Undecodable, open_text, text_encoding
from jiujin.sheets.headings import Merge
from jiujin.sheets.package import BROKEN, LOCKED, PackageReport, inspect_package
from jiujin.sheets.problems import SheetUnreadable
from jiujin.sheets.sheet_xml import SheetTraits

Row = list[Any]
Block = list[Row]
GridKind = Literal["xlsx", "xls", "csv"]
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"RIFF", b"II*\x00", b"MM\x00*")
TEXT_MARKUP = (b"<html", b"<!doctype html", b"<table", b"<?xml", b"<meta", b"<style")
_FORCED_TEXT = ('="', '"')


class Grid(Protocol):
    """One sheet: its cells in blocks of rows from line 1 on, and what the file says of its rows.

    A cell is "" where empty, else str, float, bool, date, datetime, time, timedelta or a CellMark.
    `hidden_lines` count from 1; `merges` are ((line, column), (line, column)) from 0; `lines` is the last line in use.
    """

    name: str
    hidden: bool
    hidden_lines: Sequence[int]
    merges: Sequence[Merge]
    lines: int

    def blocks(self) -> Iterator[Block]:
        """Blocks of rows of equal width within a block."""


class Source(Protocol):
    """A file of sheets."""

    kind: GridKind
    dates_from_1904: bool
    cells: int

    @property
    def sheet_names(self) -> list[str]:
        """The sheets that hold cells, in order."""

    def grid(self, name: str) -> Grid:
        """One sheet, read. Raises SheetUnreadable."""

    def close(self) -> None:
        """Let the file go; grids read before stay usable."""


@dataclass
class _WorkbookGrid:
    name: str
    hidden: bool
    traits: SheetTraits
    _sheet: Any

    def __post_init__(self) -> None:
        self.hidden_lines: Sequence[int] = self.traits.hidden_lines
        self.merges: Sequence[Merge] = self._sheet.merged_cell_ranges or ()
        start: tuple[int, int] = self._sheet.start or (0, 0)
        first_line, self._first_column = start
        marks = self.traits.marks
        self.lines = max(first_line + self._sheet.height, max(marks, default=0))
        self._width = max(
            self._first_column + self._sheet.width,
            max((column + 1 for cells in marks.values() for column in cells), default=0),
        )

    def blocks(self) -> Iterator[Block]:
        """Blocks of rows from line 1, padded to the sheet's width and with marks in their cells."""
        line = 0
        rows = self._padded()
        while block := list(islice(rows, limits.BLOCK_ROWS)):
            self._put_marks(block, line)
            line += len(block)
            yield block

    def _padded(self) -> Iterator[Row]:
        """Every line of the sheet, from line 1 to the last in use."""
        width, before = self._width, [""] * self._first_column
        after = [""] * (width - self._first_column - self._sheet.width)
        line = 0
        for row in self._sheet.iter_rows():  # from the sheet's first line, but only from its first used column
            line += 1
            yield [*before, *row, *after] if before or after else row
        yield from ([""] * width for _ in range(line, self.lines))

    def _put_marks(self, block: Block, line: int) -> None:
        marks = self.traits.marks
        if not marks:
            return
        for at in range(len(block)):
            if found := marks.get(line + at + 1):
                row = list(block[at])
                for column, mark in found.items():
                    row[column] = mark
                block[at] = row


@dataclass
class _WorkbookSource:
    kind: GridKind
    path: Path
    report: PackageReport

    def __post_init__(self) -> None:
        self.dates_from_1904 = self.report.dates_from_1904
        self.cells = self.report.cells
        self._file = self.path.open("rb")
        try:
            with _calamine_errors(self.kind):
                self._workbook = CalamineWorkbook.from_filelike(self._file)
                found = self._workbook.sheets_metadata
        except SheetUnreadable:
            self._file.close()
            raise
        worksheets = [sheet for sheet in found if sheet.typ == SheetTypeEnum.WorkSheet]
        self._visible = {sheet.name: sheet.visible == SheetVisibleEnum.Visible for sheet in worksheets}

    @property
    def sheet_names(self) -> list[str]:
        return list(self._visible)

    def close(self) -> None:
        self._workbook.close()
        self._file.close()

    def grid(self, name: str) -> Grid:
        with _calamine_errors(self.kind):
            sheet = self._workbook.get_sheet_by_name(name)
        return _WorkbookGrid(name, not self._visible[name], self.report.sheets.get(name, SheetTraits()), sheet)


@dataclass
class _TextGrid:
    path: Path
    encoding: str
    delimiter: str
    name: str = ""
    hidden: bool = False
    hidden_lines: Sequence[int] = ()
    merges: Sequence[Merge] = ()
    lines: int = 0

    def blocks(self) -> Iterator[Block]:
        """Blocks of records; a record is a line, its number what a spreadsheet would show."""
        line = 0
        with open_text(self.path, self.encoding) as text:
            reader = csv.reader(_bounded(text), delimiter=self.delimiter)
            try:
                while block := list(islice(reader, limits.BLOCK_ROWS)):
                    line += len(block)
                    if line > limits.MAX_SHEET_ROWS:
                        raise SheetUnreadable(
                            f"这个 CSV 超过 {limits.MAX_SHEET_ROWS:,} 行，没有判断：请拆成几个文件，或改用 Parquet"
                        )
                    yield _even(block)
            except csv.Error as error:
                raise SheetUnreadable(
                    f"CSV 第 {line + 1} 行之后读不下去（引号不成对或内容过长），没有判断：请改好再试"
                ) from error
        self.lines = line


def _bounded(text: Iterator[str]) -> Iterator[str]:
    """Lines, none of them endless."""
    for line in text:
        if len(line) > limits.MAX_LINE_CHARACTERS:
            raise SheetUnreadable("CSV 里有一行长得不合常理，没有判断：请确认这是名单，再试")
        yield line.replace("\x00", "")


def _even(block: list[list[str]]) -> Block:
    """Rows brought to one width, and `="text"`, by which exports force text, to that text."""
    width = max(map(len, block))
    rows: Block = []
    for row in block:
        if any(cell.startswith(_FORCED_TEXT[0]) for cell in row):
            row = [_unforced(cell) for cell in row]
        rows.append(row if len(row) == width else row + [""] * (width - len(row)))
    return rows


def _unforced(cell: str) -> str:
    start, end = _FORCED_TEXT
    forced = cell.startswith(start) and cell.endswith(end) and len(cell) > len(start)
    return cell[len(start) : -len(end)] if forced else cell


@dataclass
class _TextSource:
    path: Path
    encoding: str
    delimiter: str
    kind: GridKind = "csv"
    dates_from_1904: bool = False
    cells: int = 0
    sheet_names: list[str] = field(default_factory=lambda: [""])

    def grid(self, name: str) -> Grid:
        return _TextGrid(self.path, self.encoding, self.delimiter)

    def close(self) -> None:
        """Nothing is held open."""


def open_source(path: Path) -> Source:
    """Open a workbook or CSV file, bounded. Raises SheetUnreadable for what is no table or must not be opened."""
    size_bytes = path.stat().st_size
    if not size_bytes:
        raise SheetUnreadable("文件是空的，没有判断：请选一个有内容的名单")
    if size_bytes > limits.MAX_FILE_BYTES:
        raise SheetUnreadable(f"文件超过 {limits.MAX_FILE_BYTES >> 20} MB，没有判断：请拆成几个文件，或改用 Parquet")
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"PK\x03\x04"):
        return _WorkbookSource("xlsx", path, inspect_package(path))
    if head.startswith(COMPOUND_MAGIC):
        return _WorkbookSource("xls", path, inspect_legacy(path.read_bytes()))
    _refuse_other_kinds(head, path.suffix.lower())
    return _open_csv(path)


def _refuse_other_kinds(head: bytes, suffix: str) -> None:
    """Say what a file is that is no table."""
    if head.startswith(PICTURES):
        raise SheetUnreadable("这是图片，不是表格，没有判断：请选 .xlsx、.xls 或 .csv 名单")
    if head.startswith(b"%PDF"):
        raise SheetUnreadable("这是 PDF，不是表格，没有判断：请选 .xlsx、.xls 或 .csv 名单")
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(TEXT_MARKUP):
        raise SheetUnreadable("这是网页格式的表格，没有判断：请用 Excel 或 WPS 打开、另存为 .xlsx 再试")
    if suffix in (".xlsx", ".xlsm", ".xls"):
        raise SheetUnreadable(
            f"文件名是 {suffix}，内容却不是工作簿，没有判断：请用 Excel 或 WPS 打开、另存为 .xlsx 再试"
        )


def _open_csv(path: Path) -> Source:
    """A CSV file, its encoding and delimiter found out."""
    encoding, head = _encoding_and_head(path)
    lines = head.splitlines()[: limits.HEADING_SEARCH_ROWS]
    counts: Mapping[str, int] = {
        mark: max((line.count(mark) for line in lines), default=0) for mark in (",", "\t", ";")
    }
    delimiter = max(counts, key=lambda mark: counts[mark])
    return _TextSource(path, encoding, delimiter)


def _encoding_and_head(path: Path) -> tuple[str, str]:
    try:
        encoding = text_encoding(path)
    except Undecodable as error:
        raise SheetUnreadable(
            "文字的编码认不出（要 UTF-8 或 GB18030），没有判断：请用 Excel 或 WPS 打开、另存为 .xlsx 再试"
        ) from error
    if encoding is None:
        raise SheetUnreadable("这不是表格，没有判断：请选 .xlsx、.xls、.csv 或 Parquet 名单")
    with open_text(path, encoding) as text:
        return encoding, text.read(1 << 16)


@contextmanager
def _calamine_errors(kind: GridKind) -> Iterator[None]:
    """What the reader raises, its panics too, as one sentence."""
    broken = BROKEN if kind == "xlsx" else BROKEN.replace(".xlsx", ".xls")
    try:
        yield
    except PasswordError as error:
        raise SheetUnreadable(LOCKED) from error
    except (CalamineError, OSError) as error:
        raise SheetUnreadable(broken) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise SheetUnreadable(broken) from error
        raise
