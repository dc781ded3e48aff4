"""Days as offices write them: date cells, serial numbers, and text in many forms."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from jiujin.sheets.columns import Column
from jiujin.sheets.folding import trimmed, without_blanks
from jiujin.sheets.problems import BadCell

YEAR_MIN, YEAR_MAX = 1900, 2100
SERIAL_MIN, SERIAL_MAX = 10_000, 73_415
SERIAL_EPOCH = date(1899, 12, 30)
SERIAL_EPOCH_1904 = date(1904, 1, 1)

_TIME = re.compile(r"(?<=[\d日号])(?:\s+|T)\d{1,2}(?::\d{1,2}){1,2}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})?$", re.IGNORECASE)
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_DAY = re.compile(r"(\d{4})(?:([-./])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})[日号]?|(\d{2})(\d{2}))")
_MONTH = re.compile(r"(\d{4})(?:[-./](\d{1,2})|年(\d{1,2})月?|(\d{2}))")
_YEAR = re.compile(r"(\d{4})年?")
_SHORT_YEAR = re.compile(r"\d{2}[-./年]\d{1,2}[-./月]\d{1,2}[日号]?")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")


def read_date(value: object, column: Column, *, dates_from_1904: bool = False) -> date:
    """The day a cell says. Raises BadCell, for a month or a year alone too.

    A number is a spreadsheet serial, or a day written as digits only. A time of day is passed over.
    """
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return _in_range(value)
    if isinstance(value, time | timedelta):
        raise _unreadable("这一格是时间，不是日期", column)
    text = _written(value)
    match = _DAY.fullmatch(text)
    if match:
        return _real_day(*(int(part) for part in _parts(match)))
    if serial := _SERIAL.fullmatch(text):
        return _from_serial(int(serial[1]), column, dates_from_1904)
    raise _why_not(text, column)


def _written(value: object) -> str:
    """The date part of a cell's text, in half width and without blanks."""
    if isinstance(value, float):
        text = f"{value:.15g}"
    elif isinstance(value, Decimal):
        text = format(value, "f")
    else:
        text = str(value)
    plain = trimmed(unicodedata.normalize("NFKC", text).translate(_DASHES))
    return without_blanks(_TIME.sub("", plain)).rstrip(".。")


def _parts(match: re.Match[str]) -> tuple[str, str, str]:
    year, _, *rest = match.groups()
    month, day = (part for part in rest if part is not None)
    return year, month, day


def _real_day(year: int, month: int, day: int) -> date:
    """The day, if the calendar has it."""
    if not 1 <= month <= 12:
        raise BadCell("date_impossible", f"没有 {month} 月：请核对后按 年-月-日 重填")
    if not YEAR_MIN <= year <= YEAR_MAX:
        raise out_of_range(year)
    if not 1 <= day <= monthrange(year, month)[1]:
        raise BadCell("date_impossible", f"{year} 年 {month} 月没有 {day} 日：请核对后按 年-月-日 重填")
    return date(year, month, day)


def _from_serial(serial: int, column: Column, dates_from_1904: bool) -> date:
    """The day of a spreadsheet serial number."""
    if not SERIAL_MIN <= serial <= SERIAL_MAX:
        raise _unreadable(f"“{serial}”不是日期", column)
    return _in_range((SERIAL_EPOCH_1904 if dates_from_1904 else SERIAL_EPOCH) + timedelta(days=serial))


def _in_range(day: date) -> date:
    if not YEAR_MIN <= day.year <= YEAR_MAX:
        raise out_of_range(day.year)
    return day


def out_of_range(year: int) -> BadCell:
    """What is wrong with a day of that year."""
    return BadCell("date_range", f"{year} 年不在 {YEAR_MIN}—{YEAR_MAX} 年之间：请核对后按 年-月-日 重填")


def _why_not(text: str, column: Column) -> BadCell:
    """What is wrong with a text that says no day."""
    month = _MONTH.fullmatch(text)
    if month and YEAR_MIN <= int(month[1]) <= YEAR_MAX and 1 <= int(month[2] or month[3] or month[4]) <= 12:
        return BadCell("date_month_only", f"只写了年月，这里要写到日：请按 年-月-日 写全{_or_open(column)}")
    if _YEAR.fullmatch(text) and YEAR_MIN <= int(text[:4]) <= YEAR_MAX:
        return BadCell("date_year_only", f"只写了年份，这里要写到日：请按 年-月-日 写全{_or_open(column)}")
    if _SHORT_YEAR.fullmatch(text):
        return BadCell("date_short_year", f"年份只写了两位：请按 年-月-日 写全，年份写四位{_or_open(column)}")
    return _unreadable(f"“{text}”不是日期", column)


def _unreadable(what: str, column: Column) -> BadCell:
    return BadCell("date_unreadable", f"{what}：请按 年-月-日 写{_example(column)}{_or_open(column)}")


def _example(column: Column) -> str:
    return f"，如 {column.example}" if column.example else ""


def _or_open(column: Column) -> str:
    return f"，或填 {column.open_words[0]}" if column.open_words else ""
