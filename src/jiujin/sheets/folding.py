"""Writings that mean the same, brought to one form for comparison (never for keeping)."""

from __future__ import annotations

import re
import unicodedata

BLANK_CHARACTERS = r"\s\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_BLANKS = re.compile(f"[{BLANK_CHARACTERS}]+")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−－ー~～〜˗﹣"), "-")
_SEPARATORS = dict.fromkeys(map(ord, "、，"), ",")
_SAME = {**_DASHES, **_SEPARATORS}
_UNITS = r"万?元(?:/人)?(?:/?月)?|单位:?.*|必填项?|选填项?|可选|是/否|如.*|个?月|年|天|日|岁|周岁|人|个"
_TRAILING = re.compile(rf"(?:[*※★:]|\((?:{_UNITS})\)|\[(?:{_UNITS})\])+$")
_LEADING = re.compile(r"^[*※★]+")


def without_blanks(text: str) -> str:
    """The text with every blank removed, also the wide and the invisible ones."""
    return _BLANKS.sub("", text)


def trimmed(text: str) -> str:
    """The text without blanks at its two ends."""
    if text.isalnum():
        return text
    return _ENDS.sub("", text)


_ENDS = re.compile(f"^[{BLANK_CHARACTERS}]+|[{BLANK_CHARACTERS}]+$")


def fold(text: str) -> str:
    """One form for full and half width, dashes, list commas, letter case and blanks."""
    return without_blanks(unicodedata.normalize("NFKC", text.translate(_SAME)).translate(_SAME)).casefold()


def fold_heading(text: str) -> str:
    """`fold`, without the marks that forms add to a heading: a unit in brackets, 必填, a star, a colon."""
    folded = _LEADING.sub("", fold(text).replace("【", "[").replace("】", "]").replace("〔", "[").replace("〕", "]"))
    return _TRAILING.sub("", folded) or folded


def fold_number(text: str) -> str:
    """Digits and signs in half width, without blanks."""
    return without_blanks(unicodedata.normalize("NFKC", text)).translate(_DASHES)
