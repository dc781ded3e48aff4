"""The order of the answers, compiled: higher score, then nearer, then the day's shuffle, then the id; and a heap that keeps the first few.

The shuffle: each day gives every vacancy a place on a circle, and every person a place to start reading it. So among equals nobody is
always last, two people on one day do not both get the same ones, and the same day gives the same order again.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from jiujin.matching.compiled import compiled, compiled_loop

_STEP: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX_1: Final = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2: Final = np.uint64(0x94D049BB133111EB)
_30, _27, _31 = np.uint64(30), np.uint64(27), np.uint64(31)


@compiled
def mixed(number: np.uint64) -> np.uint64:
    """Splitmix64 (Steele, Lea and Flood 2014): 64 bits well mixed."""
    number = number + _STEP
    number = (number ^ (number >> _30)) * _MIX_1
    number = (number ^ (number >> _27)) * _MIX_2
    return number ^ (number >> _31)


@compiled
def place_of(vacancy_id: int, day: int) -> np.uint64:
    """Where the day puts a vacancy on the circle."""
    return mixed(np.uint64(vacancy_id) ^ mixed(np.uint64(day)))


@compiled
def start_of(person_key: np.uint64, day: int) -> np.uint64:
    """Where a person starts reading the circle that day."""
    return mixed(mixed(person_key) ^ mixed(np.uint64(day) + _STEP))


@compiled_loop
def places_of(ids: NDArray[np.int64], day: int, out: NDArray[np.uint64]) -> None:
    """`place_of` of each."""
    for nth in range(len(ids)):
        out[nth] = place_of(ids[nth], day)


@compiled
def comes_before(one: Any, other: Any) -> bool:
    """Whether one answer is the better."""
    if one.score != other.score:
        return bool(one.score > other.score)
    if one.distance_m != other.distance_m:
        return bool(one.distance_m < other.distance_m)
    if one.turn != other.turn:
        return bool(one.turn < other.turn)
    return bool(one.id < other.id)


@compiled
def sink(heap: NDArray[np.void], places: NDArray[np.int32], size: int) -> None:
    """Put the first of `size` places where it belongs; the worst stands first."""
    at = size - size  # no literal
    moved = places[at]
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        if child + 1 < size and comes_before(heap[places[child]], heap[places[child + 1]]):
            child += 1
        if comes_before(heap[places[child]], heap[moved]):
            break
        places[at] = places[child]
        at = child
    places[at] = moved


@compiled
def offer(heap: NDArray[np.void], places: NDArray[np.int32], size: int, top: int) -> int:
    """Take in the answer written at `places[size]`, where it is among the first `top`; gives the new size.

    `places` says where in `heap` each entry is: first the `size` taken, the worst at their head, then those free, one at least.
    """
    if size < top:
        at, moved = size, places[size]
        while at > 0:
            parent = (at - 1) // 2
            if not comes_before(heap[places[parent]], heap[moved]):
                break
            places[at] = places[parent]
            at = parent
        places[at] = moved
        return size + 1
    if comes_before(heap[places[size]], heap[places[0]]):
        places[0], places[size] = places[size], places[0]
        sink(heap, places, size)
    return size


@compiled
def put_in_order(heap: NDArray[np.void], places: NDArray[np.int32], size: int) -> None:
    """The places of the entries, best first."""
    for last in range(size - 1, 0, -1):
        places[0], places[last] = places[last], places[0]
        sink(heap, places, last)


@compiled
def keep_high(lows: NDArray[np.float64], size: int, low: float) -> int:
    """Keep the highest numbers, as many as there is room for, the lowest of them first; gives the new size."""
    if size < len(lows):
        at = size
        while at > 0:
            parent = (at - 1) // 2
            if lows[parent] <= low:
                break
            lows[at] = lows[parent]
            at = parent
        lows[at] = low
        return size + 1
    if low <= lows[0]:
        return size
    at = size - size  # no literal
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        if child + 1 < size and lows[child + 1] < lows[child]:
            child += 1
        if lows[child] >= low:
            break
        lows[at] = lows[child]
        at = child
    lows[at] = low
    return size
