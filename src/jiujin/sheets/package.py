"""Looks through an .xlsx before anything else reads it: is it whole, is it bounded, what do its sheets hide.

An .xlsx is a zip of XML parts. The zip's directory may lie about sizes, so every part is unpacked here once, in small
pieces, and counted; only then may a reader that builds cells in memory have it. On the way each sheet is searched for
what that reader does not tell: hidden rows, error values, and formulas without a result.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from xml.etree import ElementTree

from jiujin.sheets import limits
from jiujin.sheets.problems import SheetUnreadable
from jiujin.sheets.sheet_xml import SharedTextScan, SheetScan, SheetTraits

PIECE_BYTES = 1 << 20
LOCAL_HEADER = struct.Struct("<4s22xHH")
ENCRYPTED_FLAG = 1
WORKBOOK_PART = "xl/workbook.xml"
SHARED_TEXT_PART = "xl/sharedstrings.xml"
BOMB = "这个文件解压后大得不合常理，没有打开：请用 Excel 或 WPS 另存为新的 .xlsx 再试"
BROKEN = "这个 .xlsx 文件已损坏，打不开：请用 Excel 或 WPS 打开、另存后再试"
LOCKED = "这个工作簿有密码，打不开：请在 Excel 或 WPS 里去掉密码、另存后再试"
TOO_WIDE = "工作表“{name}”占用的格子太多（行数 × 列数超过 {cells:,}），没有判断：请删去多余的列或拆成几个文件"


@dataclass(frozen=True)
class PackageReport:
    """What was seen in the package: the traits of each sheet by name, and whether serial dates count from 1904."""

    sheets: dict[str, SheetTraits]
    dates_from_1904: bool = False
    cells: int = 0


@dataclass
class _Seen:
    """What the pieces of one package came to."""

    unpacked_bytes: int = 0
    small_parts: dict[str, bytes] = field(default_factory=dict)
    scans: dict[str, SheetScan] = field(default_factory=dict)
    texts: SharedTextScan = field(default_factory=SharedTextScan)


def inspect_package(path: Path) -> PackageReport:
    """Unpack every part once, bounded. Raises SheetUnreadable for what must not be opened."""
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as raw:
            parts = _listed(archive)
            seen = _Seen()
            for part in parts:
                _look_through(raw, part, seen)
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, UnicodeError, NotImplementedError) as error:
        raise SheetUnreadable(BROKEN) from error
    return _report(seen)


def _listed(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The directory's parts, when they are within bounds."""
    parts = archive.infolist()
    if len(parts) > limits.MAX_PARTS or sum(part.file_size for part in parts) > limits.MAX_UNPACKED_BYTES:
        raise SheetUnreadable(BOMB)
    if len({part.filename.lower() for part in parts}) != len(parts):
        raise SheetUnreadable(BROKEN)
    for part in parts:
        if part.flag_bits & ENCRYPTED_FLAG:
            raise SheetUnreadable(LOCKED)
        generous = limits.RATIO_FREE_BYTES + limits.MAX_PACK_RATIO * part.compress_size
        if part.file_size > generous:
            raise SheetUnreadable(BOMB)
    if not any(part.filename.lower() == WORKBOOK_PART for part in parts):
        raise SheetUnreadable("这不是 Excel 工作簿（是别的压缩文件），没有判断：请选 .xlsx 名单")
    return parts


def _look_through(raw: BinaryIO, part: zipfile.ZipInfo, seen: _Seen) -> None:
    """Unpack one part and give its pieces to whoever looks for something in it."""
    name = part.filename.lower()
    scan = SheetScan() if name.startswith("xl/worksheets/") and name.endswith(".xml") else None
    keep = bytearray() if name.endswith(("workbook.xml", ".rels")) else None
    for piece in _pieces(raw, part):
        seen.unpacked_bytes += len(piece)
        if seen.unpacked_bytes > limits.MAX_UNPACKED_BYTES:
            raise SheetUnreadable(BOMB)
        if scan:
            scan.feed(piece)
        elif name == SHARED_TEXT_PART:
            seen.texts.feed(piece)
        elif keep is not None:
            keep += piece
            if len(keep) > limits.MAX_PART_BYTES:
                raise SheetUnreadable(BOMB)
    if scan:
        scan.finish()
        seen.scans[name] = scan
    if keep is not None:
        if b"<!DOCTYPE" in keep or b"<!ENTITY" in keep:
            raise SheetUnreadable(BROKEN)
        seen.small_parts[name] = bytes(keep)


