"""Invented places for a demonstration: a middle for each area inside the district's outline, and points about it.

Nothing here says where a place really is; every area that gets a middle is marked so (`Area.point_is_invented`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import cos, hypot, radians
from random import Random

from django.db import connection

from jiujin.core.bulk import copy_rows, reserve_ids
from jiujin.plan import Plan
from jiujin.plan.models import Area as PlanArea
from jiujin.plan.outline import Outline, read_outline
from jiujin.registry.models import Address, PointSource
from jiujin.values.datum import EARTH_RADIUS_M

METRES_A_DEGREE = radians(1) * EARTH_RADIUS_M
URBAN_NAME_END = "街道"
CANDIDATES, TRIES_MAX = 40, 200
URBAN_RING_M, URBAN_SPREAD_M, RURAL_SPREAD_M = 1500.0, 500.0, 2200.0
HOMES_SPREAD_M = {True: 220.0, False: 450.0}  # urban or not
URBAN_WEIGHT = 4  # so many times as many people and firms as elsewhere
DECIMALS = 6  # a decimetre
SQUARE_DEGREES = 0.3  # the square that a pack without an outline gets
Point = tuple[float, float]


@dataclass(frozen=True)
class DemoPlace:
    """An address before it has a row."""

    text: str
    lat: float
    lon: float
    source: str
    is_rough: bool


class DemoPlaces:
    """Where everything of a demo district is; one plan and seed always give the same middles."""

    def __init__(self, *, plan: Plan, seed: int) -> None:
        self.plan = plan
        self.seed = seed
        self.outline = read_outline(plan.id) or _square()

    @cached_property
    def urban_towns(self) -> list[str]:
        """The towns of the built-up middle."""
        named = [area.code for area in self._towns if area.name.endswith(URBAN_NAME_END)]
        return named or [area.code for area in self._towns[:1]]

    @cached_property
    def _towns(self) -> list[PlanArea]:
        return [area for area in self.plan.areas.values() if area.level == "township"]

    def is_urban(self, area_code: str) -> bool:
        """Whether an area lies in the built-up middle."""
        return any(area_code.startswith(code) for code in self.urban_towns)

    @cached_property
    def middles(self) -> dict[str, Point]:
        """The invented middle of every township and community: latitude, longitude."""
        pick = Random(f"{self.seed}/places")
        centre = self._centre()
        sites: dict[str, Point] = {}
        for town in self._towns:
            urban = self.is_urban(town.code)
            sites[town.code] = self._near(pick, centre, URBAN_RING_M) if urban else self._apart(pick, centre, sites)
        for area in self.plan.areas.values():
            if area.level == "community":
                town = sites.get(area.parent_code, centre)
                spread = URBAN_SPREAD_M if self.is_urban(area.code) else RURAL_SPREAD_M
                sites[area.code] = self._near(pick, town, spread)
        return sites

    def communities(self, *, urban_more: bool) -> tuple[list[str], list[int]]:
        """The communities (or all areas, where the pack has none), and how often each is to be drawn."""
        codes = [area.code for area in self.plan.areas.values() if area.level == "community"] or list(self.plan.areas)
        return codes, [URBAN_WEIGHT if urban_more and self.is_urban(code) else 1 for code in codes]

    def about(self, pick: Random, area_code: str, *, spread_m: float | None = None) -> Point:
        """A point about an area's middle, inside the outline."""
        spread = spread_m or HOMES_SPREAD_M[self.is_urban(area_code)]
        return self._near(pick, self.middles.get(area_code) or self._centre(), spread)

    def _centre(self) -> Point:
        """A point well inside: the middle of the longest stretch of the outline's middle parallel."""
        south, west, north, east = self.outline.bounds()
        lat = (south + north) / 2
        inside = [lon for lon in _steps(west, east) if self.outline.contains(lat, lon)]
        return lat, inside[len(inside) // 2] if inside else (west + east) / 2

    def _apart(self, pick: Random, centre: Point, sites: dict[str, Point]) -> Point:
        """A point inside the outline that is far from those there are."""
        taken = [centre, *sites.values()]
        candidates = [self._anywhere(pick) for _ in range(CANDIDATES)]
        return max(candidates, key=lambda point: min(_apart_degrees(point, other) for other in taken))

    def _anywhere(self, pick: Random) -> Point:
        south, west, north, east = self.outline.bounds()
        for _ in range(TRIES_MAX):
            lat, lon = pick.uniform(south, north), pick.uniform(west, east)
            if self.outline.contains(lat, lon):
                return _rounded(lat, lon)
        return self._centre()

    def _near(self, pick: Random, middle: Point, spread_m: float) -> Point:
        """A point about another, closer more often than far; the other itself where the outline leaves no room."""
        for _ in range(TRIES_MAX):
            lat = middle[0] + pick.gauss(0, spread_m) / METRES_A_DEGREE
            lon = middle[1] + pick.gauss(0, spread_m) / METRES_A_DEGREE / cos(radians(middle[0]))
            if self.outline.contains(lat, lon):
                return _rounded(lat, lon)
        return middle


def set_invented_middles(places: DemoPlaces) -> None:
    """Give each area without a middle an invented one."""
    rows = [(code, *point) for code, point in places.middles.items()]
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE registry_area SET lat = %s, lon = %s, point_is_invented = TRUE WHERE code = %s AND lat IS NULL",
            [(lat, lon, code) for code, lat, lon in rows],
        )


def clear_invented_middles() -> None:
    """Take the invented middles away again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE registry_area SET lat = NULL, lon = NULL, point_is_invented = FALSE WHERE point_is_invented"
        )


def add_addresses(places: Sequence[DemoPlace | None]) -> list[int | None]:
    """Add addresses inside the caller's transaction; gives their ids in order, None where there is no place."""
    ids: Iterator[int] = iter(reserve_ids(Address, sum(place is not None for place in places)))
    given = [None if place is None else next(ids) for place in places]
    copy_rows(
        Address,
        ("id", "text", "lat", "lon", "point_source", "came_as", "is_rough", "is_synthetic"),
        (
            (pk, place.text, place.lat, place.lon, place.source, "wgs84", place.is_rough, True)
            for pk, place in zip(given, places, strict=True)
            if place is not None
        ),
    )
    return given


def demo_place(places: DemoPlaces, pick: Random, area_code: str, *, rough_share: float = 0.0) -> DemoPlace:
    """An invented address in an area; some know only the community."""
    text = f"演示路{pick.randrange(1, 400)}号"
    if pick.random() < rough_share and area_code in places.middles:
        return DemoPlace(text, *places.middles[area_code], PointSource.COMMUNITY.value, True)
    return DemoPlace(text, *places.about(pick, area_code), PointSource.PICKED.value, False)


def _apart_degrees(one: Point, other: Point) -> float:
    return hypot(one[0] - other[0], (one[1] - other[1]) * cos(radians(one[0])))


def _steps(low: float, high: float) -> list[float]:
    return [low + (high - low) * step / CANDIDATES for step in range(CANDIDATES + 1)]


def _rounded(lat: float, lon: float) -> Point:
    return round(lat, DECIMALS), round(lon, DECIMALS)


def _square() -> Outline:
    side = SQUARE_DEGREES
    return Outline(
        (((116.0, 31.0), (116.0 + side, 31.0), (116.0 + side, 31.0 + side), (116.0, 31.0 + side), (116.0, 31.0)),),
        "",
        "",
    )
