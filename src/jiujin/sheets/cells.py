"""What one cell says, read as its column's type asks; empty is None, and what cannot be read raises BadCell."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from jiujin.plan.models import FactType
from jiujin.sheets.columns import Column
from jiujin.sheets.dates import read_date
from jiujin.sheets.folding import BLANK_CHARACTERS, fold, fold_number, trimmed
from jiujin.sheets.problems import BadCell, CellMark
from jiujin.values import (
    CreditCodeError,
    IdNumberError,
    MoneyError,
    check_credit_code,
    check_id_number,
    parse_yuan,
)

Reader = Callable[[object], object]

DASHES = frozenset(("-", "--", "---", "/", "//", "\\"))
NOTHINGS = frozenset(("无", "n/a", "na", "空", "暂无", "null", "none", "无此项"))
YES = frozenset(
    ("是", "有", "√", "✓", "✔", "☑", "y", "yes", "1", "true", "t", "已登记", "已备案", "已办理", "已", "对")
)
NO = frozenset(
    (
        "否",
        "无",
        "没有",
        "不是",
        "×",
        "✗",
        "✘",
        "✕",
        "x",
        "n",
        "no",
        "0",
        "false",
        "f",
        "未登记",
        "未备案",
        "未办理",
        "未",
        "错",
    )
)
UNITS: dict[FactType, tuple[str, ...]] = {
    "months": ("个月", "月"),
    "days": ("天", "日"),
    "years": ("年", "周岁", "岁"),
    "count": ("人次", "户次", "人", "次", "个", "名", "户", "份", "项", "家"),
}
WRITTEN_AS: dict[FactType, str] = {"months": "月数", "days": "天数", "years": "年数", "count": "数目"}
LARGEST: dict[FactType, int] = {"months": 1_200, "days": 40_000, "years": 150, "count": 1_000_000_000}

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HAN_GAP = re.compile(f"(?<=[{_HAN}])[{BLANK_CHARACTERS}]+(?=[{_HAN}])")
_NUMBER = re.compile(r"([+-]?)(\d+)(?:\.(\d*))?")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+")


def seen(value: object) -> str:
    """A cell's value as a person sees it."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return _plain_number(value) if value.is_integer() else f"{value:.15g}"
    if isinstance(value, CellMark):
        return value.text
    if isinstance(value, datetime):
        return value.isoformat(" ") if value.time() != time() else value.date().isoformat()
    return "" if value is None else str(value)


def is_blank(value: object) -> bool:
    """Whether a cell holds nothing a person would see."""
    return value is None or value == "" or (isinstance(value, str) and not trimmed(value)) or value != value


def is_dash(value: object) -> bool:
    """Whether a cell holds one of the strokes by which forms mark an empty cell."""
    return isinstance(value, str) and not value[:1].isalnum() and len(value) < 12 and fold(value) in DASHES


def reader_of(column: Column, *, demo_ids: bool = False, dates_from_1904: bool = False) -> Reader:
    """The function that reads a cell of this column; it returns None for an empty cell and raises BadCell."""
    if column.type == "choice":
        return _choice_reader(column)
    if column.type == "yes_no":
        return _read_yes_no
    read = _plain_reader(column, demo_ids, dates_from_1904)
    return lambda value: None if is_dash(value) else read(value)


def _plain_reader(column: Column, demo_ids: bool, dates_from_1904: bool) -> Reader:
    """The reader of a type for which a stroke means empty."""
    match column.type:
        case "text":
            return read_text
        case "id_number":
            return lambda value: _read_id_number(value, demo_ids)
        case "credit_code":
            return _read_credit_code
        case "money":
            return _read_money
        case "date":
            return lambda value: read_date(value, column, dates_from_1904=dates_from_1904)
    return lambda value: _read_quantity(value, column.type)