def _pieces(raw: BinaryIO, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part's content as it really is, whatever the directory says of its size."""
    if part.header_offset < 0:
        raise zipfile.BadZipFile(part.filename)
    raw.seek(part.header_offset)
    signature, name_length, extra_length = LOCAL_HEADER.unpack(raw.read(LOCAL_HEADER.size))
    if signature != b"PK\x03\x04":
        raise zipfile.BadZipFile(part.filename)
    raw.seek(name_length + extra_length, 1)
    packed = _packed(raw, part.compress_size)
    if part.compress_type == zipfile.ZIP_STORED:
        content: Iterator[bytes] = packed
    elif part.compress_type == zipfile.ZIP_DEFLATED:
        content = _inflated(packed)
    else:
        raise zipfile.BadZipFile(part.filename)
    size = 0
    for piece in content:
        size += len(piece)
        if size > part.file_size:
            raise SheetUnreadable(BOMB)
        yield piece
    if size != part.file_size:
        raise zipfile.BadZipFile(part.filename)


def _packed(raw: BinaryIO, size: int) -> Iterator[bytes]:
    while size:
        piece = raw.read(min(size, PIECE_BYTES))
        if not piece:
            raise EOFError
        size -= len(piece)
        yield piece


def _inflated(packed: Iterator[bytes]) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    for piece in packed:
        while piece and not inflater.eof:
            yield inflater.decompress(piece, PIECE_BYTES)
            piece = inflater.unconsumed_tail
    if not inflater.eof:
        yield inflater.flush()


def _report(seen: _Seen) -> PackageReport:
    """Sheet names and what their parts showed, checked against the bounds of the reader."""
    try:
        workbook = ElementTree.fromstring(seen.small_parts[WORKBOOK_PART])
        targets = _targets(seen.small_parts.get("xl/_rels/workbook.xml.rels", b""))
    except (ElementTree.ParseError, KeyError) as error:
        raise SheetUnreadable(BROKEN) from error
    sheets: dict[str, SheetTraits] = {}
    for element in workbook.iter():
        if element.tag.endswith("}sheet"):
            target = next((targets[id_] for key, id_ in element.items() if key.endswith("}id") and id_ in targets), "")
            if scan := seen.scans.get(target):
                sheets[element.get("name", "")] = scan.traits()
    if len(sheets) > limits.MAX_SHEETS:
        raise SheetUnreadable(f"工作表太多（{len(sheets)} 张，最多 {limits.MAX_SHEETS} 张），没有判断：请拆成几个文件")
    _check_bounds(sheets, seen)
    properties = next((element for element in workbook.iter() if element.tag.endswith("}workbookPr")), None)
    from_1904 = properties is not None and properties.get("date1904", "0").lower() in ("1", "true")
    return PackageReport(sheets, from_1904, sum(traits.cells for traits in sheets.values()))


def _targets(rels: bytes) -> dict[str, str]:
    """Relation id → part name in lower case."""
    if not rels:
        return {}
    found: dict[str, str] = {}
    for element in ElementTree.fromstring(rels):
        target = element.get("Target", "").lower()
        path = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
        found[element.get("Id", "")] = path
    return found


def _check_bounds(sheets: dict[str, SheetTraits], seen: _Seen) -> None:
    """Refuse sheets too large for a reader that keeps every cell of the used rectangle, with its own copy of texts."""
    for name, traits in sheets.items():
        if traits.rectangle_cells > limits.MAX_SHEET_CELLS:
            raise SheetUnreadable(TOO_WIDE.format(name=name, cells=limits.MAX_SHEET_CELLS))
        if traits.shared_cells * seen.texts.longest_bytes > limits.MAX_TEXT_BYTES and (
            seen.texts.longest_bytes > limits.LONG_TEXT_BYTES
        ):
            raise SheetUnreadable(f"工作表“{name}”里有很长的文字反复出现，没有判断：请删去无关的长文字，另存后再试")
