"""The search, compiled: which units are in reach, in which order to look at them, and the best of what they hold.

Exact: chords of 32-bit points and bounds of units only save work. Whatever they cannot decide is decided by `distance_between`.
"""

from __future__ import annotations

from math import asin, cos, floor, pi, sin, sqrt
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from jiujin.matching.compiled import compiled
from jiujin.matching.earth import (
    DEGREE,
    ROUNDING,
    chord_of,
    columns_in,
    distance_between,
    grid_row,
)
from jiujin.matching.fit import (
    distance_part,
    hours_part,
    occupation_part,
    passes,
    skills_part,
    unit_bound,
    wage_part,
)
from jiujin.matching.layout import Grid
from jiujin.matching.order import offer, place_of, put_in_order, start_of
from jiujin.values.datum import EARTH_RADIUS_M

BUCKETS: Final = 64
SLACK: Final = 1e-9  # sums of five products are this exact many times over
PADDING_DEGREES: Final = 1e-6


class Heap(NamedTuple):
    """The best answers so far."""

    scores: NDArray[np.float64]
    distances: NDArray[np.float64]
    turns: NDArray[np.uint64]
    ids: NDArray[np.int64]
    slots: NDArray[np.int32]


class Question(NamedTuple):
    """What is asked of all people alike."""

    radius_m: float
    top: int
    counting: bool
    day: int
    sieve: Any  # a record of SIEVE, as an array of one
    prefixes: NDArray[np.uint32]
    prefix_levels: NDArray[np.int32]
    weights: NDArray[np.float64]


class People(NamedTuple):
    """Who asks: records of PERSON, and each one's wished occupations with their levels (0 ends the list)."""

    records: NDArray[np.void]
    wishes: NDArray[np.uint32]
    levels: NDArray[np.int32]


class Answers(NamedTuple):
    """A line a person: how many answers, how many within reach, then per answer slot, distance, score and parts."""

    found: NDArray[np.int32]
    within: NDArray[np.int64]
    slots: NDArray[np.int32]
    distances: NDArray[np.float64]
    scores: NDArray[np.float64]
    parts: NDArray[np.float32]


class Reach(NamedTuple):
    """Scratch: the units in reach, the most they can score, whether they lie inside the radius whole, and the order to take them."""

    units: NDArray[np.int32]
    bounds: NDArray[np.float64]
    inside: NDArray[np.uint8]
    order: NDArray[np.int32]
    edges: NDArray[np.int32]


@compiled
def rank_people(
    grid: Grid, slots_end: int, tie_order: NDArray[np.int32], people: People, question: Question, out: Answers
) -> None:
    """Answer each person; `slots_end` is the end of the slots in use, `tie_order` the slots of alike units in the day's order."""
    heap = new_heap(question.top)
    room = len(grid.units)
    reach = Reach(
        np.empty(room, np.int32),
        np.empty(room, np.float64),
        np.empty(room, np.uint8),
        np.empty(room, np.int32),
        np.zeros(BUCKETS + 1, np.int32),
    )
    for nth in range(len(people.records)):
        person = people.records[nth]
        wishes, levels = people.wishes[nth], people.levels[nth]
        size, within = search_units(grid, tie_order, person, wishes, levels, question, reach, heap)
        size, more = search_slots(grid, grid.sorted_rows, slots_end, person, wishes, levels, question, heap, size)
        write_answers(grid, person, wishes, levels, question, heap, size, out, nth)
        out.within[nth] = within + more


@compiled
def rank_slots(grid: Grid, slots: NDArray[np.int32], people: People, question: Question, out: Answers) -> None:
    """Answer the first of the people from the given slots alone."""
    heap = new_heap(question.top)
    person, wishes, levels = people.records[0], people.wishes[0], people.levels[0]
    size, within = 0, 0
    for slot in slots:
        size, more = search_slots(grid, slot, slot + 1, person, wishes, levels, question, heap, size)
        within += more
    write_answers(grid, person, wishes, levels, question, heap, size, out, 0)
    out.within[0] = within


