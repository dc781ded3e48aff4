"""What is shown of a value that must not leak."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiujin.values import mask_credit_code, mask_id_number, mask_name, mask_phone


@pytest.mark.parametrize(
    ("name", "shown"), [("张三", "张*"), ("张小兰", "张*兰"), ("阿依古丽·买买提", "阿******提"), ("张", "*"), ("", "")]
)
def test_a_name_shows_only_its_ends(name: str, shown: str) -> None:
    assert mask_name(name) == shown


def test_an_identity_number_hides_the_birth_date() -> None:
    assert mask_id_number("990000199001010012") == "990000********0012"


@pytest.mark.parametrize(
    ("phone", "shown"), [("13800001234", "138****1234"), ("05641234567", "056****4567"), ("12345", "*2345")]
)
def test_a_phone_shows_its_ends_only(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown


@given(st.text("0123456789X", max_size=30))
def test_no_mask_shows_more_than_ten_characters_or_changes_the_length(number: str) -> None:
    for shown in (mask_id_number(number), mask_credit_code(number)):
        assert len(shown) == len(number)
        assert sum(character != "*" for character in shown) <= (10 if len(number) == 18 else 4)
