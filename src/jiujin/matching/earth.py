"""Distance and cells on the sphere, compiled. The arithmetic of `distance_m` is that of jiujin.values.datum, operation by operation."""

from __future__ import annotations

from math import asin, cos, floor, pi, sin, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jiujin.matching.compiled import compiled, compiled_loop
from jiujin.matching.layout import ROWS_DEGREES
from jiujin.values.datum import EARTH_RADIUS_M

DEGREE: Final = pi / 180
ROUNDING: Final = 2.5e-7  # chords of points kept in 32 bits are this exact: four times the error of 2⁻²⁴, some 1.6 m


@compiled
def distance_between(lat1: float, lon1: float, cos1: float, lat2: float, lon2: float, cos2: float) -> float:
    """Great-circle metres; the cosines are of the latitudes."""
    across_lat = sin((lat2 - lat1) * DEGREE / 2)
    across_lon = sin((lon2 - lon1) * DEGREE / 2)
    half_chord_2 = across_lat * across_lat + cos1 * cos2 * (across_lon * across_lon)
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(half_chord_2)))


@compiled
def chord_of(radius_m: float) -> float:
    """The chord, on a sphere of radius 1, of an arc of so many metres."""
    return 2 * sin(min(radius_m / (2 * EARTH_RADIUS_M), pi / 2))


@compiled
def grid_row(lat: float) -> int:
    """The latitude row of a point."""
    return floor((lat + 90) / ROWS_DEGREES)


@compiled
def columns_in(row: int) -> int:
    """How many columns a latitude row has: cells about as wide as high at its wide side."""
    south = row * ROWS_DEGREES - 90
    north = south + ROWS_DEGREES
    widest = 0.0 if south <= 0 <= north else min(abs(south), abs(north))
    return max(1, int(360 / ROWS_DEGREES * cos(widest * DEGREE)))


@compiled
def grid_column(lon: float, columns: int) -> int:
    """The longitude column; 180° is -180°."""
    return floor((lon + 180) / 360 * columns) % columns


@compiled_loop
def locate(spots: NDArray[np.void], points: NDArray[np.float32], cells: NDArray[np.int64]) -> None:
    """Fill in the cosine, the unit vector and the cell (row × 2³² + column) of each spot."""
    for slot in range(len(spots)):
        spot = spots[slot]
        phi, theta = spot.lat * DEGREE, spot.lon * DEGREE
        spot.cos_lat = cos(phi)
        points[slot, 0] = cos(phi) * cos(theta)
        points[slot, 1] = cos(phi) * sin(theta)
        points[slot, 2] = sin(phi)
        row = grid_row(spot.lat)
        cells[slot] = (np.int64(row) << 32) + grid_column(spot.lon, columns_in(row))