@compiled
def new_heap(top: int) -> Heap:
    """Room for `top` answers and one more."""
    return Heap(
        np.empty(top + 1, np.float64),
        np.empty(top + 1, np.float64),
        np.empty(top + 1, np.uint64),
        np.empty(top + 1, np.int64),
        np.empty(top + 1, np.int32),
    )


@compiled
def search_units(
    grid: Grid,
    tie_order: NDArray[np.int32],
    person: Any,
    wishes: NDArray[np.uint32],
    levels: NDArray[np.int32],
    question: Question,
    reach: Reach,
    heap: Heap,
) -> tuple[int, int]:
    """Look through the sorted part, the most promising units first; the heap's size and the count within."""
    count = units_in_reach(grid, person, wishes, levels, question, reach)
    best_first(reach, count)
    size, within = 0, 0
    for nth in range(count):
        place = reach.order[nth]
        hopeful = question.top > 0 and (size < question.top or reach.bounds[place] + SLACK >= heap.scores[0])
        if not hopeful and not question.counting:
            continue
        unit = grid.units[reach.units[place]]
        if unit.alike:
            size, more = search_alike(grid, tie_order, unit, person, wishes, levels, question, heap, size)
        elif hopeful or not reach.inside[place]:
            size, more = search_slots(grid, unit.start, unit.end, person, wishes, levels, question, heap, size)
        else:
            more = count_passing(grid, unit.start, unit.end, person, question)
        within += more
    return size, within


@compiled
def units_in_reach(
    grid: Grid, person: Any, wishes: NDArray[np.uint32], levels: NDArray[np.int32], question: Question, reach: Reach
) -> int:
    """Collect the units that a circle on the sphere can touch: latitude row by row, its columns found by bisection."""
    turn = min(question.radius_m / EARTH_RADIUS_M, pi) / DEGREE + PADDING_DEGREES
    first = max(grid_row(max(person.lat - turn, -90.0)), grid.first_row)
    last = min(grid_row(min(person.lat + turn, 90.0)), grid.first_row + len(grid.row_first) - 2)
    pole = abs(person.lat) + turn >= 90
    half = 180.0 if pole else asin(min(1.0, sin(turn * DEGREE) / cos(person.lat * DEGREE))) / DEGREE + PADDING_DEGREES
    count = 0
    for row in range(first, last + 1):
        start, end = grid.row_first[row - grid.first_row], grid.row_first[row - grid.first_row + 1]
        if start == end:
            continue
        columns = columns_in(row)
        west = floor((person.lon - half + 180) / 360 * columns)
        east = floor((person.lon + half + 180) / 360 * columns)
        if east - west + 1 >= columns:
            count = take_units(grid, start, end, 0, columns - 1, person, wishes, levels, question, reach, count)
            continue
        west, east = west % columns, east % columns
        if west <= east:
            count = take_units(grid, start, end, west, east, person, wishes, levels, question, reach, count)
        else:
            count = take_units(grid, start, end, 0, east, person, wishes, levels, question, reach, count)
            count = take_units(grid, start, end, west, columns - 1, person, wishes, levels, question, reach, count)
    return count


@compiled
def take_units(
    grid: Grid,
    start: int,
    end: int,
    west: int,
    east: int,
    person: Any,
    wishes: NDArray[np.uint32],
    levels: NDArray[np.int32],
    question: Question,
    reach: Reach,
    count: int,
) -> int:
    """Add the units of one row between two columns whose sphere touches the circle."""
    chord_max = chord_of(question.radius_m)
    phi, theta = person.lat * DEGREE, person.lon * DEGREE
    x, y, z = cos(phi) * cos(theta), cos(phi) * sin(theta), sin(phi)
    low, high = start, end
    while low < high:
        middle = (low + high) // 2
        if grid.columns[middle] < west:
            low = middle + 1
        else:
            high = middle
    while low < end and grid.columns[low] <= east:
        unit = grid.units[low]
        chord = sqrt((unit.x - x) ** 2 + (unit.y - y) ** 2 + (unit.z - z) ** 2)
        nearest = chord - unit.spread
        if nearest <= chord_max + ROUNDING and unit.alive > 0:
            nearest_m = max(0.0, nearest - ROUNDING) * EARTH_RADIUS_M
            reach.units[count] = low
            reach.inside[count] = chord + unit.spread <= chord_max - ROUNDING
            near = distance_part(min(nearest_m, question.radius_m), question.radius_m)
            reach.bounds[count] = question.weights[0] * near + unit_bound(
                unit, person, wishes, levels, question.weights
            )
            count += 1
        low += 1
    return count


