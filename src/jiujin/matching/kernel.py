"""The search, compiled: the exact count of what is within and passes, and the best of it.

Exact: chords of 32-bit points and bounds on scores only save work. Whatever they cannot decide is decided by `distance_between`.
"""

from __future__ import annotations

from math import cos, sin, sqrt
from typing import Any, Final, NamedTuple

import numpy as np
from numba.np.unsafe import ndarray as compiler
from numpy.typing import NDArray

from jiujin.matching.compiled import compiled, compiled_loop
from jiujin.matching.earth import DEGREE, ROUNDING, distance_between
from jiujin.matching.fit import (
    PER_LEVEL,
    Codes,
    distance_part,
    hours_part,
    is_wanted,
    levels_shared,
    occupation_part,
    passes,
    prepare_filters,
    rough_rest,
    skills_part,
    wage_part,
)
from jiujin.matching.layout import ANSWER, BLOCK_ROWS_MAX, CANDIDATE, REACHED, WISHES_MAX, Ends, Grid
from jiujin.matching.order import keep_high, offer, place_of, put_in_order, start_of
from jiujin.matching.prefetch import fetch_soon
from jiujin.matching.reach import BUCKETS, Circle, best_first, circle_of, units_in_reach
from jiujin.matching.weights import NEUTRAL, PARTS
from jiujin.values.datum import EARTH_RADIUS_M

to_tuple: Any = compiler.to_fixed_tuple
SLACK: Final = 1e-9  # sums of five products are this exact many times over
CANDIDATES: Final = 1024
SHORT_CHORD: Final = 0.1  # some 640 km; an arc is longer than such a chord by less than its cube / 20
AHEAD: Final = 4  # units that are fetched before they are looked at
LINE_TERMS: Final = 8  # so many terms come from memory at once
FEW: Final = 4096
NOT_YET: Final = np.uint8(2)
PARTS_COUNT: Final = len(PARTS)


class Question(NamedTuple):
    """A record of QUESTION taken apart: read field by field from memory, each would be read again after every write."""

    radius_m: float
    top: int
    counting: int
    masked: int
    day: int
    wage_fen_min: int
    narrowed: int
    prefixes: Codes
    prefix_levels: Codes
    weights: tuple[float, ...]


class Told(NamedTuple):
    """What has been reckoned for one person: whether each ask lets them pass (or NOT_YET), and how near each occupation is
    (below 0: not yet).
    """

    passing: NDArray[np.uint8]
    closeness: NDArray[np.float64]


class Best(NamedTuple):
    """The search for the best: who may be among them, scores that so many certainly reach, and those settled."""

    candidates: NDArray[np.void]
    lows: NDArray[np.float64]
    heap: NDArray[np.void]
    places: NDArray[np.int32]


