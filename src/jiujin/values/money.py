"""Money is integer fen inside and yuan with two decimals outside."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

FEN_MAX = 10**14
_BLANKS = re.compile(r"[\s\u200b\ufeff]+")
_PLAIN = re.compile(r"(\d+)(?:\.(\d*))?|\.(\d+)")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d*)?")


class MoneyError(ValueError):
    """An amount that cannot be read; `code` says in one word why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def parse_yuan(text: object) -> int:
    """The fen of an amount in yuan, written as text or held as int, float or Decimal.

    Full-width digits, thousands commas, ¥ and 元 are tolerated. A float is read by its first 15 significant digits, as
    spreadsheets show it. Raises MoneyError (a ValueError with a Chinese sentence) for a negative amount, more than two
    decimals, more than FEN_MAX, or anything that is not an amount.
    """
    seen = _written(text)
    bare = _bare(seen)
    if bare.startswith("-"):
        raise MoneyError("money_negative", "金额不能是负数：请填不小于 0 的数，单位是元")
    fen = _fen(bare, seen)
    if fen > FEN_MAX:
        raise MoneyError("money_range", "金额大得不合常理：请核对后重填，单位是元")
    return fen


def _written(amount: object) -> str:
    """The amount as a person would see it."""
    if isinstance(amount, bool):
        raise MoneyError("money_text", "这里要填金额：请写数字，单位是元，如 1800 或 1800.50")
    if isinstance(amount, float):
        return format(Decimal(f"{amount:.15g}"), "f")
    return format(amount, "f") if isinstance(amount, Decimal) else str(amount)


def _bare(seen: str) -> str:
    """The amount without blanks, currency signs, unit and correct thousands commas."""
    bare = _BLANKS.sub("", unicodedata.normalize("NFKC", seen)).removeprefix("¥").removeprefix("人民币")
    bare = bare.replace("−", "-").removeprefix("+")
    for unit in ("元整", "元"):
        bare = bare.removesuffix(unit)
    return bare.replace(",", "") if _GROUPED.fullmatch(bare) else bare


def _fen(bare: str, seen: str) -> int:
    match = _PLAIN.fullmatch(bare)
    if not match or not bare.isascii():
        raise MoneyError("money_text", f"“{seen.strip()}”不是金额：请只写数字，单位是元，如 1800 或 1800.50")
    whole, decimals = match[1] or "0", (match[2] or match[3] or "").rstrip("0")
    if len(decimals) > 2:
        raise MoneyError("money_decimals", "金额最多两位小数：请写到分，如 1800.50")
    return int(whole) * 100 + int(decimals.ljust(2, "0"))


def format_yuan(fen: int) -> str:
    """Fen as yuan with thousands commas and two decimals: 123450 gives `1,234.50`."""
    sign, rest = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{rest // 100:,}.{rest % 100:02d}"
