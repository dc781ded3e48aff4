"""Answers as the caller reads them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

from jiujin.matching.layout import ANSWER
from jiujin.matching.weights import named_parts

THIN_BELOW: Final = 5


class Match(NamedTuple):
    """One vacancy within reach. `parts` explains the score: each part of PARTS in [0, 1], before its weight."""

    id: int
    rank: int
    distance_m: float
    score: float
    parts: dict[str, float]


class Matches(Sequence[Match]):
    """The matches, the best first, held as arrays: each becomes a Match when it is looked at."""

    __slots__ = ("_best", "_made")

    def __init__(self, best: NDArray[np.void]) -> None:
        self._best = best
        self._made: list[Match] | None = None

    def __len__(self) -> int:
        return len(self._best)

    @overload
    def __getitem__(self, place: int) -> Match: ...
    @overload
    def __getitem__(self, place: slice) -> list[Match]: ...
    def __getitem__(self, place: int | slice) -> Match | list[Match]:
        if self._made is not None:
            return self._made[place]
        places = range(len(self))[place]
        if isinstance(places, int):
            return self._make(places, places + 1)[0]
        return self._make(places.start, places.stop) if places.step == 1 else self._all()[place]

    def __iter__(self) -> Iterator[Match]:
        return iter(self._all())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, (Matches, list)) and self._all() == list(other)

    __hash__ = None  # type: ignore[assignment]

    @property
    def ids(self) -> NDArray[np.int64]:
        """The ids alone, the best first."""
        ids: NDArray[np.int64] = self._best["id"]
        return ids

    @property
    def distances_m(self) -> NDArray[np.float64]:
        """The distances alone, in metres."""
        distances: NDArray[np.float64] = self._best["distance_m"]
        return distances

    @property
    def scores(self) -> NDArray[np.float64]:
        """The scores alone."""
        scores: NDArray[np.float64] = self._best["score"]
        return scores

    def _all(self) -> list[Match]:
        if self._made is None:
            self._made = self._make(0, len(self))
        return self._made

    def _make(self, start: int, stop: int) -> list[Match]:
        best = self._best[start:stop]
        columns = (best["id"], best["distance_m"], best["score"])
        ids, distances, scores = (column.tolist() for column in columns)
        parts = named_parts(best["parts"].tolist())
        return list(map(_MATCH, zip(ids, range(start + 1, stop + 1), distances, scores, parts, strict=True)))


_MATCH: Final = partial(tuple.__new__, Match)  # `Match._make` without its call in between


@dataclass(frozen=True, slots=True)
class Result:
    """The best matches, and how many vacancies there are within the radius after the hard filters."""

    matches: Matches
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


class Answers(NamedTuple):
    """Room for the kernel's answers: a line a person; how many, how many within reach, and records of ANSWER."""

    found: NDArray[np.int64]
    within: NDArray[np.int64]
    best: NDArray[np.void]


def empty_answers(people: int, top: int) -> Answers:
    """Room with no answers in it."""
    return Answers(np.zeros(people, np.int64), np.zeros(people, np.int64), np.zeros((people, top), ANSWER))


def result_of(answers: Answers, radius_m: float) -> Result:
    """The answers to one person."""
    return Result(Matches(answers.best[0, : answers.found[0]]), int(answers.within[0]), radius_m)
