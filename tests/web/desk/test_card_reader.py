"""What a card reader or a person types into one field."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiujin.values import make_demo_id
from jiujin.web.desk.card_reader import Burst, read_burst
from tests.web.desk.days import BORN

NUMBER = make_demo_id(BORN, 7)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (NUMBER, Burst(number=NUMBER)),
        (f"张三 {NUMBER}", Burst(number=NUMBER, name="张三")),
        (f"{NUMBER},阿依古丽·买买提", Burst(number=NUMBER, name="阿依古丽·买买提")),
        (f"姓名：王小兰 性别：女 民族：汉 公民身份号码：{NUMBER}", Burst(number=NUMBER, name="王小兰")),
        (f"{NUMBER}\t13800001234", Burst(number=NUMBER, phone="13800001234")),
        ("１３８００００１２３４", Burst(phone="13800001234")),
        ("李四", Burst(name="李四")),
        ("99000019900101001", Burst(almost="99000019900101001")),
        ("", Burst()),
    ],
)
def test_number_telephone_and_name_are_found_in_any_order(typed: str, read: Burst) -> None:
    assert read_burst(typed) == read


@given(st.text(max_size=600))
def test_whatever_is_typed_is_read_without_an_error(typed: str) -> None:
    burst = read_burst(typed)
    assert len(burst.number) in (0, 18)
    assert not (burst.almost and burst.number)


@given(before=st.text("0123456789X ,张三李", max_size=6), after=st.text(" ,;张三李\t", max_size=6))
def test_a_whole_number_is_found_unless_other_digits_touch_it(before: str, after: str) -> None:
    found = read_burst(f"{before}{NUMBER}{after}").number
    assert found == ("" if before[-1:].isdigit() else NUMBER)
