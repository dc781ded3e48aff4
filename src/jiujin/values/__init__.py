"""Plain value types: money in fen, clamped months, identity numbers, credit codes, and what of them may be shown."""

from jiujin.values.credit_code import CreditCodeError, check_credit_code, credit_code_check_character
from jiujin.values.identity import (
    DEMO_AREA,
    IdChecks,
    IdNumber,
    IdNumberError,
    check_digit,
    check_id_number,
    check_many,
    make_demo_id,
    valid_id_matrix,
)
from jiujin.values.masks import mask_credit_code, mask_id_number, mask_name, mask_phone
from jiujin.values.money import FEN_MAX, MoneyError, format_yuan, parse_yuan
from jiujin.values.months import add_months, whole_months, years_old

__all__ = [
    "DEMO_AREA",
    "FEN_MAX",
    "CreditCodeError",
    "IdChecks",
    "IdNumber",
    "IdNumberError",
    "MoneyError",
    "add_months",
    "check_credit_code",
    "check_digit",
    "check_id_number",
    "check_many",
    "credit_code_check_character",
    "format_yuan",
    "make_demo_id",
    "mask_credit_code",
    "mask_id_number",
    "mask_name",
    "mask_phone",
    "parse_yuan",
    "valid_id_matrix",
    "whole_months",
    "years_old",
]
