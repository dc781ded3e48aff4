"""Sorts vacancies by cell and cuts the cells into units, with what can be said of each unit as a whole."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from jiujin.matching.columns import Records
from jiujin.matching.compiled import compiled, compiled_loop
from jiujin.matching.earth import ROUNDING, locate
from jiujin.matching.layout import ASK, BLOCK_ROWS_MAX, PEAK, RUN_ROWS_MIN, SHAPE, Grid
from jiujin.matching.order import places_of

_NO_ROW = 0
SPARE_KINDS: Final = 512
SPREAD_ROUNDING: Final = 1 + 1e-6  # more than a 32-bit float is off


class Sorted(NamedTuple):
    """A grid, and what the kernel does not read: headcounts, the unit each slot is in, how many asks and codes are in use."""

    grid: Grid
    headcounts: NDArray[np.int32]
    unit_of: NDArray[np.int32]
    asks_end: int
    codes_end: int


def build_grid(ids: NDArray[np.int64], spots: NDArray[np.void], records: Records, *, spare: int) -> Sorted:
    """A grid of checked columns with `spare` free slots behind it; the spots need no cosine yet."""
    count = len(ids)
    spots, points, cells = spots.copy(), np.empty((count, 3), np.float32), np.empty(count, np.int64)
    locate(spots, points, cells)
    asks, ask_of = _different(records.asks)
    codes, code_of = np.unique(records.offers["occupation"], return_inverse=True)
    terms, offers = records.terms.copy(), records.offers.copy()
    terms["ask"], offers["code"] = ask_of, code_of
    order = _sorted(cells, ids, spots, terms, offers)
    cells = cells[order]
    ids, spots, points, terms, offers, headcounts = (
        _taken(column, order, spare) for column in (ids, spots, points, terms, offers, records.headcounts)
    )
    alive = (headcounts > 0).astype(np.uint8)
    starts, alike = _cuts(cells, spots, _bytes(terms), _bytes(offers))
    shapes, peaks, unit_of = np.zeros(len(starts), SHAPE), np.zeros(len(starts), PEAK), np.zeros(count, np.int32)
    shapes["start"], shapes["end"], shapes["alike"] = starts, np.append(starts[1:], count), alike
    _describe(shapes, peaks, unit_of, points, offers, alive)
    columns = (cells[starts] & 0xFFFFFFFF).astype(np.int32)
    first_row, row_first = _rows(cells[starts] >> 32)
    asks_end, codes_end = len(asks), len(codes)
    asks, codes = _with_room(asks), _with_room(codes)
    units = (columns, shapes, peaks)
    grid = Grid(ids, spots, points, terms, offers, asks, codes, alive, *units, row_first, first_row, count)
    return Sorted(grid, headcounts, unit_of, asks_end, codes_end)


def _different(asks: NDArray[np.void]) -> tuple[NDArray[np.void], NDArray[np.intp]]:
    """The different asks, and which of them each is. Sorts numbers made of them, which is quick, and the asks themselves only
    where two that differ have the same number.
    """
    numbers = np.zeros(len(asks), np.uint64)
    _add_bytes(numbers, _bytes(asks))
    _, first, which = np.unique(numbers, return_index=True, return_inverse=True)
    table = asks[first]
    if (_bytes(table[which]) == _bytes(asks)).all():
        return table, which
    whole = np.ascontiguousarray(asks).view(f"V{ASK.itemsize}")
    different, which = np.unique(whole, return_inverse=True)
    return different.view(ASK), which


def _with_room(table: NDArray[Any]) -> NDArray[Any]:
    return np.concatenate([table, np.zeros(SPARE_KINDS, table.dtype)])


def alike_order(grid: Grid, day: int) -> NDArray[np.int32]:
    """The slots of each unit of alike vacancies in the day's order; other slots stay where they are."""
    order = np.arange(grid.sorted_rows, dtype=np.int32)
    for shape in grid.shapes[grid.shapes["alike"] == 1]:
        start, end = int(shape["start"]), int(shape["end"])
        places = np.empty(end - start, np.uint64)
        places_of(grid.ids[start:end], day, places)
        order[start:end] = start + np.lexsort((grid.ids[start:end], places))
    return order


def _taken(column: NDArray[Any], order: NDArray[np.intp], spare: int) -> NDArray[Any]:
    """The column in order, with `spare` zeros behind it."""
    out = np.zeros((len(order) + spare, *column.shape[1:]), column.dtype)
    np.take(column, order, axis=0, out=out[: len(order)])
    return out


