"""The search, compiled: which units are in reach, in which order to look at them, and the best of what they hold.

Exact: chords of 32-bit points and bounds of units only save work. Whatever they cannot decide is decided by `distance_between`.
"""

from __future__ import annotations

from math import asin, cos, pi, sin, sqrt
from typing import Any, Final, NamedTuple

import numpy as np
from numba.np.unsafe import ndarray as compiler
from numpy.typing import NDArray

from jiujin.matching.compiled import compiled, compiled_loop
from jiujin.matching.earth import DEGREE, ROUNDING, chord_of, columns_in, distance_between, grid_row
from jiujin.matching.fit import (
    Codes,
    all_pass,
    distance_part,
    hours_part,
    is_wanted,
    occupation_part,
    passes,
    prepare_filters,
    rough_rest,
    skills_part,
    unit_rest,
    wage_part,
)
from jiujin.matching.layout import ANSWER, REACHED, WISHES_MAX, Grid
from jiujin.matching.order import offer, place_of, put_in_order, start_of
from jiujin.values.datum import EARTH_RADIUS_M

to_tuple: Any = compiler.to_fixed_tuple
BUCKETS: Final = 64
SLACK: Final = 1e-9  # sums of five products are this exact many times over
PADDING_DEGREES: Final = 1e-6
NOT_YET: Final = np.uint8(2)
CHANGED: Final = -1  # stands for the unsorted slots where a unit is named


class Question(NamedTuple):
    """What is asked of all people alike. `masked`: not all that lives may be shown, so that counts of units do not hold."""

    radius_m: float
    top: int
    counting: bool
    masked: bool
    day: int
    sieve: NDArray[np.void]  # one record of SIEVE
    narrowed: bool  # to the prefixes or a wage
    prefixes: Codes
    prefix_levels: Codes
    weights: tuple[float, ...]


class People(NamedTuple):
    """Who asks: records of PERSON, and each one's wished occupations with their levels (0 ends the list)."""

    records: NDArray[np.void]
    wishes: NDArray[np.uint32]
    levels: NDArray[np.int32]


class Told(NamedTuple):
    """What has been reckoned for one person: whether each ask lets them pass (or NOT_YET), and how near each occupation is
    (below 0: not yet).
    """

    passing: NDArray[np.uint8]
    closeness: NDArray[np.float64]


class Answers(NamedTuple):
    """A line a person: how many answers and how many within reach; then the answers, records of ANSWER, and their parts."""

    found: NDArray[np.int64]
    within: NDArray[np.int64]
    best: NDArray[np.void]
    parts: NDArray[np.float32]


@compiled_loop
def rank_people(
    grid: Grid, slots_end: int, tie_order: NDArray[np.int32], people: People, question: Question, out: Answers
) -> None:
    """Answer each person; `slots_end` is the end of the slots in use, `tie_order` the slots of alike units in the day's order."""
    heap = np.empty(question.top + 2, ANSWER)
    reach = np.empty(len(grid.units) + 1, REACHED)
    edges = np.zeros(BUCKETS + 1, np.int64)
    told = Told(np.empty(len(grid.asks), np.uint8), np.empty(len(grid.codes), np.float64))
    plain = not question.masked and not question.narrowed
    for nth in range(len(people.records)):
        person = people.records[nth]
        wishes = to_tuple(people.wishes[nth], WISHES_MAX)
        levels = to_tuple(people.levels[nth], WISHES_MAX)
        prepare(person, question.day)
        prepare_filters(person, question.sieve[0])
        told.passing[:] = NOT_YET
        told.closeness[:] = -1
        count = units_in_reach(grid, person, wishes, levels, question, reach)
        best_first(reach, count, edges)
        if slots_end > grid.sorted_rows:  # what changed comes last, and whole
            reach[count].bound, reach[count].unit, reach[count].inside, reach[count].order = 1.0, CHANGED, 0, count
            count += 1
        size = within = nth - nth  # a literal 0 would be a type of its own, and all below be compiled twice
        for place in range(count):
            reached = reach[reach[place].order]
            hopeful = question.top > 0 and (size < question.top or reached.bound + SLACK >= heap[0].score)
            if not (hopeful or question.counting):
                continue
            if plain and not hopeful and reached.inside and all_pass(grid.units[reached.unit], person):
                within += grid.units[reached.unit].alive
            else:
                size, more = search_unit(
                    grid, slots_end, tie_order, reached, hopeful, person, wishes, levels, question, told, heap, size
                )
                within += more
        out.found[nth], out.within[nth] = size, within
        put_in_order(heap, size)
        write_answers(grid, person, wishes, levels, question.radius_m, heap, size, out.best[nth], out.parts[nth])


