"""Evidence files as pages of a claim's print: pictures made smaller, PDF pages as they are, all within bounds.

A file that cannot be a page (a recording, a sealed or broken PDF, one too large) is listed with the reason instead.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from PIL import Image, ImageOps
from pypdf import PageObject, PdfReader, PdfWriter, Transformation
from pypdf.errors import PyPdfError

from jiujin.registry.errors import EvidenceUnreadable
from jiujin.registry.models import EvidenceFile

PAGES_MAX: Final = 200  # of one print
FILE_PAGES_MAX: Final = 40
BYTES_MAX: Final = 40 * 1024 * 1024  # of all that is put in
FILE_BYTES_MAX: Final = 12 * 1024 * 1024
PICTURE_POINTS_MAX: Final = 40_000_000  # to be unfolded in memory
PICTURE_SIDE_MAX: Final = 1600  # 240 dots an inch across an A4 page
JPEG_QUALITY: Final = 80
ENDED: Final = "另附电子件"
# A file from outside may be broken in any way, and pypdf then fails in any of these.
BROKEN: Final = (
    PyPdfError, ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError,
)  # fmt: skip


@dataclass(frozen=True)
class PicturePage:
    """A picture as JPEG, with its width and height in points of the picture."""

    jpeg: bytes
    width: int
    height: int


@dataclass(frozen=True)
class Piece:
    """One evidence file: its number in the list, and its pages, or why it has none (`note`; beside pages: what was left out)."""

    number: int
    file: EvidenceFile
    pages: Sequence[PicturePage | PageObject] = ()
    note: str = ""


def pieces_of(
    files: Sequence[EvidenceFile],
    read: Callable[[EvidenceFile], bytes],
    *,
    not_printed: Collection[UUID] = (),
) -> list[Piece]:
    """The files in their order as pieces, until the print is full; those `not_printed` are only listed."""
    room = _Room(PAGES_MAX, BYTES_MAX)
    return [
        Piece(number, file, note=ENDED) if file.pk in not_printed else _piece(number, file, read, room)
        for number, file in enumerate(files, start=1)
    ]


@dataclass
class _Room:
    """What the print has room for yet."""

    pages: int
    bytes: int


def _piece(number: int, file: EvidenceFile, read: Callable[[EvidenceFile], bytes], room: _Room) -> Piece:
    kind = _kind(file)
    if kind is None:
        return Piece(number, file, note=ENDED)
    try:
        if not room.pages:
            raise NotPrintable("整份太长")
        if kind is _pdf and file.size_bytes > min(FILE_BYTES_MAX, room.bytes):
            raise NotPrintable("太大")
        opened = kind(read(file))
        if opened.bytes > room.bytes:
            raise NotPrintable("整份太大")
    except NotPrintable as error:
        return Piece(number, file, note=f"{error}，{ENDED}")
    except EvidenceUnreadable:
        return Piece(number, file, note="文件读不出来")
    kept = opened.pages[: room.pages]
    room.pages, room.bytes = room.pages - len(kept), room.bytes - opened.bytes
    left_out = f"共 {opened.count} 页，只附前 {len(kept)} 页" if len(kept) < opened.count else ""
    return Piece(number, file, kept, left_out)


@dataclass(frozen=True)
class Opened:
    """The pages that a file can give, how many it has, and how many bytes they add."""

    pages: Sequence[PicturePage | PageObject]
    count: int
    bytes: int


def _kind(file: EvidenceFile) -> Callable[[bytes], Opened] | None:
    if file.media_type == "application/pdf":
        return _pdf
    return _picture if file.media_type.startswith("image/") else None


class NotPrintable(Exception):
    """A file that cannot be pages; the text says why in a few words."""


def _picture(content: bytes) -> Opened:
    """Upright, on white, no larger than a page needs."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            if picture.width * picture.height > PICTURE_POINTS_MAX:
                raise NotPrintable("像素太多")
            picture.draft("RGB", (PICTURE_SIDE_MAX, PICTURE_SIDE_MAX))
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
            upright.thumbnail((PICTURE_SIDE_MAX, PICTURE_SIDE_MAX))
            page = Image.new("RGB", upright.size, "white")
            page.paste(upright, mask=upright.getchannel("A"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NotPrintable("图片打不开") from error
    out = io.BytesIO()
    page.save(out, "JPEG", quality=JPEG_QUALITY)
    return Opened([PicturePage(out.getvalue(), *page.size)], 1, out.tell())


def _pdf(content: bytes) -> Opened:
    """The first pages, turned as they are read, without what acts: no notes, forms, links or scripts."""
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise NotPrintable("加了密码")
        writer = PdfWriter()
        for page in reader.pages[:FILE_PAGES_MAX]:
            writer.add_page(page, excluded_keys=("/Annots", "/AA"))
        for page in writer.pages:
            page.transfer_rotation_to_content()
            if not (page.mediabox.width > 0 and page.mediabox.height > 0):
                raise NotPrintable("PDF 打不开")
        count = len(reader.pages)
    except BROKEN as error:
        raise NotPrintable("PDF 打不开") from error
    if not count:
        raise NotPrintable("PDF 没有页")
    return Opened(list(writer.pages), count, len(content))


@dataclass(frozen=True)
class Box:
    """Where on a page something goes: left, bottom, width, height, in points from the lower left corner."""

    left: float
    bottom: float
    width: float
    height: float

    def scale_of(self, width: float, height: float) -> float:
        """By how much something is made smaller to fit; nothing is made larger than twice."""
        return min(self.width / width, self.height / height, 2.0)


@dataclass(frozen=True)
class Placed:
    """A PDF page to be laid onto a page of the print (from 0), within a box."""

    onto: int
    page: PageObject
    box: Box


def lay_pages(printed: bytes, placed: Sequence[Placed]) -> bytes:
    """The print with the PDF pages laid into their boxes. A page whose content breaks stays an empty box."""
    if not placed:
        return printed
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(printed)))
    for each in placed:
        media, box = each.page.mediabox, each.box
        scale = box.scale_of(float(media.width), float(media.height))
        left = box.left + (box.width - scale * float(media.width)) / 2
        bottom = box.bottom + (box.height - scale * float(media.height)) / 2
        moved = (
            Transformation().translate(-float(media.left), -float(media.bottom)).scale(scale).translate(left, bottom)
        )
        onto = writer.pages[each.onto]
        try:
            onto.merge_transformed_page(each.page, moved, over=True)
            onto.compress_content_streams()
        except BROKEN:
            continue
    writer.compress_identical_objects(remove_unreferenced=True)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
