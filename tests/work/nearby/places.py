"""Vacancies and people at chosen points."""

from __future__ import annotations

from itertools import count
from math import cos, radians
from typing import Any

from jiujin.registry.models import Address, Person
from jiujin.values.datum import EARTH_RADIUS_M
from jiujin.work.models import Occupation, Vacancy
from tests.registry.factories import make_person
from tests.work.factories import LAST_DAY, make_vacancy, make_workplace

HERE = (31.75, 116.52)
METRES_A_DEGREE = radians(1) * EARTH_RADIUS_M
DAY = LAST_DAY.replace(day=1)
_numbers = count(1)


def north_of(metres: float, east: float = 0.0) -> tuple[float, float]:
    """The point so many metres north (and east) of HERE."""
    lat = HERE[0] + metres / METRES_A_DEGREE
    return lat, HERE[1] + east / METRES_A_DEGREE / cos(radians(HERE[0]))


def make_address(point: tuple[float, float], **given: Any) -> Address:
    """An address at a point that somebody picked."""
    usual = {"text": f"测试路{next(_numbers)}号", "point_source": "picked", "came_as": "wgs84", "is_synthetic": True}
    return Address.objects.create(lat=point[0], lon=point[1], **{**usual, **given})


def vacancy_at(metres: float = 0.0, **given: Any) -> Vacancy:
    """An open vacancy so far north of HERE."""
    if "workplace" not in given:
        given["workplace"] = make_workplace(address=make_address(north_of(metres)))
    return make_vacancy(**given)


def person_at(metres: float = 0.0, **given: Any) -> Person:
    """A person whose home is so far north of HERE."""
    return make_person(home=make_address(north_of(metres)), **given)


def make_occupation(code: str, name: str = "") -> Occupation:
    """An occupation of 7 digits with those above it."""
    parent = make_occupation(code[: {7: 5, 5: 3, 3: 1}[len(code)]]) if len(code) > 1 else None
    occupation, _ = Occupation.objects.get_or_create(
        code=code, defaults={"name": name or f"职业{code}", "parent": parent}
    )
    return occupation
