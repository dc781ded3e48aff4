"""People near a vacancy who agreed to be found: what an employer may see of them, and nothing more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
from django.db import connection
from django.utils import timezone

from jiujin.core.current_plan import current_plan
from jiujin.matching import Limits
from jiujin.registry.models import Person, Purpose
from jiujin.work.models import JobWish, Occupation, Vacancy
from jiujin.work.nearby.index import read_now
from jiujin.work.nearby.radius import near_radius_m, working_age_min
from jiujin.work.nearby.reach import Reach, distance_sql, within_sql
from jiujin.work.nearby.seekers import seeker_columns

TOP: Final = 50
LOOKED_AT_MAX: Final = 20_000
SHOWN_TO_M: Final = 500  # so that nobody finds a home by asking from several places
CONSENTED: Final = f"""
    SELECT person.id FROM registry_person person
    JOIN registry_address a ON a.id = person.home_id
    JOIN work_jobwish wish ON wish.person_id = person.id AND wish.is_looking
    WHERE person.merged_into_id IS NULL AND {within_sql("a")}
        AND EXISTS (SELECT FROM registry_consent consent WHERE consent.person_id = person.id
            AND consent.purpose = %(purpose)s AND consent.withdrawn_at IS NULL)
        AND NOT EXISTS (SELECT FROM work_application application WHERE application.person_id = person.id
            AND application.vacancy_id = %(vacancy)s)
    ORDER BY {distance_sql("a")}, person.id LIMIT {LOOKED_AT_MAX}
"""


@dataclass(frozen=True)
class Candidate:
    """One person without name, telephone, address or age: how far at most, how well it fits, and what they told of themselves.

    `person_id` is for the services, never for the page.
    """

    person_id: int
    within_m: int
    score: float
    occupations: list[str]
    skills: list[str]
    licences: list[str]
    schooling: str
    wage_min_fen: int | None
    shifts: list[str]


def candidates_near(
    vacancy: Vacancy, *, radius_m: int | None = None, top: int = TOP, day: date | None = None
) -> list[Candidate]:
    """The best people for an open vacancy within `radius_m` (the plan's) who look for work, agreed to be found by employers
    and did not apply; the best first. None where the vacancy is not open or has no point.

    A person whose own wish draws a smaller circle round home is left out.
    """
    on = day or timezone.localdate()
    radius = radius_m or near_radius_m(current_plan(), on)
    near = read_now(only=vacancy.pk)
    point = _point_of(vacancy)
    if not len(near.index) or radius is None or point is None:
        return []
    people = _consented(vacancy, Reach(*point, radius))
    if not people:
        return []
    homes = [person.home for person in people]
    result = near.index.batch(
        np.array([home.lat for home in homes if home]),
        np.array([home.lon for home in homes if home]),
        radius,
        1,
        day=on,
        limits=Limits(working_age_min=working_age_min(current_plan(), on)),
        **seeker_columns(near, [(person, person.wish) for person in people], on),
    )
    fitting = [
        row for row in range(len(people)) if result.found[row] and _reaches(people[row], result.distances_m[row, 0])
    ]
    fitting.sort(key=lambda row: (-result.scores[row, 0], result.distances_m[row, 0], people[row].pk))
    names = _occupation_names(people[row].wish for row in fitting[:top])
    return [
        _candidate(people[row], float(result.distances_m[row, 0]), float(result.scores[row, 0]), names)
        for row in fitting[:top]
    ]


def _point_of(vacancy: Vacancy) -> tuple[float, float] | None:
    address, area = vacancy.workplace.address, vacancy.workplace.area
    for place in (address, area):
        if place is not None and place.lat is not None and place.lon is not None:
            return place.lat, place.lon
    return None


def _consented(vacancy: Vacancy, reach: Reach) -> list[Person]:
    given = {**reach.parameters(), "purpose": Purpose.FOUND_BY_EMPLOYERS.value, "vacancy": vacancy.pk}
    with connection.cursor() as cursor:
        cursor.execute(CONSENTED, given)
        ids = [pk for (pk,) in cursor.fetchall()]
    return list(Person.objects.filter(pk__in=ids).select_related("home", "wish").order_by("pk"))


def _reaches(person: Person, distance_m: float) -> bool:
    """Whether the place of work lies within the radius that the person themselves draws."""
    wish: JobWish = person.wish
    return not wish.radius_m or distance_m <= wish.radius_m


def _occupation_names(wishes: Any) -> dict[str, str]:
    codes = {code for wish in wishes for code in wish.occupations}
    return dict(Occupation.objects.filter(code__in=codes).order_by("code").values_list("code", "name"))


def _candidate(person: Person, distance_m: float, score: float, names: dict[str, str]) -> Candidate:
    wish: JobWish = person.wish
    return Candidate(
        person_id=person.pk,
        within_m=max(1, -int(-distance_m // SHOWN_TO_M)) * SHOWN_TO_M,
        score=score,
        occupations=[names[code] for code in wish.occupations if code in names],
        skills=list(wish.skills),
        licences=list(wish.licences),
        schooling=str(wish.get_schooling_display()) if wish.schooling is not None else "",
        wage_min_fen=wish.wage_min_fen,
        shifts=list(wish.shifts),
    )
