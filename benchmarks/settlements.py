"""Vacancies and residents as people live: a city, its towns and villages, and one square kilometre with 20,000 vacancies.

The land is that of a prefecture, 1.2° by 1.4° (some 133 km by 133 km). Plainly synthetic; the same numbers for the same count.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians
from typing import Any

import numpy as np
from numpy.typing import NDArray

SOUTH, WEST, HEIGHT, WIDTH = 31.1, 115.8, 1.2, 1.4
TOWNS, VILLAGES = 160, 2400
DENSE_KM2 = (31.75, 116.52)
DENSE_COUNT = 20_000
KM_DEGREES = 1 / 111.195
OCCUPATIONS = 400
OPEN_FROM = 738_000


@dataclass(frozen=True)
class Places:
    """Points in degrees."""

    lat: NDArray[np.float64]
    lon: NDArray[np.float64]


def settlements(count: int, seed: int, *, dense: int) -> Places:
    """`count` points: 45 in 100 in towns whose sizes fall as 1/rank, 45 in villages, 10 scattered; `dense` of them on one km²."""
    chance = np.random.default_rng(2022)  # where the places are is the same for vacancies and residents
    towns = chance.uniform((SOUTH, WEST), (SOUTH + HEIGHT, WEST + WIDTH), (TOWNS, 2))
    towns[0] = DENSE_KM2
    villages = chance.uniform((SOUTH, WEST), (SOUTH + HEIGHT, WEST + WIDTH), (VILLAGES, 2))
    chance = np.random.default_rng(seed)
    sizes = 1 / np.arange(1, TOWNS + 1)
    rest = count - dense
    in_town = towns[chance.choice(TOWNS, int(rest * 0.45), p=sizes / sizes.sum())]
    in_village = villages[chance.integers(0, VILLAGES, int(rest * 0.45))]
    scattered = chance.uniform(
        (SOUTH, WEST), (SOUTH + HEIGHT, WEST + WIDTH), (rest - len(in_town) - len(in_village), 2)
    )
    spread = np.concatenate([np.full(len(in_town), 1.5), np.full(len(in_village), 0.35), np.zeros(len(scattered))])
    points = np.concatenate([in_town, in_village, scattered])
    stretch = KM_DEGREES / np.array([1.0, cos(radians(DENSE_KM2[0]))])
    points = points + chance.normal(0, 1, points.shape) * spread[:, None] * stretch
    square = np.array(DENSE_KM2) + chance.uniform(-0.5, 0.5, (dense, 2)) * stretch
    points = np.round(np.concatenate([points, square]), 6)
    points = points[chance.permutation(len(points))]
    return Places(points[:, 0].copy(), points[:, 1].copy())


def vacancy_attributes(count: int) -> dict[str, NDArray[Any]]:
    """Attributes in the engine's columns."""
    chance = np.random.default_rng(31)
    low = chance.integers(17, 60, count) * 10_000
    groups, kinds = chance.integers(1, 7, OCCUPATIONS), chance.integers(1, 20, OCCUPATIONS)
    codes = (
        groups * 1_000_000
        + kinds * 10_000
        + chance.integers(1, 9, OCCUPATIONS) * 100
        + chance.integers(1, 9, OCCUPATIONS)
    )
    return {
        "occupation": codes[(OCCUPATIONS * chance.random(count) ** 2).astype(int)],
        "wage_fen_min": low,
        "wage_fen_max": low + chance.integers(0, 30, count) * 10_000,
        "schooling_min": chance.choice(6, count, p=[0.4, 0.25, 0.15, 0.1, 0.07, 0.03]),
        "shifts": chance.integers(1, 8, count),
        "hours_per_week": chance.choice([20, 40, 44, 48], count),
        "headcount_left": chance.integers(0, 6, count),
        "licences": np.where(chance.random(count) < 0.1, 1 << chance.integers(0, 12, count), 0).astype(np.uint64),
        "skills": (np.uint64(1) << chance.integers(0, 40, count).astype(np.uint64)) | np.uint64(1),
        "welcomes_priority": chance.integers(0, 2, count),
        "open_until": OPEN_FROM + chance.integers(-10, 90, count),
    }


def seeker_attributes(count: int) -> dict[str, NDArray[Any]]:
    """The same for people."""
    chance = np.random.default_rng(41)
    codes = vacancy_attributes(4096)["occupation"]
    return {
        "occupations": codes[chance.integers(0, len(codes), (count, 2))],
        "wage_fen": chance.integers(18, 70, count) * 10_000,
        "schooling": chance.choice(6, count, p=[0.1, 0.3, 0.25, 0.15, 0.15, 0.05]),
        "shifts": chance.integers(1, 8, count),
        "hours": chance.choice([0, 20, 40, 44], count),
        "licences": np.where(chance.random(count) < 0.2, 1 << chance.integers(0, 12, count), 0).astype(np.uint64),
        "skills": (np.uint64(1) << chance.integers(0, 40, count).astype(np.uint64)),
    }
