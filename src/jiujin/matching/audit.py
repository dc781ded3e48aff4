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
        return self.answered / self.people if self.people else 0.0


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


def people_exposure(result: BatchResult, groups: Sequence[str | None]) -> list[PeopleExposure]:
    """One line a group, by its name; `groups` has one entry a person."""
    filled = _filled(result)
    lines = []
    for group, members in _by_group(groups):
        answered = members[result.found[members] > 0]
        shown = filled[answered]
        lines.append(
            PeopleExposure(
                group,
                len(members),
                len(answered),
                _mean(result.found[answered].astype(np.float64)),
                _mean(result.scores[answered][shown[:, :1].nonzero()[0], 0]) if shown.size else 0.0,
                _mean(result.scores[answered][shown]),
                _mean(result.distances_m[answered][shown]),
            )
        )
    return lines


def vacancy_exposure(
    result: BatchResult, vacancy_ids: NDArray[np.int64], groups: Sequence[str | None]
) -> list[VacancyExposure]:
    """One line a group of vacancies; `groups` has one entry for each of `vacancy_ids`, among which all those shown are."""
    filled = _filled(result)
    gain = np.broadcast_to(1 / np.log2(2 + np.arange(result.ids.shape[1])), result.ids.shape)
    order = np.argsort(vacancy_ids)
    place = order[np.searchsorted(vacancy_ids, result.ids[filled], sorter=order)]
    appearances = np.bincount(place, minlength=len(vacancy_ids))
    exposure = np.bincount(place, weights=gain[filled], minlength=len(vacancy_ids))
    whole = float(exposure.sum()) or 1.0
    return [
        VacancyExposure(
            group,
            len(members),
            int((appearances[members] > 0).sum()),
            int(appearances[members].sum()),
            float(exposure[members].sum()),
            len(members) / len(vacancy_ids),
            float(exposure[members].sum()) / whole,
        )
        for group, members in _by_group(groups)
    ]


def _filled(result: BatchResult) -> NDArray[np.bool_]:
    filled: NDArray[np.bool_] = np.arange(result.ids.shape[1]) < result.found[:, None]
    return filled


def _by_group(groups: Sequence[str | None]) -> list[tuple[str, NDArray[np.intp]]]:
    names, member = np.unique([UNTOLD if group is None else group for group in groups], return_inverse=True)
    return [(str(name), np.flatnonzero(member == nth)) for nth, name in enumerate(names)]


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean()) if values.size else 0.0
