"""What cannot be asked or held is refused in one sentence, and what is merely extreme is answered."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from jiujin.matching import (
    ColumnInvalid,
    Filters,
    Index,
    MatchingError,
    OccupationInvalid,
    RadiusInvalid,
    Seeker,
    TopInvalid,
    parse_occupation,
    write_occupation,
)
from jiujin.matching.occupations import widened
from jiujin.matching.thin import offers

POINT = 31.75, 116.52


@pytest.fixture(scope="module")
def index() -> Index:
    return Index.build([1, 2], [31.75, 31.76], [116.52, 116.52])


@pytest.mark.parametrize("radius", [-1, float("nan"), float("inf"), "近", None])
def test_a_radius_that_is_no_length_is_refused(index: Index, radius: Any) -> None:
    with pytest.raises(RadiusInvalid, match="半径"):
        index.search(*POINT, radius, 5)


@pytest.mark.parametrize("top", [-1, 10_001, 2.5])
def test_a_count_beyond_the_bound_is_refused(index: Index, top: Any) -> None:
    with pytest.raises(TopInvalid, match="10000"):
        index.search(*POINT, 100, top)


def test_extreme_radii_are_answered(index: Index) -> None:
    assert index.search(*POINT, 0, 5).total_within == 1
    assert index.search(*POINT, 1e300, 5).total_within == 2


@pytest.mark.parametrize(
    ("columns", "column", "row"),
    [
        ({"ids": [1, 1]}, "id", 1),
        ({"ids": ["a", "b"]}, "id", None),
        ({"lat": [31.0, float("nan")]}, "lat", 1),
        ({"lat": [116.5, 31.0]}, "lat", 0),
        ({"lon": [116.5, 181.0]}, "lon", 1),
        ({"lat": [31.0]}, "lat", None),
        ({"wage_fen_min": ["3000", "4000"]}, "wage_fen_min", None),
        ({"wage_fen_min": [5, -1]}, "wage_fen_min", 1),
        ({"wage_fen_min": [500, 500], "wage_fen_max": [0, 400]}, "wage_fen_max", 1),
        ({"occupation": [10**8, 0]}, "occupation", 0),
        ({"salary": [1, 2]}, "salary", None),
    ],
)
def test_a_wrong_column_is_named_with_its_row(columns: dict[str, Any], column: str, row: int | None) -> None:
    given = {"ids": [1, 2], "lat": [31.0, 31.1], "lon": [116.5, 116.6], **columns}
    with pytest.raises(ColumnInvalid) as refused:
        Index.build(**given)
    assert (refused.value.column, refused.value.row) == (column, row)


@pytest.mark.parametrize(
    "seeker", [Seeker(wage_fen=-1), Seeker(hours=200), Seeker(occupations=(1,) * 9), Seeker(skills=-1)]
)
def test_a_wish_out_of_bounds_is_refused(index: Index, seeker: Seeker) -> None:
    with pytest.raises(ColumnInvalid):
        index.search(*POINT, 100, 5, seeker=seeker)


def test_a_refused_change_changes_nothing(index: Index) -> None:
    with pytest.raises(MatchingError):
        index.upsert(1, 91, 0)
    with pytest.raises(MatchingError):
        index.upsert(1, 31, 116, wage_fen_min=-5)
    assert index.search(*POINT, 0, 5).total_within == 1


def test_unknown_ids_among_the_allowed_are_passed_over(index: Index) -> None:
    assert [match.id for match in index.search(*POINT, 5000, 5, allowed=[2, 99, -4]).matches] == [2]
    assert index.search(*POINT, 5000, 5, allowed=[]).matches == []
    with pytest.raises(ColumnInvalid):
        index.search(*POINT, 5000, 5, allowed=["2"])


@pytest.mark.parametrize(
    ("text", "code"), [("4-02-01-03", 4020103), ("4-02", 4020000), ("4", 4000000), (4020103, 4020103)]
)
def test_occupation_codes_are_read_and_written(text: object, code: int) -> None:
    assert parse_occupation(text) == code
    assert parse_occupation(write_occupation(code)) == code


@pytest.mark.parametrize("text", ["", "电工", "4-2-1-3", "0", "4-02-01-03-05", "402", None, "٤-02"])
def test_what_is_no_occupation_code_is_refused(text: object) -> None:
    with pytest.raises(OccupationInvalid, match="职业"):
        parse_occupation(text)


def test_a_code_widens_level_by_level() -> None:
    assert [widened(4020103), widened(4020100), widened(4020000), widened(4000000)] == [4020100, 4020000, 4000000, 0]


def test_a_thin_answer_offers_wider_circles_and_related_occupations_with_their_counts() -> None:
    index = Index.build(
        range(6), [31.750, 31.751, 31.752, 31.753, 31.80, 31.85], [116.52] * 6,
        occupation=[4020103, 4020104, 4020201, 6010101, 4020103, 4020103],
    )  # fmt: skip
    assert index.search(*POINT, 3000, 5, filters=Filters(occupations=(4020103,))).is_thin
    found = offers(index, *POINT, 3000, [20_000, 1000, 6000, 6001], filters=Filters(occupations=(4020103,)))
    assert found.radii == [(6000, 2), (6001, 2), (20_000, 3)]
    assert found.occupations == [((4020100,), 2), ((4020000,), 3), ((), 4)]


def test_a_million_on_one_point_are_counted_and_the_first_are_given() -> None:
    crowd = Index.build(np.arange(1_000_000), np.full(1_000_000, POINT[0]), np.full(1_000_000, POINT[1]))
    result = crowd.search(*POINT, 3000, 20)
    assert result.total_within == 1_000_000
    assert len({match.id for match in result.matches}) == 20
    batch = crowd.batch(np.full(2000, POINT[0]), np.full(2000, POINT[1]), 3000, 20)
    assert len(np.unique(batch.ids)) > 15_000
