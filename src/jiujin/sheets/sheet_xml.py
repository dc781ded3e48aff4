"""Searches the XML of a worksheet, piece by piece, for what a cell reader does not tell."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from jiujin.sheets import limits
from jiujin.sheets.problems import UNCALCULATED, CellMark, SheetUnreadable, error_value

HOLD_BYTES = 4 << 20
ODD = "工作表的内容格式不常见，没有打开：请用 Excel 或 WPS 打开、另存为 .xlsx 后再试"
MANY_CELLS = f"有一张工作表的格子超过 {limits.MAX_SHEET_CELLS:,} 个，没有判断：请删去多余的列（空着但设了格式的也算），或拆成几个文件"

_ROOT = re.compile(rb"<([A-Za-z_][\w.-]*:)?worksheet\b")
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')
_FAR = re.compile(rb"([A-Z]{1,3})([0-9]{7,8})?")
_REFERENCE = re.compile(rb"([A-Z]{1,3})([0-9]{1,7})")


@dataclass(frozen=True)
class SheetTraits:
    """What a sheet's XML shows: hidden lines (from 1), marks by line (from 1) and column (from 0), and its extent."""

    hidden_lines: tuple[int, ...] = ()
    marks: dict[int, dict[int, CellMark]] = field(default_factory=dict)
    cells: int = 0
    shared_cells: int = 0
    rectangle_cells: int = 0


@dataclass(frozen=True)
class _Patterns:
    """The searches, for the namespace prefix a writer has used (mostly none)."""

    row_end: bytes
    opening: bytes
    formula: bytes
    row: re.Pattern[bytes]
    hidden_row: re.Pattern[bytes]
    error_cell: re.Pattern[bytes]
    bare_formula: re.Pattern[bytes]
    odd_attribute: re.Pattern[bytes]
    far_cell: re.Pattern[bytes]
    far_cell_anywhere: re.Pattern[bytes]
    cell_line: re.Pattern[bytes]

    @classmethod
    def of(cls, prefix: bytes) -> _Patterns:
        p = re.escape(prefix)
        formula = rb"<%sf\b(?:[^>]*/>|[^>]*>[^<]*</%sf>)" % (p, p)
        far = rb"([A-Z]{2,}(?:[0-9]{7,})?|[^A-Z]|[A-Z][0-9]{7,})"
        return cls(
            row_end=b"</%srow>" % prefix,
            opening=b"<" + prefix,
            formula=b"<%sf" % prefix,
            row=re.compile(rb'<%srow\b[^>]*?\br="([0-9]+)"' % p),
            hidden_row=re.compile(rb'<%srow\b[^>]*?\bhidden="(?:1|true)"[^>]*>' % p),
            error_cell=re.compile(rb'<%sc\b([^>]*\bt="e"[^>]*)>\s*(?:%s)?\s*<%sv>([^<]*)</%sv>' % (p, formula, p, p)),
            bare_formula=re.compile(
                rb"<%sc\b([^>]*)>\s*%s\s*(?:<%sv\s*/>|<%sv>\s*</%sv>)?\s*</%sc>" % (p, formula, p, p, p, p)
            ),
            odd_attribute=re.compile(rb"<%s(?:c|row)\s[^<>]*?\br(?:\s|=\s|=')" % p),
            far_cell=re.compile(rb'<%sc r="%s' % (p, far)),
            far_cell_anywhere=re.compile(rb'<%sc\b(?: [^<>]*?)? r="%s' % (p, far)),
            cell_line=re.compile(rb'\sr="[A-Z]{1,3}([0-9]+)"'),
        )