def _sorted(
    cells: NDArray[np.int64],
    ids: NDArray[np.int64],
    spots: NDArray[np.void],
    terms: NDArray[np.void],
    offers: NDArray[np.void],
) -> NDArray[np.intp]:
    """By cell, then so that like lies by like: units become narrow in occupation and wage, and alike vacancies neighbours."""
    likeness = np.zeros(len(ids), np.uint64)
    for records in (spots, terms, offers):
        _add_bytes(likeness, _bytes(records))
    kind = offers["occupation"].astype(np.int64) << 32 | offers["wage_fen_max"]
    return np.lexsort((ids, likeness, kind, cells))


def _bytes(records: NDArray[np.void]) -> NDArray[np.uint8]:
    return records.view(np.uint8).reshape(-1, records.itemsize)


@compiled_loop
def _add_bytes(numbers: NDArray[np.uint64], rows: NDArray[np.uint8]) -> None:
    """Mix the bytes of each row into its number (FNV-1a): the same bytes give the same number."""
    for row in range(len(rows)):
        number = numbers[row] ^ np.uint64(0xCBF29CE484222325)
        for byte in range(rows.shape[1]):
            number = (number ^ np.uint64(rows[row, byte])) * np.uint64(0x100000001B3)
        numbers[row] = number


@compiled
def _alike(spots: NDArray[np.void], terms: NDArray[np.uint8], offers: NDArray[np.uint8], one: int, other: int) -> bool:
    if spots[one].lat != spots[other].lat or spots[one].lon != spots[other].lon:
        return False
    for byte in range(terms.shape[1]):
        if terms[one, byte] != terms[other, byte]:
            return False
    for byte in range(offers.shape[1]):  # noqa: SIM110 - the compiler knows no generators
        if offers[one, byte] != offers[other, byte]:
            return False
    return True


@compiled_loop
def _cuts(
    cells: NDArray[np.int64], spots: NDArray[np.void], terms: NDArray[np.uint8], offers: NDArray[np.uint8]
) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Where units start: at a new cell, round a long run of alike vacancies, and after BLOCK_ROWS_MAX others."""
    count = len(cells)
    starts, alike = np.empty(count, np.int64), np.zeros(count, np.uint8)
    units, at, block = 0, 0, -1
    while at < count:
        run = at + 1
        while run < count and cells[run] == cells[at] and _alike(spots, terms, offers, at, run):
            run += 1
        if run - at >= RUN_ROWS_MIN:
            starts[units], alike[units] = at, 1
            units, block = units + 1, -1
        else:
            for slot in range(at, run):
                if block < 0 or cells[slot] != cells[block] or slot - block >= BLOCK_ROWS_MAX:
                    starts[units], block = slot, slot
                    units += 1
        at = run
    return starts[:units].copy(), alike[:units].copy()


@compiled_loop
def _describe(
    shapes: NDArray[np.void],
    peaks: NDArray[np.void],
    unit_of: NDArray[np.int32],
    points: NDArray[np.float32],
    offers: NDArray[np.void],
    alive: NDArray[np.uint8],
) -> None:
    """Fill in what the bounds of each unit need."""
    for nth in range(len(shapes)):
        shape, peak = shapes[nth], peaks[nth]
        start, end = shape.start, shape.end
        x, y, z = 0.0, 0.0, 0.0
        peak.occupation_min, peak.occupation_max = offers[start].occupation, offers[start].occupation
        for slot in range(start, end):
            unit_of[slot] = nth
            offer = offers[slot]
            x, y, z = x + points[slot, 0], y + points[slot, 1], z + points[slot, 2]
            peak.skills |= offer.skills
            peak.occupation_min = min(peak.occupation_min, offer.occupation)
            peak.occupation_max = max(peak.occupation_max, offer.occupation)
            peak.wage_fen_max = max(peak.wage_fen_max, offer.wage_fen_max)
            peak.wage_unknown |= offer.wage_fen_max == 0
            shape.alive += alive[slot]
        shape.x, shape.y, shape.z = x / (end - start), y / (end - start), z / (end - start)
        spread_2 = 0.0
        for slot in range(start, end):
            dx, dy, dz = points[slot, 0] - shape.x, points[slot, 1] - shape.y, points[slot, 2] - shape.z
            spread_2 = max(spread_2, dx * dx + dy * dy + dz * dz)
        shape.spread = np.sqrt(spread_2) * SPREAD_ROUNDING + ROUNDING


def _rows(unit_rows: NDArray[np.int64]) -> tuple[int, NDArray[np.int64]]:
    """The first latitude row and, for each from there on, its first unit; the end stands last."""
    if not len(unit_rows):
        return _NO_ROW, np.zeros(1, np.int64)
    first, last = int(unit_rows[0]), int(unit_rows[-1])
    return first, np.searchsorted(unit_rows, np.arange(first, last + 2)).astype(np.int64)
