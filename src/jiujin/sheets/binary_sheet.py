"""Looks through the records of an .xls workbook ([MS-XLS]) for what a cell reader does not tell or bound."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from jiujin.sheets import limits
from jiujin.sheets.compound import CompoundBroken, CompoundFile
from jiujin.sheets.package import BROKEN, LOCKED, PackageReport
from jiujin.sheets.problems import CellMark, SheetUnreadable, error_value
from jiujin.sheets.sheet_xml import SheetTraits

BOF, EOF, FILE_PASSWORD, DATE_1904, BOUND_SHEET = 0x0809, 0x000A, 0x002F, 0x0022, 0x0085
ROW, FORMULA, BOOL_OR_ERROR = 0x0208, 0x0006, 0x0205
CELLS = frozenset((0x0203, 0x027E, 0x00BD, 0x00FD, 0x0204, 0x00D6, FORMULA, BOOL_OR_ERROR))
ROW_HIDDEN = 0x20
ERROR_RESULT = b"\x02"
ERROR_NAMES = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
MAX_LEGACY_COLUMNS = 256
BIFF8 = 0x0600


@dataclass
class _Sheet:
    hidden_lines: list[int] = field(default_factory=list)
    marks: dict[int, dict[int, CellMark]] = field(default_factory=dict)
    cells: int = 0
    last_line: int = 0


def inspect_legacy(content: bytes) -> PackageReport:
    """Hidden rows, error cells and extents of each sheet. Raises SheetUnreadable for what must not be opened."""
    try:
        compound = CompoundFile(content)
        if "EncryptedPackage" in compound.names:
            raise SheetUnreadable(LOCKED)
        stream = compound.stream("Workbook", "Book")
        if stream is None:
            raise SheetUnreadable("这不是 Excel 工作簿（是别的 Office 文件），没有判断：请选 .xlsx、.xls 或 .csv 名单")
        return _report(stream)
    except (CompoundBroken, struct.error, IndexError) as error:
        raise SheetUnreadable(BROKEN.replace(".xlsx", ".xls")) from error


def _report(stream: bytes) -> PackageReport:
    """The records of the workbook's globals, then of each sheet they point to."""
    bounds: list[tuple[int, str]] = []
    from_1904, unicode_names = False, True
    for code, body in _records(stream, 0):
        if code == BOF:
            unicode_names = struct.unpack_from("<H", body)[0] >= BIFF8
        elif code == FILE_PASSWORD:
            raise SheetUnreadable(LOCKED)
        elif code == DATE_1904:
            from_1904 = body[:1] == b"\x01"
        elif code == BOUND_SHEET:
            bounds.append((struct.unpack_from("<I", body)[0], _sheet_name(body, unicode_names)))
    if len(bounds) > limits.MAX_SHEETS:
        raise SheetUnreadable(f"工作表太多（{len(bounds)} 张，最多 {limits.MAX_SHEETS} 张），没有判断：请拆成几个文件")
    return PackageReport({name: _traits(stream, start) for start, name in bounds}, from_1904)


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Records from `start` to the end of the substream."""
    while start + 4 <= len(stream):
        code, size = struct.unpack_from("<HH", stream, start)
        yield code, stream[start + 4 : start + 4 + size]
        if code == EOF:
            return
        start += 4 + size


def _sheet_name(body: bytes, unicode_names: bool) -> str:
    """A sheet's name: one byte of length, in BIFF8 one byte of flags, then the characters."""
    length = body[6]
    if not unicode_names:
        return body[7 : 7 + length].decode("gb18030", "replace")
    if body[7] & 1:
        return body[8 : 8 + 2 * length].decode("utf-16-le", "replace")
    return body[8 : 8 + length].decode("latin-1")


def _traits(stream: bytes, start: int) -> SheetTraits:
    """What the records of one sheet show."""
    sheet = _Sheet()
    for code, body in _records(stream, start):
        if code == ROW:
            if body[12] & ROW_HIDDEN:
                sheet.hidden_lines.append(struct.unpack_from("<H", body)[0] + 1)
        elif code in CELLS:
            _see_cell(sheet, code, body)
    rectangle = sheet.last_line * MAX_LEGACY_COLUMNS
    return SheetTraits(tuple(sheet.hidden_lines), sheet.marks, sheet.cells, 0, rectangle)


def _see_cell(sheet: _Sheet, code: int, body: bytes) -> None:
    line, column = struct.unpack_from("<HH", body)
    if column >= MAX_LEGACY_COLUMNS:
        raise SheetUnreadable(BROKEN.replace(".xlsx", ".xls"))
    sheet.cells += 1
    sheet.last_line = max(sheet.last_line, line + 1)
    error = None
    if code == BOOL_OR_ERROR and body[7]:
        error = body[6]
    elif code == FORMULA and body[12:14] == b"\xff\xff" and body[6:7] == ERROR_RESULT:
        error = body[8]
    if error is not None:
        sheet.marks.setdefault(line + 1, {})[column] = error_value(ERROR_NAMES.get(error, "#N/A"))