@dataclass
class SheetScan:
    """Takes the pieces of one worksheet's XML; `traits` tells what was seen."""

    _held: bytes = b""
    _patterns: _Patterns | None = None
    _hidden: list[int] = field(default_factory=list)
    _marks: dict[int, dict[int, CellMark]] = field(default_factory=dict)
    _mark_count: int = 0
    _cells: int = 0
    _shared: int = 0
    _rows_seen: int = 0
    _last_line: int = 0
    _far_column: int = 26

    def feed(self, piece: bytes) -> None:
        """Search what is complete of this piece: up to the end of a row."""
        held = self._held + piece
        if self._patterns is None:
            self._patterns = _root_patterns(held)
            if self._patterns is None:
                self._held = held
                return
        end = held.rfind(self._patterns.row_end)
        if end < 0 and len(held) > HOLD_BYTES:
            end = held.rfind(b"<")
            if len(held) - end > HOLD_BYTES // 2:
                raise SheetUnreadable(ODD)
        if end < 0:
            self._held = held
            return
        self._search(held[:end], self._patterns)
        self._held = held[end:]

    def finish(self) -> None:
        """Search what is left."""
        if self._patterns is None:
            raise SheetUnreadable(ODD)
        self._search(self._held, self._patterns)
        self._held = b""

    def traits(self) -> SheetTraits:
        """What was seen."""
        lines = max(self._last_line, self._rows_seen)
        return SheetTraits(tuple(self._hidden), self._marks, self._cells, self._shared, lines * self._far_column)

    def _search(self, text: bytes, patterns: _Patterns) -> None:
        cells, cells_usual = _count(text, patterns.opening + b"c")
        rows, rows_usual = _count(text, patterns.opening + b"row")
        if not (cells_usual and rows_usual) and patterns.odd_attribute.search(text):
            raise SheetUnreadable(ODD)
        self._cells += cells
        if self._cells > limits.MAX_SHEET_CELLS:
            raise SheetUnreadable(MANY_CELLS)
        self._shared += text.count(b't="s"')
        self._find_extent(text, patterns, patterns.far_cell if cells_usual else patterns.far_cell_anywhere)
        if b'hidden="' in text:
            self._find_hidden(text, patterns)
        self._rows_seen += rows
        if b't="e"' in text:
            for match in patterns.error_cell.finditer(text):
                self._mark(match[1], error_value(match[2].decode("utf-8", "replace")))
        if patterns.formula in text:
            for match in patterns.bare_formula.finditer(text):
                if b't="str"' not in match[1]:
                    self._mark(match[1], UNCALCULATED)

    def _find_extent(self, text: bytes, patterns: _Patterns, far_cell: re.Pattern[bytes]) -> None:
        """How far the used rectangle may reach: by row numbers, and by cells beyond Z or beyond line 999,999."""
        lines = list(map(int, patterns.row.findall(text)))
        for reference in set(far_cell.findall(text)):
            far = _FAR.fullmatch(reference)
            if not far:
                raise SheetUnreadable(ODD)
            self._far_column = max(self._far_column, column_index(far[1]) + 1)
            lines.append(int(far[2] or 0))
        if self._far_column * limits.MAX_SHEET_ROWS > limits.MAX_SHEET_CELLS:
            lines.extend(map(int, set(patterns.cell_line.findall(text))))
        self._last_line = max(self._last_line, max(lines, default=0))
        if self._last_line > limits.MAX_SHEET_ROWS or self._far_column > limits.MAX_SHEET_COLUMNS:
            raise SheetUnreadable(ODD)

    def _find_hidden(self, text: bytes, patterns: _Patterns) -> None:
        for match in patterns.hidden_row.finditer(text):
            line = dict(_ATTRIBUTE.findall(match[0])).get(b"r")
            self._hidden.append(
                int(line) if line else self._rows_seen + text.count(patterns.opening + b"row", 0, match.start()) + 1
            )

    def _mark(self, attributes: bytes, mark: CellMark) -> None:
        reference = _REFERENCE.fullmatch(dict(_ATTRIBUTE.findall(attributes)).get(b"r", b""))
        if not reference:
            return
        self._mark_count += 1
        if self._mark_count > limits.MAX_MARKED_CELLS:
            raise SheetUnreadable("没有结果或出错的公式太多，没有判断：请用 Excel 或 WPS 打开、重新计算并保存后再试")
        self._marks.setdefault(int(reference[2]), {})[column_index(reference[1])] = mark


def _root_patterns(text: bytes) -> _Patterns | None:
    """The searches for this sheet once its root element is there. Raises SheetUnreadable for entities before it."""
    root = _ROOT.search(text)
    if b"<!DOCTYPE" in text[: root.start() if root else None] or (not root and len(text) > HOLD_BYTES):
        raise SheetUnreadable(ODD)
    return _Patterns.of(root[1] or b"") if root else None


def _count(text: bytes, start: bytes) -> tuple[int, bool]:
    """How many such elements there are, and whether each has its reference first, as nearly all writers put it.

    Raises SheetUnreadable for elements written so that the searches here would not see them.
    """
    if any(blank in text and start + blank in text for blank in (b"\t", b"\r", b"\n")):
        raise SheetUnreadable(ODD)
    with_attributes = text.count(start + b" ")
    bare = text.count(start + b">") + text.count(start + b"/")
    return with_attributes + bare, with_attributes == text.count(start + b' r="')


@dataclass
class SharedTextScan:
    """Takes the pieces of the shared texts; `longest_bytes` is an upper bound of the longest one."""

    longest_bytes: int = 0
    _since_bytes: int = 0

    def feed(self, piece: bytes) -> None:
        """Measure the texts that end within this piece."""
        first, *rest = piece.split(b"</si>") if b":si>" not in piece else piece.split(b":si>")
        self._since_bytes += len(first)
        self.longest_bytes = max(self.longest_bytes, self._since_bytes)
        if rest:
            self.longest_bytes = max(self.longest_bytes, max(map(len, rest)))
            self._since_bytes = len(rest[-1])


def column_index(letters: bytes) -> int:
    """Column letters as a number from 0: A is 0, AA is 26."""
    index = 0
    for letter in letters:
        index = index * 26 + letter - ord("A") + 1
    return index - 1
