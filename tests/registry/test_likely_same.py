"""Which records are proposed as one person, and why; two identity numbers never are."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from jiujin.registry.likely_same import PAIRS_MAX, PHONE_SHARERS_MAX, LikelyPair, PeopleTable, PersonRow

BORN_ON = date(1990, 2, 28)
HERE, NEXT_DOOR, ELSEWHERE = "341502001001", "341502001002", "341502009001"
OTHERS = 500


def row(number: int, name: str = "张三丰", **given: Any) -> PersonRow:
    usual = {"phone_index": None, "born_on": None, "sex": None, "area_code": None, "identified": False}
    return PersonRow(number, name, **{**usual, **given})


def crowd() -> list[PersonRow]:
    """People who are nobody else, so that chance weighs as it does in a registry."""
    return [
        row(1000 + n, f"路人{n:03d}", phone_index=b"p%d" % n, born_on=date(1950 + n % 50, 1 + n % 12, 1 + n % 28),
            sex="female", area_code=f"3415020{n % 90 + 10}001", identified=True)
        for n in range(OTHERS)
    ]  # fmt: skip


def pairs_of(*people: PersonRow) -> list[LikelyPair]:
    with PeopleTable() as table:
        table.add(crowd())
        table.add(people)
        return table.likely_pairs()


def test_same_name_birth_and_community_is_proposed_with_its_reasons() -> None:
    told = {"born_on": BORN_ON, "area_code": HERE, "sex": "male"}
    (pair,) = pairs_of(row(1, identified=True, **told), row(2, **told))
    assert {pair.one, pair.other} == {1, 2}
    assert pair.reasons == ["same_name", "same_birth", "same_area", "same_sex"]
    assert 0.99 < pair.probability <= 1


def test_same_name_and_telephone_is_proposed_though_birth_is_not_known() -> None:
    (pair,) = pairs_of(row(1, phone_index=b"a", born_on=BORN_ON, identified=True), row(2, phone_index=b"a"))
    assert pair.reasons == ["same_name", "same_phone"]


def test_one_wrong_character_or_digit_is_still_proposed() -> None:
    wrong = date(1990, 2, 27)
    (pair,) = pairs_of(
        row(1, phone_index=b"a", born_on=BORN_ON, area_code=HERE),
        row(2, "张三峰", phone_index=b"a", born_on=wrong, area_code=NEXT_DOOR),
    )
    assert pair.reasons == ["close_name", "same_phone", "close_birth", "same_town"]


def test_two_identity_numbers_are_two_people_whatever_else_agrees() -> None:
    told = {"phone_index": b"a", "born_on": BORN_ON, "area_code": HERE, "sex": "male", "identified": True}
    assert pairs_of(row(1, **told), row(2, **told)) == []


def test_family_that_shares_a_telephone_is_not_one_person() -> None:
    parent = row(1, "张大山", phone_index=b"a", born_on=date(1960, 5, 1), area_code=HERE, sex="male")
    child = row(2, "李小红", phone_index=b"a", born_on=date(1990, 7, 9), area_code=HERE, sex="female")
    assert pairs_of(parent, child) == []


def test_same_common_name_in_another_town_is_not_proposed() -> None:
    assert (
        pairs_of(row(1, area_code=HERE, born_on=BORN_ON), row(2, area_code=ELSEWHERE, born_on=date(1961, 7, 9))) == []
    )


def test_number_of_an_office_that_many_gave_says_nothing() -> None:
    people = [row(n, f"甲乙{n:02d}", phone_index=b"office") for n in range(PHONE_SHARERS_MAX + 1)]
    assert pairs_of(*people) == []


def test_nobody_and_one_alone_have_no_pair() -> None:
    for people in ([], [row(1)]):
        with PeopleTable() as table:
            table.add(people)
            assert table.likely_pairs() == []


def test_same_records_give_the_same_proposals_and_never_too_many() -> None:
    told = {"born_on": BORN_ON, "area_code": HERE}
    people = [row(n, **told) for n in range(70)]
    first = pairs_of(*people)
    assert len(first) == PAIRS_MAX < 70 * 69 / 2
    assert pairs_of(*people) == first


@settings(max_examples=12, deadline=None)
@given(st.integers(2, 4), st.data())
def test_pair_always_has_a_record_without_a_number_and_a_share_between_half_and_one(size: int, data: Any) -> None:
    people = [
        row(
            number,
            data.draw(st.sampled_from(["张三丰", "张三峰", "李四", "", "a'b\"c;--"])),
            phone_index=data.draw(st.sampled_from([None, b"a", b"b"])),
            born_on=data.draw(st.sampled_from([None, BORN_ON, date(1990, 12, 8)])),
            area_code=data.draw(st.sampled_from([None, HERE, ELSEWHERE])),
            identified=data.draw(st.booleans()),
        )
        for number in range(size)
    ]
    by_id = {person.id: person for person in people}
    with PeopleTable() as table:
        table.add(people)
        for pair in table.likely_pairs():
            assert pair.one != pair.other
            assert 0.5 <= pair.probability <= 1
            assert not (by_id[pair.one].identified and by_id[pair.other].identified)
