"""The records the kernel reads."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from jiujin.matching.weights import PARTS

UNKNOWN: Final = -1
LEVELS: Final = 4
BLOCK_ROWS_MAX: Final = 64
RUN_ROWS_MIN: Final = 128
WISHES_MAX: Final = 8
ROWS_DEGREES: Final = 0.0065  # some 720 m; a cell is about square everywhere

# What vacancies ask of a person (hard filters). Many ask the same, so each ask is held once, and judged once a person.
# Asks are told apart by their bytes, so there must be none between the fields.
ASK: Final = np.dtype(
    [
        ("licences", np.uint64),
        ("shifts", np.uint32),  # 0: not known
        ("schooling_min", np.uint32),
        ("form", np.uint16),  # 0: not known
        ("welcomes_priority", np.uint16),
        ("legal_age_min", np.uint16),
        ("legal_age_max", np.uint16),
    ],
    align=True,
)
TERM: Final = np.dtype(
    [
        ("ask", np.int32),  # which of the asks
        ("open_until", np.int32),  # a day number, the last open day
    ],
    align=True,
)
# What a vacancy offers (the score).
OFFER: Final = np.dtype(
    [
        ("skills", np.uint64),
        ("hours_per_week", np.float64),  # 0: not known
        ("occupation", np.uint32),  # packed; 0: not known
        ("wage_fen_min", np.int32),  # both 0: not known
        ("wage_fen_max", np.int32),
        ("code", np.int32),  # which of the occupation codes
    ],
    align=True,
)
SPOT: Final = np.dtype([("lat", np.float64), ("lon", np.float64), ("cos_lat", np.float64)], align=True)
# A unit is up to BLOCK_ROWS_MAX vacancies of one cell, or any number that differ in nothing but their id (`alike`). Where it is, and
# how many it holds; every search reads many of these, so they are as small as can be.
SHAPE: Final = np.dtype(
    [
        ("x", np.float32),  # the middle of its points, and the longest chord from there to one of them
        ("y", np.float32),
        ("z", np.float32),
        ("spread", np.float32),
        ("start", np.int32),
        ("end", np.int32),
        ("alive", np.int32),
        ("alike", np.int32),
    ],
    align=True,
)
# The best that the vacancies of a unit offer.
PEAK: Final = np.dtype(
    [
        ("skills", np.uint64),  # all skills named in it
        ("occupation_min", np.uint32),
        ("occupation_max", np.uint32),
        ("wage_fen_max", np.int32),
        ("wage_unknown", np.int32),
    ],
    align=True,
)
PERSON: Final = np.dtype(
    [
        ("lat", np.float64),
        ("lon", np.float64),
        ("cos_lat", np.float64),  # from here to `welcome`, the kernel fills in
        ("x", np.float64),
        ("y", np.float64),
        ("z", np.float64),
        ("per_wage", np.float64),  # 1 / wish, 0 without one; so too the next
        ("per_hours", np.float64),
        ("start", np.uint64),  # where the person starts reading the day's circle
        ("lacking", np.uint64),  # licences the person has not; none where it is not known
        ("any_shift", np.uint64),
        ("any_form", np.uint64),  # bit n for form n, bit 0 for a vacancy that states none
        ("open_day", np.int32),
        ("schooling_most", np.int32),
        ("age_most", np.int32),  # held against the lowest legal age, and the next against the highest
        ("age_least", np.int32),
        ("welcome", np.int32),
        ("key", np.uint64),
        ("skills", np.uint64),
        ("licences", np.uint64),
        ("shifts", np.uint64),  # 0: any
        ("forms", np.uint64),  # bit n for form n; 0: any
        ("hours", np.float64),  # 0: no wish
        ("wage_fen", np.int64),  # 0: no wish
        ("schooling", np.int32),  # UNKNOWN
        ("age", np.int32),  # UNKNOWN; only ever compared with the legal ages
        ("wishes", np.uint32, WISHES_MAX),  # occupations, packed
        ("levels", np.int32, WISHES_MAX),  # how many levels each states; 0 ends the list
        ("knows_skills", np.uint8),
        ("knows_licences", np.uint8),
    ],
    align=True,
)
# What is asked of all people alike.
QUESTION: Final = np.dtype(
    [
        ("radius_m", np.float64),
        ("weights", np.float64, len(PARTS)),
        ("top", np.int64),
        ("wage_fen_min", np.int64),
        ("forms", np.uint64),  # 0: any
        ("day", np.int32),  # seeds the shuffle
        ("open_day", np.int32),  # UNKNOWN: open or not is not asked
        ("prefixes", np.uint32, WISHES_MAX),
        ("prefix_levels", np.int32, WISHES_MAX),
        ("counting", np.uint8),
        ("masked", np.uint8),  # not all that lives may be shown, so that alike vacancies are not alike
        ("narrowed", np.uint8),  # to the prefixes or a wage
        ("welcomes_priority", np.uint8),
    ],
    align=True,
)
ANSWER: Final = np.dtype(
    [
        ("score", np.float64),
        ("distance_m", np.float64),
        ("turn", np.uint64),
        ("id", np.int64),
        ("slot", np.int64),
        ("parts", np.float32, len(PARTS)),
    ],
    align=True,
)
# A unit that the circle touches: the most that any of its vacancies can score; whether the circle holds all of it.
REACHED: Final = np.dtype(
    [
        ("bound", np.float64),
        ("start", np.int32),
        ("end", np.int32),
        ("alive", np.int32),
        ("order", np.int32),
        ("first", np.int32),  # those of it that pass and are within, among the slots picked
        ("last", np.int32),
        ("inside", np.uint8),
        ("alike", np.uint8),
    ],
    align=True,
)
# A vacancy that passes, and the most it can score.
CANDIDATE: Final = np.dtype(
    [("bound", np.float64), ("rest", np.float64), ("chord_2", np.float64), ("slot", np.int64)], align=True
)


class Grid(NamedTuple):
    """Vacancies sorted by cell, with room behind them for what changed since: the slots from `sorted_rows` on.

    `row_first[r]` is the first unit of latitude row r; the units of a row ascend by column.
    """

    ids: NDArray[np.int64]
    spots: NDArray[np.void]
    points: NDArray[np.float32]  # unit vectors, (slots, 3)
    terms: NDArray[np.void]
    offers: NDArray[np.void]
    asks: NDArray[np.void]  # the different ones, with room behind them
    codes: NDArray[np.uint32]  # the different occupations, packed, with room behind them
    alive: NDArray[np.uint8]
    columns: NDArray[np.int32]  # of each unit
    shapes: NDArray[np.void]
    peaks: NDArray[np.void]
    row_first: NDArray[np.int64]
    first_row: int
    sorted_rows: int


class Ends(NamedTuple):
    """How many slots, asks and occupation codes of a grid are in use. Read in this order beside a writer, the slots need no others."""

    slots: int
    asks: int
    codes: int
