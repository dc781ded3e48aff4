"""Cells as files write them, to the numbers the engine holds: schooling, shifts, wages, days, lists of words as bits."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Final

from jiujin.matching.errors import MatchingError, OccupationInvalid
from jiujin.matching.occupations import parse_occupation
from jiujin.values.money import MoneyError, parse_yuan

SCHOOLING: Final[Mapping[str, int]] = {
    "不限": 0, "无": 0, "小学": 1, "初中": 2, "高中": 3, "中专": 3, "中技": 3, "技校": 3, "职高": 3,
    "大专": 4, "高职": 4, "专科": 4, "本科": 5, "大学": 5, "硕士": 6, "研究生": 6, "博士": 7,
}  # fmt: skip
SHIFTS: Final[Mapping[str, int]] = {"白班": 1, "夜班": 2, "倒班": 4, "轮班": 4, "弹性": 8}
BITS_MAX: Final = 64
_RANGE = re.compile(r"\s*(.+?)\s*(?:-|－|—|~|～|至|到)\s*(.+?)\s*")
_BETWEEN = re.compile(r"[;；,，、|/\s]+")
_UNSTATED = ("面议", "不限", "无")


class WordUnknown(MatchingError):
    """A cell that cannot be read."""


def read_wage(cell: object) -> tuple[int, int]:
    """Fen a month, from and to: `3000`, `3,000元`, `3000-5000`; 面议 and an empty cell are (0, 0). Raises WordUnknown."""
    if cell is None or str(cell).strip() in ("", *_UNSTATED):
        return 0, 0
    match = _RANGE.fullmatch(str(cell)) if isinstance(cell, str) else None
    try:
        low, high = (parse_yuan(part) for part in (match.groups() if match else (cell, cell)))
    except MoneyError as error:
        raise WordUnknown(str(error)) from error
    if high < low:
        raise WordUnknown(f"“{cell}”的下限高于上限")
    return low, high


def read_schooling(cell: object) -> int:
    """An ordinal from 0; a word of SCHOOLING. Raises WordUnknown."""
    return _word_or_number(cell, SCHOOLING, "学历")


def read_shifts(cell: object) -> int:
    """Bits of SHIFTS; several words may stand in one cell. Raises WordUnknown."""
    if cell is None or str(cell).strip() in ("", *_UNSTATED):
        return 0
    if not isinstance(cell, str) or cell.strip().isdecimal():
        return int(_number(cell, "班次"))
    mask = 0
    for word in split_words(cell):
        mask |= _word_or_number(word, SHIFTS, "班次")
    return mask


def read_occupations(cell: object) -> tuple[int, ...]:
    """Codes of the classification, one or several in a cell. Raises OccupationInvalid."""
    if cell is None or cell == "":
        return ()
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)  # a column of numbers with gaps
    words = split_words(cell) if isinstance(cell, str) else cell if isinstance(cell, list) else [cell]
    return tuple(parse_occupation(word) for word in words)


def read_occupation(cell: object) -> int:
    """One code, 0 for an empty cell. Raises OccupationInvalid."""
    codes = read_occupations(cell)
    if len(codes) > 1:
        raise OccupationInvalid(f"“{cell}”有 {len(codes)} 个职业编码，岗位只能有一个。")
    return codes[0] if codes else 0


def read_day(cell: object) -> int:
    """A day's ordinal. Raises WordUnknown."""
    if isinstance(cell, datetime):
        return cell.date().toordinal()
    if isinstance(cell, date):
        return cell.toordinal()
    try:
        return date.fromisoformat(str(cell).strip()).toordinal()
    except ValueError as error:
        raise WordUnknown(f"“{cell}”不是日期：请写成 2022-03-31") from error


def split_words(cell: object) -> list[str]:
    """The words of a cell or a list, without repeats."""
    words = [str(word) for word in cell] if isinstance(cell, list) else _BETWEEN.split(str(cell))
    return list(dict.fromkeys(word.strip() for word in words if word.strip() and word.strip() not in _UNSTATED))


def word_bits(cells: Iterable[object], column: str) -> dict[str, int]:
    """A bit for each word the vacancies use. Raises WordUnknown where there are more words than bits."""
    words = Counter(word for cell in cells if cell is not None for word in split_words(cell))
    if len(words) > BITS_MAX:
        raise WordUnknown(f"{column} 有 {len(words)} 种写法，最多 {BITS_MAX} 种：请先归并")
    return {word: 1 << nth for nth, word in enumerate(sorted(words))}


def _word_or_number(cell: object, words: Mapping[str, int], what: str) -> int:
    if isinstance(cell, str) and cell.strip() in words:
        return words[cell.strip()]
    return int(_number(cell, what, words))


def _number(cell: object, what: str, words: Mapping[str, int] | None = None) -> float:
    try:
        number = float(str(cell))
    except ValueError:
        number = -1.0
    if number < 0 or number != int(number):
        known = f"；可写：{'、'.join(words)}" if words else ""
        raise WordUnknown(f"“{cell}”不是{what}{known}")
    return number
