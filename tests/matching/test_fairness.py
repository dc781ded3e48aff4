"""What must never enter the score has no way in; what each group was shown is told afterwards."""

from __future__ import annotations

import dataclasses
import inspect
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiujin.matching import Filters, Index, Limits, Seeker, Weights, WeightsInvalid
from jiujin.matching.audit import UNTOLD, PeopleTally, VacancyTally
from jiujin.matching.columns import SEEKER_COLUMNS, VACANCY_COLUMNS
from jiujin.matching.layout import ASK, OFFER, PERSON, TERM
from jiujin.matching.weights import PARTS

FORBIDDEN = ("sex", "gender", "ethnic", "nation", "marital", "married", "birth", "health", "religion", "huji", "origin")
POINT = 31.75, 116.52


def test_no_argument_field_or_record_can_carry_sex_ethnicity_or_marital_status() -> None:
    names = {
        *SEEKER_COLUMNS, *VACANCY_COLUMNS, *PARTS, *(PERSON.names or ()), *(ASK.names or ()), *(OFFER.names or ()), *(TERM.names or ()),
        *(field.name for kind in (Seeker, Filters, Limits, Weights) for field in dataclasses.fields(kind)),
        *inspect.signature(Index.search).parameters, *inspect.signature(Index.batch).parameters,
    }  # fmt: skip
    assert not [name for name in names for word in FORBIDDEN if word in name]


def test_age_is_held_against_the_legal_ages_and_changes_no_score() -> None:
    index = Index.build(range(30), np.linspace(31.75, 31.77, 30), [116.52] * 30, legal_age_min=[18] * 30)
    answers = {
        age: [(match.id, match.score) for match in index.search(*POINT, 3000, 30, seeker=Seeker(age=age)).matches]
        for age in (18, 35, 59, 80)
    }
    assert len(answers[18]) == 30
    assert all(answer == answers[18] for answer in answers.values())
    assert index.search(*POINT, 3000, 30, seeker=Seeker(age=17)).matches == []


@pytest.mark.parametrize("weights", [{"distance": 0.5}, {"distance": -0.1, "wage": 0.65}, {"distance": float("nan")}])
def test_weights_that_do_not_add_up_are_refused(weights: dict[str, float]) -> None:
    with pytest.raises(WeightsInvalid, match="等于 1"):
        Weights(**weights)


def test_other_weights_change_the_order() -> None:
    index = Index.build([1, 2], [31.75, 31.77], [116.52] * 2, wage_fen_min=[100_000, 300_000])
    by_wage = Weights(distance=0.1, occupation=0, wage=0.9, skills=0, hours=0)
    seeker = Seeker(wage_fen=300_000)
    assert index.search(*POINT, 3000, 1, seeker=seeker).matches[0].id == 1
    assert index.search(*POINT, 3000, 1, seeker=seeker, weights=by_wage).matches[0].id == 2


def test_what_each_group_was_shown_is_told() -> None:
    index = Index.build([10, 20], [31.75, 31.76], [116.52] * 2)
    result = index.batch([31.75, 31.75, 31.90], [116.52] * 3, 3000, 5)
    tally = PeopleTally()
    tally.add(result, ["女", None, "女"])
    women, untold = tally.lines()
    assert (women.group, women.people, women.answered, women.answered_share) == ("女", 2, 1, 0.5)
    assert (untold.group, untold.people, untold.answered, untold.answers_mean) == (UNTOLD, 1, 1, 2.0)
    assert untold.best_score_mean == result.scores[1, 0]
    assert untold.distance_m_mean == pytest.approx(1111.95 / 2, abs=0.1)
    shown = VacancyTally(np.array([20, 10]))
    shown.add(result)
    large, small = shown.lines(["small", "large"])
    assert (large.group, large.shown, large.appearances, large.exposure) == ("large", 1, 2, 2.0)
    assert small.exposure == pytest.approx(2 / np.log2(3))
    assert large.exposure_share + small.exposure_share == pytest.approx(1)
    assert sorted(index.ids.tolist()) == [10, 20]


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["甲", "乙", None]), st.floats(31.70, 31.80)), max_size=12), st.integers(0, 12)
)
def test_batches_one_after_another_add_up_to_one(people: list[tuple[str | None, float]], cut: int) -> None:
    index = Index.build(range(40), np.linspace(31.72, 31.78, 40), [116.52] * 40)
    ids, kinds = index.ids, ["单" if number % 2 else "双" for number in index.ids]
    one, parts, shown, shown_in_parts = PeopleTally(), PeopleTally(), VacancyTally(ids), VacancyTally(ids)
    for among, tally, shows in (
        (people, one, shown),
        (people[:cut], parts, shown_in_parts),
        (people[cut:], parts, shown_in_parts),
    ):
        result = index.batch([lat for _, lat in among], [116.52] * len(among), 2000, 6)
        tally.add(result, [group for group, _ in among])
        shows.add(result)
    for whole, again in zip(one.lines(), parts.lines(), strict=True):
        assert dataclasses.astuple(whole)[1:] == pytest.approx(dataclasses.astuple(again)[1:])
    assert [line.people for line in one.lines()] == [
        count for _, count in sorted(Counter(group or UNTOLD for group, _ in people).items())
    ]
    for whole, again in zip(shown.lines(kinds), shown_in_parts.lines(kinds), strict=True):
        assert dataclasses.astuple(whole)[1:] == pytest.approx(dataclasses.astuple(again)[1:])
