"""Identity numbers and credit codes, their check characters by an independent formula."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jiujin.values import (
    CreditCodeError,
    IdNumberError,
    check_credit_code,
    check_id_number,
    check_many,
    credit_code_check_character,
    make_demo_id,
)

PROVINCES = [
    "11",
    "12",
    "13",
    "14",
    "15",
    "21",
    "22",
    "23",
    "31",
    "32",
    "33",
    "34",
    "35",
    "36",
    "37",
    "41",
    "42",
    "43",
    "44",
    "45",
    "46",
    "50",
    "51",
    "52",
    "53",
    "54",
    "61",
    "62",
    "63",
    "64",
    "65",
    "71",
    "81",
    "82",
    "83",
]
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"

births = st.dates(date(1900, 1, 1), date(2030, 12, 31))
sequences = st.integers(0, 999)


def passes_iso_7064(number: str) -> bool:
    """GB 11643 the other way round: the sum of aᵢ·2^(18−i), check character included, leaves 1 when divided by 11."""
    values = [10 if character == "X" else int(character) for character in number]
    return sum(value * pow(2, 17 - at, 11) for at, value in enumerate(values)) % 11 == 1


def numbered(body: str) -> str:
    """The body with the one check character that passes."""
    return next(body + last for last in "0123456789X" if passes_iso_7064(body + last))


@st.composite
def real_looking(draw: st.DrawFn) -> str:
    """A number with a province's code; county 00 exists nowhere, so that it is nobody's."""
    area = draw(st.sampled_from(PROVINCES)) + draw(st.sampled_from(["0000", "9900"]))
    return numbered(f"{area}{draw(births):%Y%m%d}{draw(sequences):03d}")


@given(real_looking())
def test_a_number_that_passes_the_standard_is_accepted(number: str) -> None:
    found = check_id_number(number)
    assert found.number == number
    assert f"{found.born_on:%Y%m%d}" == number[6:14]
    assert found.sex == ("male" if number[16] in "13579" else "female")


@given(real_looking(), st.integers(0, 17), st.sampled_from("0123456789"))
def test_one_wrong_digit_is_always_found(number: str, at: int, digit: str) -> None:
    wrong = number[:at] + digit + number[at + 1 :]
    assume(wrong != number)
    with pytest.raises(IdNumberError):
        check_id_number(wrong)


@given(real_looking(), st.integers(0, 16))
def test_two_neighbours_changed_round_are_found(number: str, at: int) -> None:
    wrong = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    assume(wrong != number)
    with pytest.raises(IdNumberError):
        check_id_number(wrong)


@given(births, sequences)
def test_demo_numbers_pass_only_in_demonstrations(born_on: date, sequence: int) -> None:
    number = make_demo_id(born_on, sequence)
    assert passes_iso_7064(number)
    assert check_id_number(number, demo=True).born_on == born_on
    with pytest.raises(IdNumberError) as refused:
        check_id_number(number)
    assert refused.value.code == "id_demo"


def test_a_demo_sequence_out_of_range_is_refused() -> None:
    with pytest.raises(ValueError, match="1000"):
        make_demo_id(date(1990, 1, 1), 1000)


GOOD = numbered("11000019900101004")
WITH_X = next(n for n in (numbered(f"11000019900101{k:03d}") for k in range(100)) if n.endswith("X"))


@pytest.mark.parametrize(
    "written",
    [
        WITH_X.lower(),
        f"'{WITH_X}",
        f"‘{WITH_X}’",
        f" {WITH_X[:6]} {WITH_X[6:14]}\u3000{WITH_X[14:]}\n",
        WITH_X.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789X"}),
        WITH_X.replace("X", "ｘ"),
        f"\u200b{WITH_X}\ufeff",
    ],
)
def test_careless_writings_of_a_good_number_are_mended(written: str) -> None:
    assert check_id_number(written).number == WITH_X


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "id_empty"),
        ("  ", "id_empty"),
        ("1234567890", "id_length"),
        (GOOD + "1", "id_length"),
        ("身份证丢了", "id_characters"),
        ("11000019900101X041", "id_characters"),
        ("110000900101004", "id_old"),
        (110000900101004.0, "id_old"),
        (numbered("99123419900101004"), "id_area"),
        (numbered("16000019900101004"), "id_area"),
        (numbered("11000019900231004"), "id_birth"),
        (numbered("11000019901301004"), "id_birth"),
        (numbered("11000018991231004"), "id_birth"),
        (GOOD[:17] + ("0" if GOOD[17] != "0" else "1"), "id_check"),
        ("110000199001010000"[:15] + "000", "id_truncated"),
        (1.10000199001010e17, "id_truncated"),
        ("1.10000199001E+17", "id_truncated"),
        ("1.10000199001e+17", "id_truncated"),
    ],
)
def test_each_fault_is_called_by_its_name(written: object, code: str) -> None:
    with pytest.raises(IdNumberError, match="请") as refused:
        check_id_number(written)
    assert refused.value.code == code


def test_a_number_that_a_spreadsheet_cut_is_told_the_cure() -> None:
    with pytest.raises(IdNumberError, match="设为“文本”格式，再重新输入"):
        check_id_number("110000199001010000"[:15] + "000")


def test_a_birth_after_the_day_asked_about_is_impossible() -> None:
    assert check_id_number(GOOD, on=date(1990, 1, 1)).number == GOOD
    with pytest.raises(IdNumberError) as refused:
        check_id_number(GOOD, on=date(1989, 12, 31))
    assert refused.value.code == "id_birth"


@pytest.mark.parametrize("area", ["911000", "934156", "971000"])
def test_a_foreigners_permanent_residence_number_is_accepted(area: str) -> None:
    number = numbered(f"{area}19900101123")
    if area[1:3] in PROVINCES:
        assert check_id_number(number).number == number
    else:
        with pytest.raises(IdNumberError):
            check_id_number(number)


messy = st.one_of(
    st.none(),
    real_looking(),
    real_looking().map(str.lower),
    real_looking().map(lambda n: f" {n[:6]} {n[6:]}"),
    st.tuples(real_looking(), st.integers(0, 17), st.sampled_from("0123456789Xx×张")).map(
        lambda t: t[0][: t[1]] + t[2] + t[0][t[1] + 1 :]
    ),
    st.builds(make_demo_id, births, sequences),
    st.text(max_size=20),
    st.text("0123456789X", min_size=15, max_size=19),
)


@given(st.lists(messy, max_size=30), st.booleans())
def test_a_column_is_checked_as_each_number_alone(texts: list[str | None], demo: bool) -> None:
    found = check_many(texts, demo=demo)
    for at, text in enumerate(texts):
        try:
            alone = check_id_number(text, demo=demo).number if text is not None else None
        except IdNumberError as error:
            assert found.numbers[at] is None
            if error.code == "id_empty":
                assert at not in found.errors
            else:
                assert (found.errors[at].code, str(found.errors[at])) == (error.code, str(error))
        else:
            assert found.numbers[at] == alone
            assert at not in found.errors


def credit_sum(code: str) -> int:
    """GB 32100: Σ Cᵢ·3^(i−1) over the first 17, plus the check character, is a multiple of 31."""
    return sum(CREDIT_ALPHABET.index(c) * 3**at for at, c in enumerate(code[:17])) + CREDIT_ALPHABET.index(code[17])


@given(st.text(CREDIT_ALPHABET, min_size=17, max_size=17))
def test_a_credit_code_with_its_check_character_passes(body: str) -> None:
    code = body + credit_code_check_character(body)
    assert credit_sum(code) % 31 == 0
    assert check_credit_code(f" {code.lower()[:8]}-{code[8:]}") == code
    for wrong in CREDIT_ALPHABET.replace(code[17], ""):
        with pytest.raises(CreditCodeError):
            check_credit_code(body + wrong)


def test_a_published_credit_code_passes() -> None:
    assert check_credit_code("91350100M000100Y43") == "91350100M000100Y43"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "credit_code_empty"),
        ("340000000000001", "credit_code_old"),
        ("91350100M000100Y4", "credit_code_length"),
        ("91350100M000100I43", "credit_code_characters"),
        ("91350100M000100Y44", "credit_code_check"),
        (9.13501001234567e17, "credit_code_truncated"),
        ("9.1350100E+17", "credit_code_truncated"),
    ],
)
def test_each_fault_of_a_credit_code_is_called_by_its_name(written: object, code: str) -> None:
    with pytest.raises(CreditCodeError, match="请") as refused:
        check_credit_code(written)
    assert refused.value.code == code
