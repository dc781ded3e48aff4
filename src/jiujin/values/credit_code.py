"""Unified social credit codes (GB 32100-2015): 17 characters and a check character, modulo 31."""

from __future__ import annotations

from decimal import Decimal

from jiujin.values.identity import EXACT_FLOAT_DIGITS, normalise_id_number

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
REGISTRATION_LENGTH = 15
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_WEIGHTS = tuple(pow(3, place, 31) for place in range(LENGTH - 1))
_TRUNCATED = "统一社会信用代码被 Excel 按数字存过，后几位已经丢失：请把这一列设为“文本”格式，再重新输入 18 位代码"


class CreditCodeError(ValueError):
    """A credit code that cannot be right; `code` says in one word why, `message` is a Chinese sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def credit_code_check_character(body: str) -> str:
    """The check character of the first 17 characters."""
    total = sum(weight * _VALUES[character] for weight, character in zip(_WEIGHTS, body, strict=True))
    return ALPHABET[-total % 31]


def check_credit_code(text: object) -> str:
    """The normalised code: 18 half-width capitals and digits. Raises CreditCodeError."""
    if isinstance(text, float | Decimal):
        text = _number_as_text(text)
    code = normalise_id_number(text).replace("-", "")
    if not code:
        raise CreditCodeError("credit_code_empty", "统一社会信用代码是空的：请填 18 位代码")
    if "E+" in code:
        raise CreditCodeError("credit_code_truncated", _TRUNCATED)
    if len(code) == REGISTRATION_LENGTH and code.isdigit():
        raise CreditCodeError("credit_code_old", "这是 15 位的旧工商注册号：请填营业执照上 18 位的统一社会信用代码")
    if len(code) != LENGTH:
        raise CreditCodeError(
            "credit_code_length", f"统一社会信用代码应是 18 位，这里是 {len(code)} 位：请对照证照重填"
        )
    if any(character not in _VALUES for character in code):
        raise CreditCodeError(
            "credit_code_characters", "统一社会信用代码里有不会出现的字符（没有 I、O、S、V、Z）：请对照证照重填"
        )
    if credit_code_check_character(code[:17]) != code[17]:
        raise CreditCodeError("credit_code_check", "统一社会信用代码的校验码不对，有一位写错了：请对照证照重填")
    return code


def _number_as_text(number: float | Decimal) -> str:
    digits = f"{number:.0f}"
    if len(digits) > EXACT_FLOAT_DIGITS and isinstance(number, float):
        raise CreditCodeError("credit_code_truncated", _TRUNCATED)
    return digits