@compiled
def prepare(person: Any, day: int) -> None:
    """Fill in what is reckoned once a person."""
    phi, theta = person.lat * DEGREE, person.lon * DEGREE
    person.cos_lat = cos(phi)
    person.x, person.y, person.z = cos(phi) * cos(theta), cos(phi) * sin(theta), sin(phi)
    person.per_wage = 1 / person.wage_fen if person.wage_fen > 0 else 0.0
    person.per_hours = 1 / person.hours if person.hours > 0 else 0.0
    person.start = start_of(person.key, day)


@compiled
def units_in_reach(
    grid: Grid,
    person: Any,
    wishes: Codes,
    levels: Codes,
    question: Question,
    reach: NDArray[np.void],
) -> int:
    """Collect the units that a circle on the sphere can touch: latitude row by row, its columns found by bisection."""
    turn = min(question.radius_m / EARTH_RADIUS_M, pi) / DEGREE + PADDING_DEGREES
    first = max(grid_row(max(person.lat - turn, -90.0)), grid.first_row)
    last = min(grid_row(min(person.lat + turn, 90.0)), grid.first_row + len(grid.row_first) - 2)
    pole = abs(person.lat) + turn >= 90
    half = 180.0 if pole else asin(min(1.0, sin(turn * DEGREE) / person.cos_lat)) / DEGREE + PADDING_DEGREES
    chord_max = chord_of(question.radius_m)
    count = first - first  # no literal
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
            count = take_units(grid, start, end, low, high, person, wishes, levels, question, chord_max, reach, count)
    return count


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
    question: Question,
    chord_max: float,
    reach: NDArray[np.void],
    count: int,
) -> int:
    """Add the units of one row between two columns whose sphere touches the circle."""
    weights = question.weights
    per_radius = 1 / question.radius_m if question.radius_m > 0 else 0.0
    low, high = start, end
    while low < high:
        middle = (low + high) // 2
        if grid.units[middle].column < west:
            low = middle + 1
        else:
            high = middle
    while low < end and grid.units[low].column <= east:
        unit = grid.units[low]
        dx, dy, dz = unit.x - person.x, unit.y - person.y, unit.z - person.z
        chord = sqrt(dx * dx + dy * dy + dz * dz)
        nearest = chord - unit.spread
        if nearest <= chord_max + ROUNDING and unit.alive > 0:
            nearest_m = min(max(0.0, nearest - ROUNDING) * EARTH_RADIUS_M, question.radius_m)
            rest = unit_rest(unit, person, wishes, levels, weights)
            reached = reach[count]
            reached.unit = low
            reached.inside = chord + unit.spread <= chord_max - ROUNDING
            reached.bound = weights[0] * (1 - nearest_m * per_radius) + rest
            count += 1
        low += 1
    return count


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


@compiled
def search_unit(
    grid: Grid,
    slots_end: int,
    tie_order: NDArray[np.int32],
    reached: Any,
    hopeful: bool,
    person: Any,
    wishes: Codes,
    levels: Codes,
    question: Question,
    told: Told,
    heap: NDArray[np.void],
    size: int,
) -> tuple[int, int]:
    """Look through a unit; the heap's size, and how many are within and pass.

    Where its vacancies are alike, one tells for all, and only the first in the day's order are looked at.
    """
    start, end, alike, alive = grid.sorted_rows, slots_end, False, 0
    if reached.unit != CHANGED:
        unit = grid.units[reached.unit]
        start, end, alike, alive = unit.start, unit.end, unit.alike == 1 and not question.masked, unit.alive
    length = end - start
    begin = first_in_order(grid, tie_order, start, end, person, question.day) - start if alike else 0
    within = 0
    for step in range(length if alike else 1):
        low, high = start, end
        if alike:
            low = int(tie_order[start + (begin + step) % length])
            high = low + 1
            if not grid.alive[low]:
                continue
        size, more, taken = search_slots(
            grid, low, high, reached.inside == 1, hopeful, person, wishes, levels, question, told, heap, size
        )
        within += more
        if alike and (more == 0 or taken == 0 or within == question.top):
            return size, alive if within else 0
    return size, within


