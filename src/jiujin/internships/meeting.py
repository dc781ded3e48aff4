"""A matching meeting: people by posts, as many placed as can be, then what they wished for, then what is nearest home."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from ortools.graph.python import min_cost_flow

from jiujin.internships.models import InternApplication, InternPost
from jiujin.work.distance import distance_home_m

UNKNOWN_DISTANCE_M: Final = 50_000
NOT_WISHED: Final = 200_000  # weighs more than any distance within a district
PEOPLE_MAX: Final = 500


@dataclass(frozen=True)
class Pairing:
    """A person with the post proposed, and how far it is from home (None: not known)."""

    application: InternApplication
    post: InternPost
    distance_m: float | None
    is_wished: bool


def propose(
    applications: Sequence[InternApplication], posts: Sequence[InternPost], places: dict[int, int]
) -> list[Pairing]:
    """The best pairs for the group as a whole; `places` are how many each post still takes. Nothing is written.

    A minimum-cost flow from people to posts: each person one post, each post as many as it has places.
    """
    if not applications or not posts:
        return []
    pairs = [
        Pairing(application, post, _distance_m(application, post), _is_wished(application, post))
        for application in applications
        for post in posts
        if places.get(post.pk, 0) > 0
    ]
    if not pairs:
        return []
    person_node = {application.pk: 1 + at for at, application in enumerate(applications)}
    post_node = {post.pk: 1 + len(applications) + at for at, post in enumerate(posts)}
    source, sink = 0, 1 + len(applications) + len(posts)
    arcs = [(source, node, 1, 0) for node in person_node.values()]
    first_pair = len(arcs)
    arcs += [(person_node[pair.application.pk], post_node[pair.post.pk], 1, _cost(pair)) for pair in pairs]
    arcs += [(post_node[post.pk], sink, max(places.get(post.pk, 0), 0), 0) for post in posts]
    flow = min_cost_flow.SimpleMinCostFlow()
    tails, heads, capacities, costs = (np.array(column, dtype=np.int64) for column in zip(*arcs, strict=True))
    numbers = flow.add_arcs_with_capacity_and_unit_cost(tails, heads, capacities, costs)
    flow.set_node_supply(source, len(applications))
    flow.set_node_supply(sink, -len(applications))
    flow.solve_max_flow_with_min_cost()
    taken = flow.flows(numbers[first_pair : first_pair + len(pairs)])
    return [pair for pair, units in zip(pairs, taken, strict=True) if units]


def _cost(pair: Pairing) -> int:
    distance = UNKNOWN_DISTANCE_M if pair.distance_m is None else min(int(pair.distance_m), NOT_WISHED - 1)
    return distance + (0 if pair.is_wished else NOT_WISHED)


def _is_wished(application: InternApplication, post: InternPost) -> bool:
    return post.pk == application.wants_id or post.base_id == application.found_base_id


def _distance_m(application: InternApplication, post: InternPost) -> float | None:
    return distance_home_m(application.person, post.workplace) if post.workplace else None