def read_text(value: object) -> str | None:
    """Text without blanks at its ends or between two Chinese characters; inner blanks elsewhere, · and rare characters
    stay."""
    text = _HAN_GAP.sub("", trimmed(seen(value)))
    if len(text) <= 4 and text.casefold() in NOTHINGS:
        raise BadCell("placeholder", f"“{text}”按没有填写处理：请填写内容，没有就空着")
    return text or None


def _read_id_number(value: object, demo_ids: bool) -> str:
    if isinstance(value, date | time | timedelta):
        raise BadCell("id_characters", "这一格是日期，不是身份证号：请把这一列设为“文本”格式，再填 18 位号码")
    try:
        return check_id_number(value, demo=demo_ids).number
    except IdNumberError as error:
        raise BadCell(error.code, error.message) from error


def _read_credit_code(value: object) -> str:
    try:
        return check_credit_code(value)
    except CreditCodeError as error:
        raise BadCell(error.code, error.message) from error


def _read_money(value: object) -> int:
    if isinstance(value, date | time | timedelta):
        raise BadCell("money_text", "这一格是日期，不是金额：请把单元格格式改为“常规”，再填数字，单位是元")
    try:
        return parse_yuan(value)
    except MoneyError as error:
        raise BadCell(error.code, str(error)) from error


def _read_quantity(value: object, kind: FactType) -> int:
    """A whole number of months, days, years or things."""
    name = WRITTEN_AS[kind]
    if isinstance(value, date | time | timedelta):
        raise BadCell("number_date", f"这一格是日期，不是{name}：请把单元格格式改为“常规”，再填整数")
    text = _without_unit(fold_number(_plain_number(value)), kind)
    match = _NUMBER.fullmatch(text)
    if not match:
        raise BadCell("number_text", f"“{seen(value)}”不是{name}：请只写数字，如 6")
    sign, whole, decimals = match.groups()
    if sign == "-" and int(whole) + int(decimals or 0):
        raise BadCell("number_negative", f"{name}不能是负数：请填不小于 0 的整数")
    if (decimals or "").strip("0"):
        raise BadCell("number_fraction", f"{name}要填整数，这里是 {text}：请核对后填整数")
    if len(whole) > 12 or int(whole) > LARGEST[kind]:
        raise BadCell("number_range", f"{name} {whole} 大得不合常理：请核对后重填")
    return int(whole)


def _plain_number(value: object) -> str:
    """A number without exponent, as text."""
    if isinstance(value, float):
        return format(Decimal(f"{value:.15g}"), "f")
    return format(value, "f") if isinstance(value, Decimal) else seen(value)


def _without_unit(text: str, kind: FactType) -> str:
    """`6个月` as `6`, `1,200人` as `1200`."""
    unit = next((unit for unit in UNITS[kind] if text.endswith(unit)), "")
    bare = text.removesuffix(unit)
    return bare.replace(",", "") if _GROUPED.fullmatch(bare) else bare


def _read_yes_no(value: object) -> bool:
    word = fold(seen(value))
    if word in YES:
        return True
    if word in NO:
        return False
    raise BadCell("yes_no_unknown", f"“{seen(value)}”看不出是或否：请填 是 或 否，不知道就空着")


def _choice_reader(column: Column) -> Reader:
    words = choice_words(column)
    offered = "、".join(column.offered_labels)

    def read(value: object) -> str:
        code = words.get(fold(seen(value)))
        if code is None:
            raise BadCell("choice_unknown", f"“{seen(value)}”不在可填的内容里：请填 {offered} 之一，不知道就空着")
        return code

    return read


def choice_words(column: Column) -> dict[str, str]:
    """Every folded writing of a choice and its code: labels before codes before synonyms."""
    words: dict[str, str] = {}
    for writings in (
        [(label, code) for code, label in column.choices.items()],
        [(code, code) for code in column.choices],
        [(word, code) for code, synonyms in column.choice_synonyms.items() for word in synonyms],
    ):
        for word, code in writings:
            words.setdefault(fold(word), code)
    return words
