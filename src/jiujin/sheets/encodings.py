"""Finds out how a text file is encoded: UTF-8, GB18030, or the UTF-16 that spreadsheets write with a mark."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import TextIO

PIECE_BYTES = 1 << 20
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
CONTROL_SHARE_MAX = 0.01


class Undecodable(ValueError):
    """A text in none of the encodings."""


def text_encoding(path: Path) -> str | None:
    """The first encoding that fits the whole file; None where it is no text. Raises Undecodable."""
    with path.open("rb") as file:
        head = file.read(1 << 16)
    for mark, encoding in MARKS:
        if head.startswith(mark):
            return _first_that_fits(path, encoding)
    return None if _looks_binary(head) else _first_that_fits(path, "utf-8", "gb18030")


def _first_that_fits(path: Path, *encodings: str) -> str:
    for encoding in encodings:
        if _fits(path, encoding):
            return encoding
    raise Undecodable


def open_text(path: Path, encoding: str) -> TextIO:
    """The file as text, line ends as they are."""
    return path.open(encoding=encoding, newline="")


def _looks_binary(head: bytes) -> bool:
    """Whether control characters stand where a text has none."""
    controls = sum(head.count(bytes((code,))) for code in range(32) if code not in (9, 10, 12, 13))
    return controls > CONTROL_SHARE_MAX * len(head)


def _fits(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE_BYTES):
                decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
