"""What must never enter the score has no way in; what each group was shown is told afterwards."""

from __future__ import annotations

import dataclasses
import inspect

import numpy as np
import pytest

from jiujin.matching import Filters, Index, Limits, Seeker, Weights, WeightsInvalid
from jiujin.matching.audit import UNTOLD, people_exposure, vacancy_exposure
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
    women, untold = people_exposure(result, ["女", None, "女"])
    assert (women.group, women.people, women.answered, women.answered_share) == ("女", 2, 1, 0.5)
    assert (untold.group, untold.people, untold.answered, untold.answers_mean) == (UNTOLD, 1, 1, 2.0)
    assert untold.best_score_mean == result.scores[1, 0]
    assert untold.distance_m_mean == pytest.approx(1111.95 / 2, abs=0.1)
    large, small = vacancy_exposure(result, np.array([20, 10]), ["small", "large"])
    assert (large.group, large.shown, large.appearances, large.exposure) == ("large", 1, 2, 2.0)
    assert small.exposure == pytest.approx(2 / np.log2(3))
    assert large.exposure_share + small.exposure_share == pytest.approx(1)
