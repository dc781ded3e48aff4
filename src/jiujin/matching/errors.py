"""What this engine refuses; each message is a clear Chinese sentence."""

from __future__ import annotations


class MatchingError(ValueError):
    """Something asked of the engine cannot be done; nothing was changed."""


class RadiusInvalid(MatchingError):
    """The radius is not a finite number of metres, zero or more."""


class TopInvalid(MatchingError):
    """The number of answers asked for is negative or beyond the bound."""


class ColumnInvalid(MatchingError):
    """A column has a wrong length, kind or value; `column` names it and `row` is the first wrong row, where one can be named."""

    def __init__(self, column: str, message: str, row: int | None = None) -> None:
        super().__init__(message)
        self.column = column
        self.row = row


class WeightsInvalid(MatchingError):
    """The weights are not numbers of zero or more that add up to one."""


class OccupationInvalid(MatchingError):
    """Not a code of the national classification of occupations."""


class TooManyPairs(MatchingError):
    """The pairs within reach are more than an assignment can hold."""
