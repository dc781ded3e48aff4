"""Writes large workbooks of plain cells: a block of columns at a time, text as text, and no formula whatever.

XlsxWriter needs 7 seconds for a million cells, most of it one call a cell. Here a column's distinct values are put into
XML once and joined, which takes about a fifth of that; the file has only what ECMA-376 asks for.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from jiujin.sheets.headings import Merge
from jiujin.sheets.plain_styles import STYLES_XML, Style
from jiujin.sheets.problems import UNCALCULATED, CellMark
from jiujin.sheets.roster import column_letters
from jiujin.sheets.safe import cell_text, is_risky

KNOWN_VALUES_MAX = 200_000
COMPRESSION_LEVEL = 3
MERGES_MAX = 20_000
EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 (a spreadsheet's days have no zone)
DAY = timedelta(days=1)
LONG_DIGITS = 11
NUMBER_TYPES = frozenset((bool, int, float, Decimal))
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass
class PlainSheet:
    """One sheet being written: blocks of rows in order, then `merges`."""

    _file: IO[bytes]
    merges: Sequence[Merge] = ()
    hidden_lines: frozenset[int] = frozenset()
    _known: dict[tuple[int, Style, frozenset[type]], dict[object, str]] = field(default_factory=dict)

    def write(self, first_line: int, columns: Sequence[Sequence[object]], styles: Sequence[Style]) -> None:
        """Write rows from `first_line` (from 1), given column by column; each column has its style."""
        if not columns:
            return
        lines = range(first_line, first_line + len(columns[0]))
        pieces = [self._column(at, cells, lines, styles[at]) for at, cells in enumerate(columns)]
        hidden = self.hidden_lines
        rows = (
            f'<row r="{line}"{_HIDDEN if line in hidden else ""}>{"".join(row)}</row>'
            for line, row in zip(lines, zip(*pieces, strict=True), strict=True)
        )
        self._file.write("".join(rows).encode("utf-8"))

    def _column(self, at: int, cells: Sequence[object], lines: range, style: Style) -> list[str]:
        """The XML of one column's cells."""
        numbers = NUMBER_TYPES & set(map(type, cells))
        known = self._known.setdefault((at, style, numbers), {})
        if len(known) > KNOWN_VALUES_MAX:
            known.clear()
        if len(numbers) > 1:  # 1, 1.0 and True are one key, but not one cell
            bodies = [_body(cell, style) for cell in cells]
        else:
            known.update({cell: _body(cell, style) for cell in set(cells) if cell not in known})
            bodies = list(map(known.__getitem__, cells))
        start = f'<c r="{column_letters(at)}'
        return [f"{start}{line}{body}" if body else "" for line, body in zip(lines, bodies, strict=True)]


_HIDDEN = ' hidden="1"'


def _body(value: object, style: Style) -> str:
    """A cell's XML after its column letters and line; empty where the cell is."""
    if value is None or value == "" or value is UNCALCULATED:
        return ""
    if isinstance(value, CellMark):
        return _text_body(value.text, style)
    if isinstance(value, str):
        return _text_body(value, style)
    if isinstance(value, bool):
        return f'" s="{style.value}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, date | time | timedelta):
        return _moment_body(value)
    if isinstance(value, Decimal):
        return f'" s="{Style.MONEY.value}"><v>{value}</v></c>' if value.is_finite() else ""
    if isinstance(value, int | float):
        return f'" s="{style.value}"><v>{value!r}</v></c>' if abs(value) < 1e300 else ""
    return _text_body(str(value), style)


def _text_body(text: str, style: Style) -> str:
    clean = cell_text(text)
    if is_risky(clean):
        style = Style.QUOTED
    elif style is Style.PLAIN and len(clean) >= LONG_DIGITS and clean[:LONG_DIGITS].isdigit():
        style = Style.TEXT
    written = escape(_ESCAPED.sub(r"_x005F_x\1_", clean)).replace("\r", "_x000D_")
    space = "" if written == written.strip() and "\n" not in written else ' xml:space="preserve"'
    return f'" s="{style.value}" t="inlineStr"><is><t{space}>{written}</t></is></c>'