@compiled
def best_first(reach: Reach, count: int) -> None:
    """Order the units by buckets of their bound, high to low; within a bucket by place, which keeps memory in order."""
    edges = reach.edges
    edges[:] = 0
    for nth in range(count):
        edges[bucket_of(reach.bounds[nth]) + 1] += 1
    for bucket in range(BUCKETS):
        edges[bucket + 1] += edges[bucket]
    for nth in range(count):
        bucket = bucket_of(reach.bounds[nth])
        reach.order[edges[bucket]] = nth
        edges[bucket] += 1


@compiled
def bucket_of(bound: float) -> int:
    """0 for the highest bounds."""
    return max(0, min(BUCKETS - 1, int((1 - bound) * BUCKETS)))


@compiled
def search_slots(
    grid: Grid,
    start: int,
    end: int,
    person: Any,
    wishes: NDArray[np.uint32],
    levels: NDArray[np.int32],
    question: Question,
    heap: Heap,
    size: int,
) -> tuple[int, int]:
    """Look at slots one by one; the heap's size and how many are within and pass."""
    chord_max = chord_of(question.radius_m)
    phi, theta = person.lat * DEGREE, person.lon * DEGREE
    cos_lat = cos(phi)
    x, y, z = cos_lat * cos(theta), cos_lat * sin(theta), sin(phi)
    sure_2 = max(0.0, chord_max - ROUNDING) ** 2
    never_2 = (chord_max + ROUNDING) ** 2
    weights, sieve = question.weights, question.sieve[0]
    within = 0
    for slot in range(start, end):
        dx, dy, dz = grid.points[slot, 0] - x, grid.points[slot, 1] - y, grid.points[slot, 2] - z
        chord_2 = dx * dx + dy * dy + dz * dz
        if chord_2 > never_2 or not grid.alive[slot]:
            continue
        row = grid.rows[slot]
        if not passes(row, person, sieve, question.prefixes, question.prefix_levels):
            continue
        distance_m = -1.0
        if chord_2 >= sure_2:
            distance_m = exact_distance(grid, slot, person, cos_lat)
            if distance_m > question.radius_m:
                continue
        within += 1
        if question.top == 0:
            continue
        occupation = occupation_part(row.occupation, wishes, levels)
        wage = wage_part(row.wage_fen_min, row.wage_fen_max, person.wage_fen)
        skills = skills_part(row.skills, person.skills, person.knows_skills)
        hours = hours_part(row.hours_per_week, person.hours)
        if size == question.top and distance_m < 0:
            least_m = max(0.0, sqrt(chord_2) - ROUNDING) * EARTH_RADIUS_M
            near = distance_part(min(least_m, question.radius_m), question.radius_m)
            rest = weights[1] * occupation + weights[2] * wage + weights[3] * skills + weights[4] * hours
            if weights[0] * near + rest + SLACK < heap.scores[0]:
                continue
        if distance_m < 0:
            distance_m = exact_distance(grid, slot, person, cos_lat)
        score = (
            weights[0] * distance_part(distance_m, question.radius_m)
            + weights[1] * occupation
            + weights[2] * wage
            + weights[3] * skills
            + weights[4] * hours
        )
        if size == question.top and score < heap.scores[0]:
            continue
        turn = place_of(grid.ids[slot], question.day) - start_of(person.key, question.day)
        taken = offer(heap, size, question.top, score, distance_m, turn, grid.ids[slot], slot)
        size = max(size, taken)
    return size, within


