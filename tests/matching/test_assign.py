"""A group is placed as well as can be: as many as possible, then the highest sum of scores."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiujin.matching import Index, TooManyPairs
from jiujin.matching import assign as module
from jiujin.matching.assign import assign
from tests.matching import oracle

POINT = 31.75, 116.52
near = st.tuples(st.integers(-30, 30), st.integers(-30, 30)).map(
    lambda by: (POINT[0] + by[0] / 1000, POINT[1] + by[1] / 1000)
)


def best_by_trying_all(scores: list[list[float | None]], places: list[int]) -> tuple[int, float]:
    """Every way to give each person one vacancy or none."""
    best = (0, 0.0)
    for choice in product(range(-1, len(places)), repeat=len(scores)):
        if any(choice.count(vacancy) > places[vacancy] for vacancy in range(len(places))):
            continue
        pairs = [scores[person][vacancy] for person, vacancy in enumerate(choice) if vacancy >= 0]
        if all(pair is not None for pair in pairs):
            best = max(best, (len(pairs), sum(pair for pair in pairs if pair is not None)))
    return best


@settings(max_examples=60, deadline=None)
@given(st.lists(near, min_size=1, max_size=4), st.lists(st.tuples(near, st.integers(0, 2)), min_size=1, max_size=4))
def test_the_whole_group_does_as_well_as_the_best_of_all_ways(
    people: list[tuple[float, float]], vacancies: list[tuple[tuple[float, float], int]]
) -> None:
    places = [count for _, count in vacancies]
    index = Index.build(
        range(len(vacancies)),
        [point[0] for point, _ in vacancies],
        [point[1] for point, _ in vacancies],
        headcount_left=places,
    )
    scores: list[list[float | None]] = []
    for person in people:
        found = oracle.search(
            [oracle.Vacancy(number, *point, {"headcount_left": count}) for number, (point, count) in enumerate(vacancies)],
            *person, 2500, seeker={}, filters={}, day=None,
        )  # fmt: skip
        known = {answer[0]: answer[2] for answer in found}
        scores.append([known.get(number) for number in range(len(vacancies))])
    result = assign(index, [lat for lat, _ in people], [lon for _, lon in people], 2500)
    count, total = best_by_trying_all(scores, places)
    assert result.placed == count
    assert sum(score for score in result.scores if score >= 0) == pytest.approx(total, abs=1e-5)
    for person, vacancy in enumerate(result.ids.tolist()):
        if vacancy >= 0:
            assert result.scores[person] == scores[person][vacancy]
            assert result.ids.tolist().count(vacancy) <= places[vacancy]


def test_capacities_may_be_given_apart_from_headcounts() -> None:
    index = Index.build([7, 8], [POINT[0]] * 2, [POINT[1]] * 2)
    result = assign(index, [POINT[0]] * 5, [POINT[1]] * 5, 100, capacities={7: 3})
    assert sorted(result.ids.tolist()) == [-1, -1, 7, 7, 7]


def test_nobody_and_nothing_are_assigned_nothing() -> None:
    empty = Index.build([], [], [])
    assert assign(empty, [], [], 100).ids.tolist() == []
    assert assign(empty, [POINT[0]], [POINT[1]], 100).ids.tolist() == [-1]


def test_too_many_pairs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAIRS_MAX", 3)
    index = Index.build([1, 2], [POINT[0]] * 2, [POINT[1]] * 2)
    with pytest.raises(TooManyPairs, match="4 对"):
        assign(index, [POINT[0]] * 2, [POINT[1]] * 2, 100)