@compiled
def first_in_order(grid: Grid, tie_order: NDArray[np.int32], low: int, high: int, person: Any, day: int) -> int:
    """Where on the day's circle of a unit of alike vacancies the person starts."""
    while low < high:
        middle = (low + high) // 2
        if place_of(grid.ids[tie_order[middle]], day) < person.start:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def search_slots(
    grid: Grid,
    start: int,
    end: int,
    inside: bool,
    hopeful: bool,
    person: Any,
    wishes: Codes,
    levels: Codes,
    question: Question,
    told: Told,
    heap: NDArray[np.void],
    size: int,
) -> tuple[int, int, int]:
    """Look at slots one by one; the heap's size, how many are within and pass, how many were taken."""
    radius_m, top, weights = question.radius_m, question.top, question.weights
    wage_floor_fen = question.sieve[0].wage_fen_min
    chord_max = chord_of(radius_m)
    sure_2 = max(0.0, chord_max - ROUNDING) ** 2
    never_2 = (chord_max + ROUNDING) ** 2
    per_radius = 1 / radius_m if radius_m > 0 else 0.0
    alive, points, terms, offers, asks = grid.alive, grid.points, grid.terms, grid.offers, grid.asks
    spots, ids = grid.spots, grid.ids
    passing, closeness = told.passing, told.closeness
    counting, narrowed, open_day = question.counting, question.narrowed, person.open_day
    x, y, z = person.x, person.y, person.z
    within, taken = 0, 0
    for slot in range(start, end):
        beaten, chord_2 = not hopeful, 0.0
        if hopeful or not inside:
            dx, dy, dz = points[slot, 0] - x, points[slot, 1] - y, points[slot, 2] - z
            chord_2 = dx * dx + dy * dy + dz * dz
            if chord_2 > never_2:
                continue
        if hopeful:
            vacancy = offers[slot]
            if closeness[vacancy.code] < 0:
                closeness[vacancy.code] = occupation_part(vacancy.occupation, wishes, levels)
            if size == top:
                least_m = min(max(0.0, sqrt(chord_2) - ROUNDING) * EARTH_RADIUS_M, radius_m)
                rest = rough_rest(vacancy, person, closeness[vacancy.code], weights)
                beaten = weights[0] * (1 - least_m * per_radius) + rest + SLACK < heap[0].score
        if beaten and not counting:
            continue
        term = terms[slot]
        if passing[term.ask] == NOT_YET:
            passing[term.ask] = passes(asks[term.ask], person)
        if not (alive[slot] & passing[term.ask] & (term.open_until >= open_day)):
            continue
        if narrowed and not is_wanted(offers[slot], wage_floor_fen, question.prefixes, question.prefix_levels):
            continue
        if beaten and (inside or chord_2 < sure_2):
            within += 1
            continue
        spot = spots[slot]
        distance_m = distance_between(person.lat, person.lon, person.cos_lat, spot.lat, spot.lon, spot.cos_lat)
        if distance_m > radius_m:
            continue
        within += 1
        if beaten:
            continue
        vacancy, answer = offers[slot], heap[size]
        answer.score = (
            weights[0] * distance_part(distance_m, radius_m)
            + weights[1] * closeness[vacancy.code]
            + weights[2] * wage_part(vacancy.wage_fen_min, vacancy.wage_fen_max, person.wage_fen)
            + weights[3] * skills_part(vacancy.skills, person.skills, person.knows_skills)
            + weights[4] * hours_part(vacancy.hours_per_week, person.hours)
        )
        answer.distance_m, answer.id, answer.slot = distance_m, ids[slot], slot
        answer.turn = place_of(ids[slot], question.day) - person.start
        gvacancyn = offer(heap, size, top)
        if gvacancyn >= 0:
            size = gvacancyn
            taken += 1
    return size, within, taken


@compiled
def write_answers(
    grid: Grid,
    person: Any,
    wishes: Codes,
    levels: Codes,
    radius_m: float,
    heap: NDArray[np.void],
    size: int,
    best: NDArray[np.void],
    parts: NDArray[np.float32],
) -> None:
    """Write the answers, best first, each with its parts."""
    for rank in range(size):
        offer = grid.offers[heap[rank].slot]
        best[rank] = heap[rank]
        parts[rank, 0] = distance_part(heap[rank].distance_m, radius_m)
        parts[rank, 1] = occupation_part(offer.occupation, wishes, levels)
        parts[rank, 2] = wage_part(offer.wage_fen_min, offer.wage_fen_max, person.wage_fen)
        parts[rank, 3] = skills_part(offer.skills, person.skills, person.knows_skills)
        parts[rank, 4] = hours_part(offer.hours_per_week, person.hours)
