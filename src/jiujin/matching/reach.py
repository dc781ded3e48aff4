"""Which units a circle on the sphere touches, and in which order to look at them, compiled."""

from __future__ import annotations

from math import asin, pi, sin, sqrt
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from jiujin.matching.compiled import compiled
from jiujin.matching.earth import DEGREE, ROUNDING, chord_of, columns_in, grid_row
from jiujin.matching.fit import Codes, peak_rest
from jiujin.matching.layout import BLOCK_ROWS_MAX, Grid
from jiujin.values.datum import EARTH_RADIUS_M

BUCKETS: Final = 64
PADDING_DEGREES: Final = 1e-6


class Circle(NamedTuple):
    """A radius as the kernel needs it: its chord, the squares of chords that are certainly in and certainly out, its inverse."""

    radius_m: float
    chord: float
    sure_2: float
    never_2: float
    per_radius: float


@compiled
def circle_of(radius_m: float) -> Circle:
    """The circle of a radius, 0 included."""
    chord = chord_of(radius_m)
    per_radius = 1 / radius_m if radius_m > 0 else 0.0
    return Circle(radius_m, chord, max(0.0, chord - ROUNDING) ** 2, (chord + ROUNDING) ** 2, per_radius)


@compiled
def units_in_reach(
    grid: Grid,
    slots_end: int,
    person: Any,
    wishes: Codes,
    levels: Codes,
    weights: Any,
    circle: Circle,
    reach: NDArray[np.void],
) -> tuple[int, int]:
    """Collect the units that the circle touches, latitude row by row, its columns found by bisection; then what changed since.
    How many units, and how many slots they have.
    """
    turn = min(circle.radius_m / EARTH_RADIUS_M, pi) / DEGREE + PADDING_DEGREES
    first = max(grid_row(max(person.lat - turn, -90.0)), grid.first_row)
    last = min(grid_row(min(person.lat + turn, 90.0)), grid.first_row + len(grid.row_first) - 2)
    pole = abs(person.lat) + turn >= 90
    half = 180.0 if pole else asin(min(1.0, sin(turn * DEGREE) / person.cos_lat)) / DEGREE + PADDING_DEGREES
    count = rows = first - first  # no literal
    for row in range(first, last + 1):
        start, end = grid.row_first[row - grid.first_row], grid.row_first[row - grid.first_row + 1]
        if start == end:
            continue
        columns = columns_in(row)
        west = int(np.floor((person.lon - half + 180) / 360 * columns))
        east = int(np.floor((person.lon + half + 180) / 360 * columns))
        if east - west + 1 >= columns:
            west, east = 0, columns - 1
        # Over the antimeridian the stretch falls in two: the second time round, what lies beyond column 0 or the last.
        for turned in (0, columns, -columns):
            low, high = west + turned, east + turned
            if low >= columns or high < 0:
                continue
            count, rows = take_units(
                grid, start, end, low, high, person, wishes, levels, weights, circle, reach, count, rows
            )
    for start in range(grid.sorted_rows, slots_end, BLOCK_ROWS_MAX):
        reached = reach[count]
        reached.start, reached.end = start, min(start + BLOCK_ROWS_MAX, slots_end)
        reached.bound, reached.inside, reached.alike = 1.0, 0, 0
        count += 1
    return count, rows + slots_end - grid.sorted_rows


@compiled
def take_units(
    grid: Grid,
    start: int,
    end: int,
    west: int,
    east: int,
    person: Any,
    wishes: Codes,
    levels: Codes,
    weights: Any,
    circle: Circle,
    reach: NDArray[np.void],
    count: int,
    rows: int,
) -> tuple[int, int]:
    """Add the units of one row between two columns whose sphere touches the circle."""
    columns, shapes, peaks = grid.columns, grid.shapes, grid.peaks
    x, y, z = person.x, person.y, person.z
    low, high = start, end
    while low < high:
        middle = (low + high) // 2
        if columns[middle] < west:
            low = middle + 1
        else:
            high = middle
    for unit in range(low, end):
        if columns[unit] > east:
            break
        shape = shapes[unit]
        dx, dy, dz = shape.x - x, shape.y - y, shape.z - z
        chord = sqrt(dx * dx + dy * dy + dz * dz)
        nearest = chord - shape.spread
        if nearest <= circle.chord + ROUNDING and shape.alive > 0:
            nearest_m = min(max(0.0, nearest - ROUNDING) * EARTH_RADIUS_M, circle.radius_m)
            rest = peak_rest(peaks[unit], person, wishes, levels, weights)
            reached = reach[count]
            reached.start, reached.end, reached.alive, reached.alike = shape.start, shape.end, shape.alive, shape.alike
            reached.inside = chord + shape.spread <= circle.chord - ROUNDING
            reached.bound = weights[0] * (1 - nearest_m * circle.per_radius) + rest
            count += 1
            rows += shape.end - shape.start
    return count, rows


@compiled
def best_first(reach: NDArray[np.void], count: int, edges: NDArray[np.int64]) -> None:
    """Order the units by buckets of their bound, high to low; within a bucket by place, which keeps memory in order."""
    edges[:] = 0
    for nth in range(count):
        edges[bucket_of(reach[nth].bound) + 1] += 1
    for bucket in range(BUCKETS):
        edges[bucket + 1] += edges[bucket]
    for nth in range(count):
        bucket = bucket_of(reach[nth].bound)
        reach[edges[bucket]].order = nth
        edges[bucket] += 1


@compiled
def bucket_of(bound: float) -> int:
    """0 for the highest bounds."""
    return max(0, min(BUCKETS - 1, int((1 - bound) * BUCKETS)))
