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
def swap(heap: NDArray[np.void], one: int, other: int) -> None:
    """Let two entries change places, by way of the last."""
    spare = len(heap) - 1
    heap[spare] = heap[one]
    heap[one] = heap[other]
    heap[other] = heap[spare]


@compiled
def sink(heap: NDArray[np.void], size: int) -> None:
    """Put the first of `size` entries where it belongs; the worst stands first."""
    at = size - size  # no literal
    while True:
        child = 2 * at + 1
        if child >= size:
            return
        if child + 1 < size and comes_before(heap[child], heap[child + 1]):
            child += 1
        if comes_before(heap[child], heap[at]):
            return
        swap(heap, at, child)
        at = child


@compiled
def offer(heap: NDArray[np.void], size: int, top: int) -> int:
    """Take in the answer written at `size`, where it is among the first `top`; gives the new size, or -1 where it was not taken.

    The heap has two entries of room behind the first `top`: the offered one, and one to swap by.
    """
    if size < top:
        at = size
        while at > 0:
            parent = (at - 1) // 2
            if not comes_before(heap[parent], heap[at]):
                break
            swap(heap, at, parent)
            at = parent
        return size + 1
    if not comes_before(heap[size], heap[0]):
        return -1
    heap[0] = heap[size]
    sink(heap, size)
    return size


@compiled
def put_in_order(heap: NDArray[np.void], size: int) -> None:
    """The heap's entries, best first."""
    for last in range(size - 1, 0, -1):
        swap(heap, 0, last)
        sink(heap, last)
