"""A column of cells at a time: every distinct value is read once, then mapped to its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from jiujin.sheets.cells import Reader, is_blank, is_dash, reader_of, seen
from jiujin.sheets.columns import Column
from jiujin.sheets.folding import fold
from jiujin.sheets.problems import BadCell, CellMark
from jiujin.values import check_many

OPEN = object()


@dataclass(frozen=True)
class ParsedColumn:
    """A column read: `values` typed, `opened` the open fact where the column has one, `bad` the rows that cannot be
    read and why."""

    values: pa.Array
    opened: pa.Array | None
    bad: list[tuple[int, BadCell]]


@dataclass
class ColumnParser:
    """Reads one column's cells, and remembers every distinct value it has read."""

    column: Column
    demo_ids: bool = False
    dates_from_1904: bool = False
    _known: dict[object, object] = field(default_factory=dict)
    _bad: dict[object, BadCell] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._read: Reader = reader_of(self.column, demo_ids=self.demo_ids, dates_from_1904=self.dates_from_1904)
        self._open_words = frozenset(fold(word) for word in self.column.open_words)

    def parse(self, cells: Sequence[object]) -> ParsedColumn:
        """Read the cells; a bad or an empty one is null."""
        cells = _without_bools(cells)
        self._learn([value for value in dict.fromkeys(cells) if value not in self._known])
        known, bad = self._known, self._bad
        found = [(row, bad[value]) for row, value in enumerate(cells) if value in bad] if bad else []
        values = list(map(known.__getitem__, cells))
        if self.column.open_key is None:
            return ParsedColumn(pa.array(values, type=self.column.arrow_type), None, found)
        return _with_open(values, self.column, found)

    def _learn(self, fresh: list[object]) -> None:
        """Read values not met before."""
        if self.column.type == "id_number":
            fresh = self._learn_numbers(fresh)
        for value in fresh:
            try:
                self._known[value] = self._one(value)
            except BadCell as problem:
                self._known[value] = None
                self._bad[value] = problem.with_traceback(None)

    def _learn_numbers(self, fresh: list[object]) -> list[object]:
        """Read the identity numbers held as text all together; what is left are the other values."""
        texts = [value for value in fresh if isinstance(value, str) and not is_dash(value)]
        checks = check_many(texts, demo=self.demo_ids)
        self._known.update(zip(texts, checks.numbers, strict=True))
        self._bad.update({texts[row]: BadCell(error.code, error.message) for row, error in checks.errors.items()})
        return [value for value in fresh if value not in self._known]

    def _one(self, value: object) -> object:
        if isinstance(value, CellMark):
            raise BadCell(value.code, value.message)
        if is_blank(value):
            return None
        if self._open_words and fold(seen(value)) in self._open_words:
            return OPEN
        return self._read(value)


def _without_bools(cells: Sequence[object]) -> Sequence[object]:
    """True and False as the words a sheet shows, so that they are not taken for 1 and 0."""
    if bool not in set(map(type, cells)):
        return cells
    return [seen(value) if isinstance(value, bool) else value for value in cells]


def _with_open(values: list[object], column: Column, bad: list[tuple[int, BadCell]]) -> ParsedColumn:
    """Split a column that also tells another fact: yes where its words stand, no beside a good value."""
    opened = [None if value is None else value is OPEN for value in values]
    own = [None if value is OPEN else value for value in values]
    return ParsedColumn(pa.array(own, type=column.arrow_type), pa.array(opened, type=pa.bool_()), bad)


def no_values(column: Column, count: int) -> Mapping[str, pa.Array]:
    """A missing column's facts: all null."""
    absent = {column.key: pa.nulls(count, column.arrow_type)}
    return absent | ({column.open_key: pa.nulls(count, pa.bool_())} if column.open_key else {})
