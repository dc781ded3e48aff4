"""Who of a group goes with which vacancy: the group's optimum within capacities, at any distance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db import connection

from jiujin.core.current_plan import current_plan
from jiujin.matching import Limits
from jiujin.matching.assign import assign
from jiujin.registry.models import Person
from jiujin.work.nearby.columns import VacancyIndex, bring_up_to_date
from jiujin.work.nearby.index import read_now
from jiujin.work.nearby.radius import working_age_min
from jiujin.work.nearby.seekers import seeker_columns

ANYWHERE_M = 2_000_000  # no radius: the whole country is nearer than that to the district
PEOPLE_MAX = 2_000


@dataclass(frozen=True)
class Chosen:
    """One person with one vacancy, how well they fit, and how far it is in a straight line."""

    person: Person
    vacancy_id: int
    score: float
    distance_m: int


def choose(people: Sequence[Person], capacities: Mapping[int, int], day: date) -> list[Chosen]:
    """One vacancy for each of `people` (with `home` and `wish`), the best for all together, the best pair first.

    `capacities` says how many may go with each vacancy; others are not looked at. People without a point are left out.
    """
    placed = [person for person in people if person.home is not None and person.home.lat is not None][:PEOPLE_MAX]
    if not placed or not capacities:
        return []
    near = _index_of(list(capacities))
    result = assign(
        near.index,
        np.array([person.home.lat for person in placed if person.home]),
        np.array([person.home.lon for person in placed if person.home]),
        ANYWHERE_M,
        capacities=capacities,
        day=day,
        limits=Limits(working_age_min=working_age_min(current_plan(), day)),
        **seeker_columns(near, [(person, getattr(person, "wish", None)) for person in placed], day),
    )
    found = [
        Chosen(person, int(result.ids[row]), float(result.scores[row]), round(float(result.distances_m[row])))
        for row, person in enumerate(placed)
        if result.scores[row] >= 0
    ]
    return sorted(found, key=lambda each: (-each.score, each.person.pk))


def _index_of(ids: Sequence[int]) -> VacancyIndex:
    """An index of these vacancies alone: others would stand among a person's best, and could not be given."""
    near = read_now(only=ids[0])
    bring_up_to_date(connection.connection, near, ids)
    return near