@compiled
def exact_distance(grid: Grid, slot: int, person: Any, cos_lat: float) -> float:
    """Metres from the person to a slot."""
    return distance_between(person.lat, person.lon, cos_lat, grid.lat[slot], grid.lon[slot], grid.cos_lat[slot])


@compiled
def count_passing(grid: Grid, start: int, end: int, person: Any, question: Question) -> int:
    """How many of a unit that lies within the radius pass the hard filters."""
    sieve = question.sieve[0]
    count = 0
    for slot in range(start, end):
        if grid.alive[slot] and passes(grid.rows[slot], person, sieve, question.prefixes, question.prefix_levels):
            count += 1
    return count


@compiled
def search_alike(
    grid: Grid,
    tie_order: NDArray[np.int32],
    unit: Any,
    person: Any,
    wishes: NDArray[np.uint32],
    levels: NDArray[np.int32],
    question: Question,
    heap: Heap,
    size: int,
) -> tuple[int, int]:
    """A unit whose vacancies differ in nothing but their id: judged once, and only the first in the day's order are taken."""
    row = grid.rows[unit.start]
    distance_m = exact_distance(grid, unit.start, person, cos(person.lat * DEGREE))
    sieve = question.sieve[0]
    if distance_m > question.radius_m or not passes(row, person, sieve, question.prefixes, question.prefix_levels):
        return size, 0
    if question.top == 0:
        return size, unit.alive
    score = score_of(row, person, wishes, levels, question, distance_m)
    start = start_of(person.key, question.day)
    low, high = unit.start, unit.end
    while low < high:
        middle = (low + high) // 2
        if place_of(grid.ids[tie_order[middle]], question.day) < start:
            low = middle + 1
        else:
            high = middle
    length, taken = unit.end - unit.start, 0
    for step in range(length):
        slot = tie_order[unit.start + (low - unit.start + step) % length]
        if not grid.alive[slot]:
            continue
        turn = place_of(grid.ids[slot], question.day) - start
        grown = offer(heap, size, question.top, score, distance_m, turn, grid.ids[slot], slot)
        taken += 1
        if grown < 0 or taken == question.top:
            break
        size = grown
    return size, unit.alive


@compiled
def score_of(
    row: Any,
    person: Any,
    wishes: NDArray[np.uint32],
    levels: NDArray[np.int32],
    question: Question,
    distance_m: float,
) -> float:
    """The weighted sum of the parts, in the order of PARTS."""
    weights = question.weights
    return float(
        weights[0] * distance_part(distance_m, question.radius_m)
        + weights[1] * occupation_part(row.occupation, wishes, levels)
        + weights[2] * wage_part(row.wage_fen_min, row.wage_fen_max, person.wage_fen)
        + weights[3] * skills_part(row.skills, person.skills, person.knows_skills)
        + weights[4] * hours_part(row.hours_per_week, person.hours)
    )


@compiled
def write_answers(
    grid: Grid,
    person: Any,
    wishes: NDArray[np.uint32],
    levels: NDArray[np.int32],
    question: Question,
    heap: Heap,
    size: int,
    out: Answers,
    nth: int,
) -> None:
    """Put the heap in order and write its answers, each with its parts, on the person's line."""
    put_in_order(heap, size)
    out.found[nth] = size
    for rank in range(size):
        row = grid.rows[heap.slots[rank]]
        out.slots[nth, rank] = heap.slots[rank]
        out.distances[nth, rank] = heap.distances[rank]
        out.scores[nth, rank] = heap.scores[rank]
        out.parts[nth, rank, 0] = distance_part(heap.distances[rank], question.radius_m)
        out.parts[nth, rank, 1] = occupation_part(row.occupation, wishes, levels)
        out.parts[nth, rank, 2] = wage_part(row.wage_fen_min, row.wage_fen_max, person.wage_fen)
        out.parts[nth, rank, 3] = skills_part(row.skills, person.skills, person.knows_skills)
        out.parts[nth, rank, 4] = hours_part(row.hours_per_week, person.hours)
