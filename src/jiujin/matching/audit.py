"""Whether the ranking is fair, told afterwards: what each group was shown. The groups come in here, and only here.

Exposure counts an answer at rank r as 1 / log2(1 + r), as discounted gain does: few read far down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jiujin.matching.answers import BatchResult

UNTOLD = "未填写"


@dataclass(frozen=True, slots=True)
class PeopleExposure:
    """What one group of people was shown; means are over those of the group who were shown something."""

    group: str
    people: int
    answered: int
    answers_mean: float
    best_score_mean: float
    score_mean: float
    distance_m_mean: float

    @property
    def answered_share(self) -> float:
        """Of the group, who was shown anything."""
        return _share(self.answered, self.people)


@dataclass(frozen=True, slots=True)
class VacancyExposure:
    """How much one group of vacancies was shown."""

    group: str
    vacancies: int
    shown: int
    appearances: int
    exposure: float
    vacancy_share: float
    exposure_share: float


class PeopleTally:
    """Adds up over any number of batches what each group of people was shown."""

    def __init__(self) -> None:
        self._sums: dict[str, NDArray[np.float64]] = {}

    def add(self, result: BatchResult, groups: Sequence[str | None]) -> None:
        """Count one batch; `groups` has one entry a person."""
        filled = _filled(result)
        for group, members in _by_group(groups):
            answered = members[result.found[members] > 0]
            shown = filled[answered]
            found = result.found[answered].sum()
            best = result.scores[answered, 0].sum() if found else 0.0
            sums = (result.scores[answered][shown].sum(), result.distances_m[answered][shown].sum())
            line = np.array([len(members), len(answered), found, best, *sums], np.float64)
            self._sums[group] = self._sums.get(group, np.zeros(len(line))) + line

    def lines(self) -> list[PeopleExposure]:
        """One line a group, by its name."""
        return [
            PeopleExposure(
                group,
                int(people),
                int(answered),
                _share(found, answered),
                _share(best, answered),
                _share(scores, found),
                _share(distances_m, found),
            )
            for group, (people, answered, found, best, scores, distances_m) in sorted(self._sums.items())
        ]


class VacancyTally:
    """Adds up over any number of batches how much each of these vacancies was shown, among which all those shown are."""

    def __init__(self, vacancy_ids: NDArray[np.int64]) -> None:
        self._order = np.argsort(vacancy_ids)
        self._ids = vacancy_ids
        self._appearances = np.zeros(len(vacancy_ids), np.int64)
        self._exposure = np.zeros(len(vacancy_ids))

    def add(self, result: BatchResult) -> None:
        """Count one batch."""
        filled = _filled(result)
        if not filled.any():
            return
        gain = np.broadcast_to(1 / np.log2(2 + np.arange(result.ids.shape[1])), result.ids.shape)
        place = self._order[np.searchsorted(self._ids, result.ids[filled], sorter=self._order)]
        self._appearances += np.bincount(place, minlength=len(self._ids))
        self._exposure += np.bincount(place, weights=gain[filled], minlength=len(self._ids))

    def lines(self, groups: Sequence[str | None]) -> list[VacancyExposure]:
        """One line a group, by its name; `groups` has one entry a vacancy."""
        whole = float(self._exposure.sum())
        return [
            VacancyExposure(
                group,
                len(members),
                int((self._appearances[members] > 0).sum()),
                int(self._appearances[members].sum()),
                float(self._exposure[members].sum()),
                len(members) / len(self._ids),
                _share(float(self._exposure[members].sum()), whole),
            )
            for group, members in _by_group(groups)
        ]


def _filled(result: BatchResult) -> NDArray[np.bool_]:
    filled: NDArray[np.bool_] = np.arange(result.ids.shape[1]) < result.found[:, None]
    return filled


def _by_group(groups: Sequence[str | None]) -> list[tuple[str, NDArray[np.intp]]]:
    names, member = np.unique([UNTOLD if group is None else group for group in groups], return_inverse=True)
    return [(str(name), np.flatnonzero(member == nth)) for nth, name in enumerate(names)]


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole else 0.0
