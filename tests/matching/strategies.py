"""Vacancies and questions anywhere on the earth, with what goes wrong in preference: poles, the antimeridian, one point, the rim."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.matching.oracle import Vacancy, distance_m

DAY = 738_000
CODES = [0, 4_020_103, 4_020_104, 4_020_200, 4_030_101, 4_000_000, 4_020_000, 6_180_101, 1_010_001]
ANCHORS = [
    (90.0, 0.0), (-90.0, 33.0), (89.9999, -120.0), (0.0, 180.0), (0.0, -180.0), (31.7, 179.9999), (31.7, -179.9999),
    (31.75, 116.52), (31.7501, 116.5201), (0.0, 0.0), (-0.0, -0.0), (-89.9999, 60.0), (31.75, 116.58),
]  # fmt: skip
offsets = st.sampled_from([0.0, 1e-9, -1e-7, 1e-5, 3e-4, -0.004, 0.03, 0.5])


@st.composite
def points(draw: st.DrawFn) -> tuple[float, float]:
    """Mostly near one another, sometimes anywhere."""
    if draw(st.integers(0, 5)) == 0:
        return draw(st.floats(-90, 90)), draw(st.floats(-180, 180))
    lat, lon = draw(st.sampled_from(ANCHORS))
    lat, lon = lat + draw(offsets), lon + draw(offsets)
    lon = lon - 360 if lon > 180 else lon + 360 if lon < -180 else lon
    return max(-90.0, min(90.0, lat)), lon


attributes = st.fixed_dictionaries(
    {},
    optional={
        "occupation": st.sampled_from(CODES),
        "wage_fen_min": st.sampled_from([0, 150_000, 300_000, 300_001]),
        "wage_fen_max": st.sampled_from([0, 300_001, 450_000]),
        "schooling_min": st.integers(0, 3),
        "shifts": st.integers(0, 7),
        "form": st.integers(0, 4),
        "hours_per_week": st.sampled_from([0, 8, 20, 40.5, 44]),
        "headcount_left": st.integers(0, 2),
        "licences": st.sampled_from([0, 1, 3, 2**63]),
        "skills": st.sampled_from([0, 1, 6, 2**63 + 1]),
        "welcomes_priority": st.integers(0, 1),
        "open_until": st.sampled_from([DAY - 1, DAY, DAY + 1, 2**31 - 1]),
        "legal_age_min": st.sampled_from([0, 18]),
        "legal_age_max": st.sampled_from([60, 255]),
    },
)
seekers = st.fixed_dictionaries(
    {},
    optional={
        "occupations": st.lists(st.sampled_from(CODES), max_size=3).map(tuple),
        "wage_fen": st.sampled_from([0, 300_000, 333_333]),
        "schooling": st.integers(0, 3),
        "shifts": st.integers(0, 7),
        "forms": st.sampled_from([0, 2, 6, 30]),
        "hours": st.sampled_from([0, 20, 40]),
        "licences": st.sampled_from([0, 1, 2**63 + 1]),
        "skills": st.sampled_from([0, 1, 4, 2**63]),
        "age": st.sampled_from([16, 18, 60, 61]),
    },
)
filters = st.fixed_dictionaries(
    {},
    optional={
        "occupations": st.lists(st.sampled_from(CODES[1:]), max_size=2).map(tuple),
        "wage_fen_min": st.sampled_from([0, 300_001]),
        "forms": st.sampled_from([0, 1, 6]),
        "welcomes_priority": st.booleans(),
    },
)


@st.composite
def worlds(draw: st.DrawFn) -> list[Vacancy]:
    """A few vacancies, and sometimes a crowd at one point that differs in nothing but the id."""
    pairs = draw(st.lists(st.tuples(points(), attributes), max_size=25))
    if pairs and draw(st.booleans()):
        pairs += [draw(st.sampled_from(pairs))] * draw(st.integers(120, 300))
    ids = draw(st.permutations(range(-3, len(pairs) - 3)))
    return [Vacancy(number, *point, settled(columns)) for number, (point, columns) in zip(ids, pairs, strict=True)]


def settled(columns: dict[str, Any]) -> dict[str, Any]:
    """Wages the right way round."""
    low, high = columns.get("wage_fen_min", 0), columns.get("wage_fen_max", 0)
    return {**columns, "wage_fen_max": max(low, high)} if high else columns


@st.composite
def radii(draw: st.DrawFn, here: tuple[float, float], world: list[Vacancy]) -> float:
    """Usual, extreme, or exactly the distance to one of the vacancies."""
    usual = [0.0, 1e-3, 25.0, 500.0, 3000.0, 25_000.0, 1e6, 1.9e7, 3e7]
    exact = [distance_m(*here, vacancy.lat, vacancy.lon) for vacancy in world[:25]]
    return draw(st.sampled_from([*usual, *exact]))
