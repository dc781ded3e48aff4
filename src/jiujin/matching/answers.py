"""Answers as the caller reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jiujin.matching.kernel import Answers
from jiujin.matching.layout import ANSWER
from jiujin.matching.weights import PARTS

THIN_BELOW = 5


class Match(NamedTuple):
    """One vacancy within reach. `parts` explains the score: each part of PARTS in [0, 1], before its weight."""

    id: int
    rank: int
    distance_m: float
    score: float
    parts: dict[str, float]


@dataclass(frozen=True, slots=True)
class Result:
    """The best matches, and how many vacancies there are within the radius after the hard filters."""

    matches: list[Match]
    total_within: int
    radius_m: float

    @property
    def is_thin(self) -> bool:
        """Whether the answer is so short that a wider circle or related occupations should be offered."""
        return self.total_within < THIN_BELOW


@dataclass(frozen=True, slots=True)
class BatchResult:
    """A line a person, `top` columns; from `found` on, ids are -1 and the rest is 0.

    `parts` is (people, top, parts) in the order of PARTS; `within` is None unless counted.
    """

    found: NDArray[np.int64]
    ids: NDArray[np.int64]
    distances_m: NDArray[np.float64]
    scores: NDArray[np.float64]
    parts: NDArray[np.float32]
    within: NDArray[np.int64] | None


def empty_answers(people: int, top: int) -> Answers:
    """Room for the kernel's answers."""
    return Answers(
        np.zeros(people, np.int64),
        np.zeros(people, np.int64),
        np.zeros((people, top), ANSWER),
        np.zeros((people, top, len(PARTS)), np.float32),
    )


def result_of(answers: Answers, radius_m: float) -> Result:
    """The answers to one person."""
    found = int(answers.found[0])
    best = answers.best[0, :found]
    columns = (
        best["id"].tolist(),
        best["distance_m"].tolist(),
        best["score"].tolist(),
        answers.parts[0, :found].tolist(),
    )
    matches = [
        Match(vacancy_id, rank, distance, score, dict(zip(PARTS, parts, strict=True)))
        for rank, (vacancy_id, distance, score, parts) in enumerate(zip(*columns, strict=True), 1)
    ]
    return Result(matches, int(answers.within[0]), radius_m)