@compiled_loop
def rank_people(
    grid: Grid,
    ends: Ends,
    tie_order: NDArray[np.int32],
    people: NDArray[np.void],
    questions: NDArray[np.void],
    found: NDArray[np.int64],
    within: NDArray[np.int64],
    answers: NDArray[np.void],
) -> None:
    """Answer each of `people` (PERSON) the one question (QUESTION); `ends` tells what of the grid is in use, `tie_order` the slots of
    alike units in the day's order. A line a person: how many answers, how many within reach, and the answers (ANSWER).
    """
    question = taken_apart(questions[0])
    top = question.top
    circle = circle_of(question.radius_m)
    settle_at, unit_rows = max(CANDIDATES, 2 * top), max(top, BLOCK_ROWS_MAX)
    best = Best(
        np.empty(settle_at + unit_rows, CANDIDATE),
        np.empty(top, np.float64),
        np.empty(top + 1, ANSWER),
        np.arange(top + 1).astype(np.int32),
    )
    reach = np.empty(len(grid.shapes) + (ends.slots - grid.sorted_rows) // BLOCK_ROWS_MAX + 1, REACHED)
    picks = np.empty(unit_rows, np.int32)
    edges = np.zeros(BUCKETS + 1, np.int64)
    told = Told(np.empty(ends.asks, np.uint8), np.empty(ends.codes, np.float64))
    for nth in range(len(people)):
        person = people[nth]
        wishes = to_tuple(person.wishes, WISHES_MAX)
        levels = to_tuple(person.levels, WISHES_MAX)
        prepare(person, question.day)
        prepare_filters(person, questions[0])
        judge_asks(grid, person, told)
        judge_codes(grid, wishes, levels, told)
        count, rows = units_in_reach(grid, ends.slots, person, wishes, levels, question.weights, circle, reach)
        picked = nth - nth  # a literal 0 would be a type of its own, and all below be compiled twice
        if question.counting:
            if len(picks) < rows + unit_rows:
                picks = np.empty(rows + unit_rows, np.int32)
            picked, within[nth] = pick_all(grid, reach, count, person, question, circle, told, picks)
        if top == 0:
            continue
        best_first(reach, count, edges)
        waiting = lows = size = nth - nth
        for place in range(count):
            reached, needed = reach[reach[place].order], least_needed(best, lows, size, top)
            if question.counting and place + AHEAD < count:
                fetch_picks(grid, reach[reach[place + AHEAD].order], picks, needed)
            if reached.bound + SLACK < needed:
                continue
            first, last = reached.first, reached.last
            if reached.alike and not question.masked:
                first = picked
                last = pick_alike(grid, tie_order, reached, person, question, circle, told, picks, first)
            elif not question.counting:
                first, last = picked, pick(grid, reached, person, question, circle, told, picks, picked)
            waiting, lows = weigh(
                grid, person, wishes, levels, question, circle, told, picks, first, last, best, waiting, lows, size
            )
            if waiting > settle_at:
                size = settle(grid, person, question, told, best, waiting, lows, size)
                waiting = 0
        size = settle(grid, person, question, told, best, waiting, lows, size)
        put_in_order(best.heap, best.places, size)
        found[nth] = size
        write_answers(grid, person, question.radius_m, told, best, size, answers[nth])


@compiled
def taken_apart(question: Any) -> Question:
    """The record as the loop reads it."""
    return Question(
        question.radius_m,
        question.top,
        question.counting,
        question.masked,
        question.day,
        question.wage_fen_min,
        question.narrowed,
        to_tuple(question.prefixes, WISHES_MAX),
        to_tuple(question.prefix_levels, WISHES_MAX),
        to_tuple(question.weights, PARTS_COUNT),
    )


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
def judge_asks(grid: Grid, person: Any, told: Told) -> None:
    """Judge all asks at once where they are few: a vacancy's ask is then no surprise to the processor. Else each when it is met."""
    if len(told.passing) > FEW:
        told.passing[:] = NOT_YET
    else:
        for ask in range(len(told.passing)):
            told.passing[ask] = passes(grid.asks[ask], person)


@compiled
def judge_codes(grid: Grid, wishes: Codes, levels: Codes, told: Told) -> None:
    """The same of the occupations, a wish after the other: without branches, several codes at once."""
    if len(told.closeness) > FEW:
        told.closeness[:] = -1
        return
    told.closeness[:] = NEUTRAL if levels[0] == 0 else 0.0
    for nth in range(WISHES_MAX):
        wish, level = wishes[nth], levels[nth]
        if level == 0:
            break
        per_level = PER_LEVEL[level]
        for code in range(len(told.closeness)):
            share = min(levels_shared(grid.codes[code], wish), level) * per_level
            told.closeness[code] = max(told.closeness[code], share)
    for code in range(len(told.closeness)):
        if grid.codes[code] == 0:
            told.closeness[code] = NEUTRAL


@compiled
def fetch_unit(grid: Grid, reached: Any) -> None:
    """Begin to fetch what picking from a unit reads."""
    fetch_soon(grid.alive, reached.start)
    for slot in range(reached.start, min(reached.end, reached.start + BLOCK_ROWS_MAX), LINE_TERMS):
        fetch_soon(grid.terms, slot)
        if not reached.inside:
            fetch_soon(grid.points, slot)
            fetch_soon(grid.points, slot + LINE_TERMS // 2)


@compiled
def fetch_picks(grid: Grid, reached: Any, picks: NDArray[np.int32], needed: float) -> None:
    """Begin to fetch what weighing those picked of a unit reads, unless they score too little as it is."""
    if reached.bound + SLACK < needed:
        return
    for nth in range(reached.first, reached.last):
        fetch_soon(grid.points, picks[nth])
        fetch_soon(grid.offers, picks[nth])


@compiled
def lets_pass(grid: Grid, slot: int, person: Any, told: Told) -> int:
    """1 where a vacancy is there, open, and asks nothing that stops the person; else 0."""
    term = grid.terms[slot]
    if told.passing[term.ask] == NOT_YET:
        told.passing[term.ask] = passes(grid.asks[term.ask], person)
    return int(grid.alive[slot] & told.passing[term.ask] & (term.open_until >= person.open_day))


@compiled
def chord_2_to(points: NDArray[np.float32], slot: int, person: Any) -> float:
    """The square of the chord from the person to a slot, exact to ROUNDING."""
    dx, dy, dz = points[slot, 0] - person.x, points[slot, 1] - person.y, points[slot, 2] - person.z
    return float(dx * dx + dy * dy + dz * dz)


@compiled
def metres_to(grid: Grid, slot: int, person: Any) -> float:
    """The exact distance from the person to a slot."""
    spot = grid.spots[slot]
    return distance_between(person.lat, person.lon, person.cos_lat, spot.lat, spot.lon, spot.cos_lat)


@compiled
def is_within(grid: Grid, slot: int, person: Any, circle: Circle) -> int:
    """1 where the circle holds a slot, else 0."""
    chord_2 = chord_2_to(grid.points, slot, person)
    within = chord_2 < circle.sure_2
    if within != (chord_2 <= circle.never_2):
        within = metres_to(grid, slot, person) <= circle.radius_m
    return int(within)


@compiled
def pick(
    grid: Grid,
    reached: Any,
    person: Any,
    question: Question,
    circle: Circle,
    told: Told,
    picks: NDArray[np.int32],
    picked: int,
) -> int:
    """Add the slots of a unit that pass and are within; how many are picked then."""
    first = picked
    for slot in range(reached.start, reached.end):
        picks[picked] = slot
        picked += lets_pass(grid, slot, person, told)
    if question.narrowed:
        passed, picked = picked, first
        for nth in range(first, passed):
            slot = picks[nth]
            picks[picked] = slot
            picked += is_wanted(grid.offers[slot], question.wage_fen_min, question.prefixes, question.prefix_levels)
    if not reached.inside:
        passed, picked = picked, first
        for nth in range(first, passed):
            slot = picks[nth]
            picks[picked] = slot
            picked += is_within(grid, slot, person, circle)
    return picked


@compiled
def pick_all(
    grid: Grid,
    reach: NDArray[np.void],
    count: int,
    person: Any,
    question: Question,
    circle: Circle,
    told: Told,
    picks: NDArray[np.int32],
) -> tuple[int, int]:
    """Pick from all units; how many are picked, and how many pass and are within: of alike ones the first that is there tells
    for all.
    """
    picked = alike = count - count  # no literal
    for nth in range(count):
        reached = reach[nth]
        reached.first = picked
        if nth + AHEAD < count:
            fetch_unit(grid, reach[nth + AHEAD])
        if reached.alike and not question.masked:
            for slot in range(reached.start, reached.end):
                if grid.alive[slot]:
                    alike += reached.alive * does_pass(grid, slot, person, question, circle, told)
                    break
        else:
            picked = pick(grid, reached, person, question, circle, told, picks, picked)
        reached.last = picked
    return picked, picked + alike


@compiled
def does_pass(grid: Grid, slot: int, person: Any, question: Question, circle: Circle, told: Told) -> int:
    """1 where a slot passes and is within, else 0."""
    if not lets_pass(grid, slot, person, told) or not is_within(grid, slot, person, circle):
        return 0
    return int(
        not question.narrowed
        or is_wanted(grid.offers[slot], question.wage_fen_min, question.prefixes, question.prefix_levels)
    )


@compiled
def pick_alike(
    grid: Grid,
    tie_order: NDArray[np.int32],
    reached: Any,
    person: Any,
    question: Question,
    circle: Circle,
    told: Told,
    picks: NDArray[np.int32],
    picked: int,
) -> int:
    """Add the first slots of a unit of alike vacancies in the day's order, as many as are wanted; how many are picked then."""
    start, rows, last = reached.start, reached.end - reached.start, picked + question.top
    begin = first_in_order(grid, tie_order, start, reached.end, person, question.day) - start
    for nth in range(rows):
        slot = int(tie_order[start + (begin + nth) % rows])
        if grid.alive[slot]:
            if picked == last or not does_pass(grid, slot, person, question, circle, told):
                break
            picks[picked] = slot
            picked += 1
    return picked


@compiled
def least_needed(best: Best, lows: int, size: int, top: int) -> float:
    """What as many as are wanted certainly score."""
    needed = best.lows[0] if lows == top else -1.0
    return max(needed, best.heap[best.places[0]].score) if size == top else needed


@compiled
def weigh(
    grid: Grid,
    person: Any,
    wishes: Codes,
    levels: Codes,
    question: Question,
    circle: Circle,
    told: Told,
    picks: NDArray[np.int32],
    first: int,
    last: int,
    best: Best,
    waiting: int,
    lows: int,
    size: int,
) -> tuple[int, int]:
    """Let those picked wait who may be among the best; how many wait, and how many scores are certainly reached."""
    top, weights, radius_m, candidates = question.top, question.weights, question.radius_m, best.candidates
    needed, heavy = least_needed(best, lows, size, top), waiting
    for nth in range(first, last):
        slot = picks[nth]
        vacancy = grid.offers[slot]
        if told.closeness[vacancy.code] < 0:
            told.closeness[vacancy.code] = occupation_part(vacancy.occupation, wishes, levels)
        chord_2 = chord_2_to(grid.points, slot, person)
        rest = rough_rest(vacancy, person, told.closeness[vacancy.code], weights)
        least_m = min(max(0.0, sqrt(chord_2) - ROUNDING) * EARTH_RADIUS_M, radius_m)
        candidate = candidates[heavy]
        candidate.bound = weights[0] * (1 - least_m * circle.per_radius) + rest + SLACK
        candidate.rest, candidate.chord_2, candidate.slot = rest, chord_2, slot
        heavy += candidate.bound >= needed
    for nth in range(waiting, heavy):
        candidate = candidates[nth]
        if candidate.bound < needed:
            continue
        fetch_soon(grid.spots, candidate.slot)
        fetch_soon(grid.ids, candidate.slot)
        most_m, chord = radius_m, sqrt(candidate.chord_2)
        if chord < SHORT_CHORD:
            most_m = min(most_m, (chord + ROUNDING) * (1 + candidate.chord_2 / 20) * EARTH_RADIUS_M)
        lows = keep_high(best.lows, lows, weights[0] * (1 - most_m * circle.per_radius) + candidate.rest - SLACK)
        needed = least_needed(best, lows, size, top)
        candidates[waiting] = candidate
        waiting += 1
    return waiting, lows


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
def settle(
    grid: Grid, person: Any, question: Question, told: Told, best: Best, waiting: int, lows: int, size: int
) -> int:
    """Reckon exactly those who wait and may still be among the best; how many are settled."""
    top, weights = question.top, question.weights
    heap, places = best.heap, best.places
    for nth in range(waiting):
        candidate = best.candidates[nth]
        if candidate.bound < least_needed(best, lows, size, top):
            continue
        slot = candidate.slot
        distance_m = metres_to(grid, slot, person)
        vacancy, answer = grid.offers[slot], heap[places[size]]
        answer.score = (
            weights[0] * distance_part(distance_m, question.radius_m)
            + weights[1] * told.closeness[vacancy.code]
            + weights[2] * wage_part(vacancy.wage_fen_min, vacancy.wage_fen_max, person.wage_fen)
            + weights[3] * skills_part(vacancy.skills, person.skills, person.knows_skills)
            + weights[4] * hours_part(vacancy.hours_per_week, person.hours)
        )
        answer.distance_m, answer.id, answer.slot = distance_m, grid.ids[slot], slot
        answer.turn = place_of(grid.ids[slot], question.day) - person.start
        size = offer(heap, places, size, top)
    return size


@compiled
def write_answers(
    grid: Grid,
    person: Any,
    radius_m: float,
    told: Told,
    best: Best,
    size: int,
    answers: NDArray[np.void],
) -> None:
    """Write the answers, best first, each with its parts."""
    for rank in range(size):
        answer = best.heap[best.places[rank]]
        vacancy = grid.offers[answer.slot]
        parts = answer.parts
        parts[0] = distance_part(answer.distance_m, radius_m)
        parts[1] = told.closeness[vacancy.code]
        parts[2] = wage_part(vacancy.wage_fen_min, vacancy.wage_fen_max, person.wage_fen)
        parts[3] = skills_part(vacancy.skills, person.skills, person.knows_skills)
        parts[4] = hours_part(vacancy.hours_per_week, person.hours)
        answers[rank] = answer
