"""Resident identity numbers (GB 11643-1999): 6 digits of area, 8 of birth, 3 of sequence, 1 check character.

The 2023 permanent resident card of foreigners has the same form: 9, the province, the country, then as above.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

import numpy as np
from numpy.typing import NDArray

DEMO_AREA = "990000"
BIRTH_YEAR_MIN = 1900
LENGTH = 18
OLD_LENGTH = 15
EXACT_FLOAT_DIGITS = 15
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
FOREIGNER = "9"
PROVINCES = frozenset(
    str(code)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
    for code in range(first, last + 1)
)
SEQUENCE_MAX = 999

_CHUNK_ROWS = 1 << 20
_BLANKS = re.compile(r"[\s\u200b\u200e\u200f\u202a-\u202e\ufeff]+")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_APOSTROPHES = "'’‘`´′"
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.IGNORECASE)

_TRUNCATED = (
    "身份证号被 Excel 按数字存成了 15 位，后面补了 000，原号码已经丢失：请把这一列设为“文本”格式，再重新输入 18 位号码"
)


class IdNumberError(ValueError):
    """An identity number that cannot be right; `code` says in one word why, `message` is a Chinese sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A number that passed: 18 characters, X in upper case, and what it says of its holder."""

    number: str
    born_on: date
    sex: Literal["male", "female"]


@dataclass(frozen=True)
class IdChecks:
    """A column of numbers checked: `numbers[i]` is the normalised number or None, `errors[i]` says why it is None.

    An empty or missing text is None without an error.
    """

    numbers: list[str | None]
    errors: dict[int, IdNumberError]


def check_digit(body: str) -> str:
    """The check character of the first 17 digits (ISO 7064, MOD 11-2)."""
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, body, strict=True))
    return CHECK_CHARACTERS[total % 11]


def normalise_id_number(text: object) -> str:
    """The number without blanks and apostrophes, in half-width capitals."""
    written = str(text)
    if written.isascii() and written.isalnum():
        return written.upper()
    return _BLANKS.sub("", written).translate(_FULL_WIDTH).strip(_APOSTROPHES).upper()


def check_id_number(text: object, *, demo: bool = False, on: date | None = None) -> IdNumber:
    """What an identity number says, written as text or held as a number.

    `demo` accepts numbers of DEMO_AREA, which no place has. With `on`, a birth after that day is refused.
    Raises IdNumberError.
    """
    if isinstance(text, float | Decimal):
        text = _number_as_text(text)
    number = normalise_id_number(text)
    _check_form(number)
    _check_area(number, demo)
    born_on = _birth_date(number, on)
    if check_digit(number[:17]) != number[17]:
        raise _check_failed(number)
    return IdNumber(number, born_on, "male" if int(number[16]) % 2 else "female")


def _number_as_text(number: float | Decimal) -> str:
    """The digits of a number cell, if it still has them all."""
    digits = f"{number:.0f}"
    if len(digits) > EXACT_FLOAT_DIGITS and isinstance(number, float):
        raise IdNumberError("id_truncated", _TRUNCATED)
    return digits


def _check_form(number: str) -> None:
    """Refuse what has not 17 digits and a digit or X."""
    if not number:
        raise IdNumberError("id_empty", "身份证号是空的：请填 18 位号码")
    if _SCIENTIFIC.fullmatch(number):
        raise IdNumberError("id_truncated", _TRUNCATED)
    if not (number.isascii() and number[:-1].isdigit() and (number[-1].isdigit() or number[-1] == "X")):
        raise IdNumberError("id_characters", "身份证号只能是数字，末位可以是 X：请对照身份证重填")
    if len(number) == OLD_LENGTH and number.isdigit():
        raise IdNumberError("id_old", "这是 15 位的旧身份证号，已经停用：请填 18 位号码")
    if len(number) != LENGTH:
        raise IdNumberError("id_length", f"身份证号应是 18 位，这里是 {len(number)} 位：请对照身份证重填")


def _check_area(number: str, demo: bool) -> None:
    if number.startswith(DEMO_AREA):
        if demo:
            return
        raise IdNumberError("id_demo", f"这是演示用的号码（没有 {DEMO_AREA} 这个地区），正式名单里不能用：请填真实号码")
    province = number[1:3] if number.startswith(FOREIGNER) else number[:2]
    if province not in PROVINCES:
        raise IdNumberError("id_area", f"身份证号开头的地区码 {number[:2]} 不存在：请对照身份证重填")


def _birth_date(number: str, on: date | None) -> date:
    """The birth date in the number, which must be a day of the calendar from 1900 on."""
    written = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
    try:
        born_on = date.fromisoformat(written)
    except ValueError as error:
        raise IdNumberError("id_birth", f"身份证号里的出生日期 {written} 不存在：请对照身份证重填") from error
    if born_on.year < BIRTH_YEAR_MIN or (on is not None and born_on > on):
        raise IdNumberError("id_birth", f"身份证号里的出生日期 {written} 不可能：请对照身份证重填")
    return born_on


def _check_failed(number: str) -> IdNumberError:
    """Why the check character is wrong: cut by a spreadsheet, or mistyped."""
    if number.endswith("000"):
        return IdNumberError("id_truncated", _TRUNCATED)
    return IdNumberError("id_check", "身份证号的校验码不对，有一位写错了：请对照身份证重填")


def make_demo_id(born_on: date, sequence: int) -> str:
    """A synthetic number that passes only with `demo`; `sequence` is 0 to 999, odd for male."""
    if not 0 <= sequence <= SEQUENCE_MAX:
        raise ValueError(f"sequence {sequence} is not within 0 to {SEQUENCE_MAX}")
    body = f"{DEMO_AREA}{born_on:%Y%m%d}{sequence:03d}"
    return body + check_digit(body)


def check_many(texts: Sequence[str | None], *, demo: bool = False) -> IdChecks:
    """`check_id_number` of a whole column, quick where most numbers are right; see IdChecks."""
    usual = [text if text is not None and len(text) == LENGTH and text.isascii() else "" for text in texts]
    at = np.flatnonzero(np.fromiter((bool(text) for text in usual), dtype=bool, count=len(usual)))
    matrix = np.frombuffer("".join(usual).encode("ascii"), dtype=np.uint8).reshape(-1, LENGTH)
    good = np.zeros(len(texts), dtype=bool)
    good[at] = valid_id_matrix(matrix, demo=demo)
    numbers: list[str | None] = list(texts)
    errors: dict[int, IdNumberError] = {}
    for row in np.flatnonzero(~good).tolist():
        numbers[row] = _checked(texts[row], row, errors, demo)
    return IdChecks([number.upper() if number else None for number in numbers], errors)


def _checked(text: str | None, row: int, errors: dict[int, IdNumberError], demo: bool) -> str | None:
    """One number the slow way; its error goes into `errors`."""
    if text is None or not normalise_id_number(text):
        return None
    try:
        return check_id_number(text, demo=demo).number
    except IdNumberError as error:
        errors[row] = error.with_traceback(None)
        return None


def valid_id_matrix(matrix: NDArray[np.uint8], *, demo: bool = False) -> NDArray[np.bool_]:
    """Which rows of ASCII codes, shape (n, 18), are good identity numbers; x and X both count. n bools."""
    good = np.empty(len(matrix), dtype=bool)
    for first in range(0, len(matrix), _CHUNK_ROWS):
        part = slice(first, first + _CHUNK_ROWS)
        good[part] = _valid_chunk(np.ascontiguousarray(matrix[part].T), demo)
    return good


def _valid_chunk(codes: NDArray[np.uint8], demo: bool) -> NDArray[np.bool_]:
    """The same for one chunk turned on its side: shape (18, n)."""
    digits = codes - np.uint8(ord("0"))
    good = np.less_equal(digits[:17], 9).all(axis=0)
    digits[:17][:, ~good] = 0
    good &= _AREA_GOOD[_number(digits[:3])] | (demo & (_number(digits[:6]) == int(DEMO_AREA)))
    good &= _birth_good(_number(digits[6:10]), _number(digits[10:12]), _number(digits[12:14]))
    total = np.zeros(digits.shape[1], dtype=np.uint16)
    for weight, column in zip(WEIGHTS, digits[:17], strict=True):
        total += column * np.uint16(weight)
    last = np.where(codes[17] == ord("x"), np.uint8(ord("X")), codes[17])
    good &= last == _CHECK_CODES[total % 11]
    return np.asarray(good, dtype=bool)


def _number(digits: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Rows of digits as one number a column."""
    value = np.zeros(digits.shape[1], dtype=np.int32)
    for row in digits:
        value = value * 10 + row
    return value


def _birth_good(year: NDArray[np.int32], month: NDArray[np.int32], day: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Which triples are days of the calendar from 1900 on."""
    leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    last_day = _MONTH_DAYS[np.clip(month, 0, 13)] + (leap & (month == 2))
    good: NDArray[np.bool_] = (year >= BIRTH_YEAR_MIN) & (day >= 1) & (day <= last_day)
    return good


_MONTH_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 0], dtype=np.int32)
_CHECK_CODES = np.frombuffer(CHECK_CHARACTERS.encode("ascii"), dtype=np.uint8)
_AREA_GOOD = np.array(
    [f"{code:03d}"[:2] in PROVINCES or (code >= 900 and f"{code:03d}"[1:] in PROVINCES) for code in range(1000)]
)
