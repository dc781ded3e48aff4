"""One vacancy for each person of a group, the best for the group as a whole: as many placed as can be, then the highest sum of scores.

A minimum-cost flow: each person one unit, each vacancy as many as it has places.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from ortools.graph.python import min_cost_flow

from jiujin.matching.answers import BatchResult
from jiujin.matching.errors import TooManyPairs
from jiujin.matching.index import Index
from jiujin.matching.question import TOP_MAX, Filters, Limits

PAIRS_MAX: Final = 5_000_000
UNITS: Final = 1_000_000  # scores are compared to so many parts


@dataclass(frozen=True, slots=True)
class Assignment:
    """A line a person: the vacancy's id, the distance and the score of the pair; -1, 0 and -1 for whom there is none."""

    ids: NDArray[np.int64]
    distances_m: NDArray[np.float64]
    scores: NDArray[np.float64]

    @property
    def placed(self) -> int:
        """How many people have a vacancy."""
        return int((self.scores >= 0).sum())


def assign(
    index: Index,
    lat: ArrayLike,
    lon: ArrayLike,
    radius_m: float,
    *,
    capacities: Mapping[int, int] | None = None,
    filters: Filters | None = None,
    limits: Limits | None = None,
    day: date | None = None,
    keys: ArrayLike | None = None,
    **attributes: ArrayLike,
) -> Assignment:
    """Assign a group; people as in Index.batch, places as in `capacities`, else each vacancy's headcount left.

    Raises TooManyPairs beyond PAIRS_MAX pairs within reach. Among n people nobody needs more than their own n best: of those
    at least one is always free. So the optimum over these pairs is the optimum over all.
    """
    people = len(np.asarray(lat))
    asked: dict[str, Any] = {
        "keys": keys, "filters": filters, "limits": limits, "day": day, **attributes,
    }  # fmt: skip
    within = index.batch(lat, lon, radius_m, 0, counting=True, **asked).within
    assert within is not None
    needed = np.minimum(within, people)
    if needed.sum() > PAIRS_MAX or needed.max(initial=0) > TOP_MAX:
        raise TooManyPairs(
            f"范围内的人岗组合有 {int(needed.sum())} 对，超过 {PAIRS_MAX} 对，没有分配。请缩小半径或分批。"
        )
    best = index.batch(lat, lon, radius_m, int(needed.max(initial=0)), **asked)
    return _flow(best, index, capacities)


def _flow(best: BatchResult, index: Index, capacities: Mapping[int, int] | None) -> Assignment:
    people = len(best.found)
    person, rank = np.nonzero(np.arange(best.ids.shape[1]) < best.found[:, None])
    vacancies, vacancy = np.unique(best.ids[person, rank], return_inverse=True)
    places = [
        capacities.get(int(number), 0) if capacities is not None else index.headcount_left(int(number))
        for number in vacancies
    ]
    sink = people + len(vacancies)
    costs = UNITS - np.round(best.scores[person, rank] * UNITS).astype(np.int64)
    flow = min_cost_flow.SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(person, people + vacancy, np.ones(len(person)), costs)
    flow.add_arcs_with_capacity_and_unit_cost(
        np.arange(people, sink), np.full(len(vacancies), sink), np.minimum(places, people), np.zeros(len(vacancies))
    )
    unplaced = np.full(people, UNITS * (people + 1))  # dearer than anything the others could gain by it
    flow.add_arcs_with_capacity_and_unit_cost(np.arange(people), np.full(people, sink), np.ones(people), unplaced)
    flow.set_nodes_supplies(np.arange(sink + 1), [*[1] * people, *[0] * len(vacancies), -people])
    status = flow.solve()
    assert status == flow.OPTIMAL, status
    chosen = flow.flows(arcs) > 0
    result = Assignment(np.full(people, -1, np.int64), np.zeros(people), np.full(people, -1.0))
    who, which = person[chosen], rank[chosen]
    result.ids[who] = best.ids[who, which]
    result.distances_m[who] = best.distances_m[who, which]
    result.scores[who] = best.scores[who, which]
    return result
