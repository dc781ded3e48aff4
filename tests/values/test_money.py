"""Yuan in, fen inside, yuan out."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiujin.values import FEN_MAX, MoneyError, format_yuan, parse_yuan


@given(st.integers(0, FEN_MAX))
def test_what_is_written_is_read_back(fen: int) -> None:
    assert parse_yuan(format_yuan(fen)) == fen


@given(st.integers(0, 10**11))
def test_a_number_cell_is_read_as_it_is_shown(fen: int) -> None:
    assert parse_yuan(fen / 100) == fen


@given(st.integers(0, 10**9), st.integers(1, 9))
def test_a_third_decimal_is_refused(fen: int, mill: int) -> None:
    with pytest.raises(MoneyError) as refused:
        parse_yuan(f"{fen // 100}.{fen % 100:02d}{mill}")
    assert refused.value.code == "money_decimals"


@pytest.mark.parametrize(
    ("written", "fen"),
    [
        ("1800", 180000),
        ("1,800.5", 180050),
        ("１，８００．５０", 180050),
        (" 1800 元 ", 180000),
        ("¥1,234,567.89", 123456789),
        ("￥0", 0),
        (".5", 50),
        ("1800.", 180000),
        ("1800.500", 180050),
        (1800.1 * 3, 540030),
        (Decimal("12.30"), 1230),
        (0, 0),
    ],
)
def test_amounts_as_people_write_them(written: object, fen: int) -> None:
    assert parse_yuan(written) == fen


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("-1", "money_negative"),
        ("－１", "money_negative"),
        (-0.5, "money_negative"),
        ("一千八", "money_text"),
        ("1.8万", "money_text"),
        ("1,80", "money_text"),
        ("1 800 2 元 左右", "money_text"),
        ("", "money_text"),
        (True, "money_text"),
        (float("nan"), "money_text"),
        (float("inf"), "money_text"),
        (FEN_MAX, "money_range"),
    ],
)
def test_what_is_no_amount_says_so_in_chinese(written: object, code: str) -> None:
    with pytest.raises(MoneyError, match="请") as refused:
        parse_yuan(written)
    assert refused.value.code == code


@pytest.mark.parametrize(("fen", "shown"), [(123450, "1,234.50"), (5, "0.05"), (-123456, "-1,234.56"), (0, "0.00")])
def test_yuan_are_shown_with_two_decimals(fen: int, shown: str) -> None:
    assert format_yuan(fen) == shown