def _moment_body(value: date | time | timedelta) -> str:
    """A day, moment, time of day or span as a serial number with its format."""
    if isinstance(value, timedelta):
        serial, style = value / DAY, Style.SPAN
    elif isinstance(value, time):
        serial, style = (datetime.combine(EPOCH, value.replace(tzinfo=None)) - EPOCH) / DAY, Style.TIME
    elif isinstance(value, datetime):
        serial, style = (value.replace(tzinfo=None) - EPOCH) / DAY, Style.MOMENT
    else:
        serial, style = float((datetime.combine(value, time()) - EPOCH).days), Style.DAY
    if serial < 0:
        return _text_body(str(value), Style.PLAIN)
    return f'" s="{style.value}"><v>{serial:.10g}</v></c>'


@dataclass
class PlainWorkbook:
    """A workbook being written to `path`; use as a context, sheets one after the other."""

    path: Path
    _names: list[tuple[str, bool]] = field(default_factory=list)

    def __enter__(self) -> PlainWorkbook:
        self._archive = zipfile.ZipFile(self.path, "w", zipfile.ZIP_DEFLATED, compresslevel=COMPRESSION_LEVEL)
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is None:
            self._write_shell()
        self._archive.close()

    @contextmanager
    def sheet(
        self,
        name: str,
        *,
        widths: Sequence[float] = (),
        frozen_lines: int = 0,
        hidden: bool = False,
        hidden_lines: frozenset[int] = frozenset(),
        merges: Sequence[Merge] = (),
    ) -> Iterator[PlainSheet]:
        """A sheet to write; `widths` in characters, the first `frozen_lines` lines stay in view."""
        self._names.append((name, hidden))
        with self._archive.open(f"xl/worksheets/sheet{len(self._names)}.xml", "w", force_zip64=True) as file:
            file.write(f'{XML}<worksheet xmlns="{MAIN}">{_view(frozen_lines)}{_widths(widths)}<sheetData>'.encode())
            yield PlainSheet(file, merges, hidden_lines)
            file.write(f"</sheetData>{_merges(merges)}</worksheet>".encode())

    def _write_shell(self) -> None:
        """The parts that hold the sheets together."""
        numbers = range(1, len(self._names) + 1)
        sheets = "".join(
            f'<sheet name={quoteattr(name)} sheetId="{number}"{_STATE_HIDDEN if hidden else ""} r:id="rId{number}"/>'
            for number, (name, hidden) in zip(numbers, self._names, strict=True)
        )
        relations = "".join(
            f'<Relationship Id="rId{number}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{number}.xml"/>'
            for number in numbers
        )
        styles = f'<Relationship Id="rId{len(self._names) + 1}" Type="{RELATIONS}/styles" Target="styles.xml"/>'
        types = "".join(
            f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{SPREADSHEET}.worksheet+xml"/>'
            for number in numbers
        )
        parts = {
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{sheets}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE_RELATIONS}">{relations}{styles}</Relationships>',
            "xl/styles.xml": STYLES_XML,
            "_rels/.rels": (
                f'<Relationships xmlns="{PACKAGE_RELATIONS}"><Relationship Id="rId1" Type="{RELATIONS}/officeDocument" '
                'Target="xl/workbook.xml"/></Relationships>'
            ),
            "[Content_Types].xml": (
                f'<Types xmlns="{CONTENT_TYPES}"><Default Extension="xml" ContentType="application/xml"/>'
                '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                f'<Override PartName="/xl/workbook.xml" ContentType="{SPREADSHEET}.sheet.main+xml"/>{types}'
                f'<Override PartName="/xl/styles.xml" ContentType="{SPREADSHEET}.styles+xml"/></Types>'
            ),
        }
        for name, content in parts.items():
            self._archive.writestr(name, XML + content)


_STATE_HIDDEN = ' state="hidden"'


def _view(frozen_lines: int) -> str:
    if not frozen_lines:
        return '<sheetViews><sheetView workbookViewId="0"/></sheetViews>'
    pane = f'<pane ySplit="{frozen_lines}" topLeftCell="A{frozen_lines + 1}" activePane="bottomLeft" state="frozen"/>'
    return f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'


def _widths(widths: Sequence[float]) -> str:
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{width:.1f}" customWidth="1"/>' for at, width in enumerate(widths, start=1)
    )
    return f"<cols>{columns}</cols>" if columns else ""


def _merges(merges: Sequence[Merge]) -> str:
    kept = merges[:MERGES_MAX]
    references = "".join(
        f'<mergeCell ref="{column_letters(left)}{top + 1}:{column_letters(right)}{bottom + 1}"/>'
        for (top, left), (bottom, right) in kept
    )
    return f'<mergeCells count="{len(kept)}">{references}</mergeCells>' if kept else ""
