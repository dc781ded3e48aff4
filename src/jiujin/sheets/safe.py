"""Text that can do no harm in a cell: it never runs as a formula, and the file that holds it always opens."""

from __future__ import annotations

import re

TEXT_MAX = 32_767
RISKY_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def is_risky(text: str) -> bool:
    """Whether a spreadsheet might take this text for a formula."""
    return text.startswith(RISKY_STARTS)


def safe_text(value: object) -> str:
    """A value for a file whose cells have no type, such as CSV: what might run gets an apostrophe before it."""
    text = "" if value is None else str(value)
    return f"'{text}" if is_risky(text.lstrip(" \u3000\xa0")) else text


def cell_text(text: str) -> str:
    """A text as a workbook can hold it: without characters XML forbids, within a cell's length."""
    clean = _ILLEGAL.sub("", text)
    return clean if len(clean) <= TEXT_MAX else clean[: TEXT_MAX - 1] + "…"
