"""The records the kernel reads. One vacancy's attributes lie together in 56 bytes; where they all are equal, so is the score."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

UNKNOWN: Final = -1
LEVELS: Final = 4
BLOCK_ROWS_MAX: Final = 128
RUN_ROWS_MIN: Final = 128
WISHES_MAX: Final = 16
ROWS_DEGREES: Final = 0.0045  # some 500 m; a cell is about square everywhere

ROW: Final = np.dtype(
    [
        ("skills", np.uint64),
        ("licences", np.uint64),
        ("hours_per_week", np.float64),  # 0: not known
        ("occupation", np.uint32),  # packed; 0: not known
        ("wage_fen_min", np.int32),  # both 0: not known
        ("wage_fen_max", np.int32),
        ("open_until", np.int32),  # a day number, the last open day
        ("shifts", np.uint32),  # 0: not known
        ("schooling_min", np.uint8),
        ("form", np.uint8),  # 0: not known
        ("welcomes_priority", np.uint8),
        ("legal_age_min", np.uint8),
        ("legal_age_max", np.uint8),
    ],
    align=True,
)
# A unit is up to BLOCK_ROWS_MAX vacancies of one cell, or any number that differ in nothing but their id (`alike`).
UNIT: Final = np.dtype(
    [
        ("skills", np.uint64),  # all skills named in it
        ("x", np.float64),  # the middle of its points, and the longest chord from there to one of them
        ("y", np.float64),
        ("z", np.float64),
        ("spread", np.float64),
        ("start", np.int32),
        ("end", np.int32),
        ("alive", np.int32),
        ("occupation_min", np.uint32),
        ("occupation_max", np.uint32),
        ("wage_fen_max", np.int32),
        ("wage_unknown", np.uint8),
        ("alike", np.uint8),
    ],
    align=True,
)
PERSON: Final = np.dtype(
    [
        ("lat", np.float64),
        ("lon", np.float64),
        ("key", np.uint64),
        ("skills", np.uint64),
        ("licences", np.uint64),
        ("shifts", np.uint64),  # 0: any
        ("forms", np.uint64),  # bit n for form n; 0: any
        ("hours", np.float64),  # 0: no wish
        ("wage_fen", np.int64),  # 0: no wish
        ("schooling", np.int32),  # UNKNOWN
        ("age", np.int32),  # UNKNOWN; only ever compared with the legal ages
        ("knows_skills", np.uint8),
        ("knows_licences", np.uint8),
    ],
    align=True,
)
SIEVE: Final = np.dtype(
    [
        ("forms", np.uint64),  # 0: any
        ("wage_fen_min", np.int64),
        ("day", np.int32),  # UNKNOWN: open or not is not asked
        ("welcomes_priority", np.uint8),
    ],
    align=True,
)


class Grid(NamedTuple):
    """Vacancies sorted by cell, with room behind them for what changed since: the slots from `sorted_rows` on.

    `row_first[r]` is the first unit of latitude row r, `columns` the longitude column of each unit, ascending within its row.
    """

    ids: NDArray[np.int64]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    cos_lat: NDArray[np.float64]
    points: NDArray[np.float32]  # unit vectors, (slots, 3)
    rows: NDArray[np.void]
    headcounts: NDArray[np.int32]
    alive: NDArray[np.uint8]
    unit_of: NDArray[np.int32]
    units: NDArray[np.void]
    columns: NDArray[np.int32]
    row_first: NDArray[np.int32]
    first_row: int
    sorted_rows: int
