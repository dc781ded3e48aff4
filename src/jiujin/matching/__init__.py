"""Who is within reach of what, and how well it fits: exact distance, hard filters, a score of named parts.

from jiujin.matching import Index, Seeker
index = Index.build(ids, lat, lon, occupation=codes, wage_fen_min=low, wage_fen_max=high)
for match in index.search(31.75, 116.52, 3000, 20, seeker=Seeker(wage_fen=300_000)).matches: ...
"""

from jiujin.matching.answers import BatchResult, Match, Result
from jiujin.matching.columns import SEEKER_COLUMNS, VACANCY_COLUMNS
from jiujin.matching.errors import (
    ColumnInvalid,
    MatchingError,
    OccupationInvalid,
    RadiusInvalid,
    TooManyPairs,
    TopInvalid,
    WeightsInvalid,
)
from jiujin.matching.index import Index, warm_up, warm_up_in_background
from jiujin.matching.occupations import parse_occupation, write_occupation
from jiujin.matching.question import Filters, Limits, Seeker
from jiujin.matching.weights import NEUTRAL, PARTS, Weights

__all__ = [
    "NEUTRAL",
    "PARTS",
    "SEEKER_COLUMNS",
    "VACANCY_COLUMNS",
    "BatchResult",
    "ColumnInvalid",
    "Filters",
    "Index",
    "Limits",
    "Match",
    "MatchingError",
    "OccupationInvalid",
    "RadiusInvalid",
    "Result",
    "Seeker",
    "TooManyPairs",
    "TopInvalid",
    "Weights",
    "WeightsInvalid",
    "parse_occupation",
    "warm_up",
    "warm_up_in_background",
    "write_occupation",
]
