"""The columns added to a checked roster, sorted to the sheets and lines where they will stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa

from jiujin.sheets.roster import Roster, SheetLayout

LIST_SEPARATOR = "；"


@dataclass(frozen=True)
class SheetAdditions:
    """What is added to one sheet: from which column on (from 0), the headings, and the values by line."""

    layout: SheetLayout
    first_column: int
    names: list[str]
    lines: list[int]
    columns: list[list[object]]

    def by_line(self) -> dict[int, tuple[object, ...]]:
        """Line (from 1) → the values to stand there."""
        return dict(zip(self.lines, zip(*self.columns, strict=True), strict=True))


def cells_of(values: Sequence[object] | pa.Array | pa.ChunkedArray) -> list[object]:
    """A column's values as cells: lists joined, amounts as decimals so that they are shown with two places."""
    plain: list[object] = values.to_pylist() if isinstance(values, pa.Array | pa.ChunkedArray) else list(values)
    return [_value(value) for value in plain]


def _value(value: object) -> object:
    if isinstance(value, list | tuple):
        return LIST_SEPARATOR.join(map(str, value))
    if isinstance(value, float):
        return Decimal(f"{value:.2f}")
    return value


def additions_of(roster: Roster, columns: Mapping[str, list[object]]) -> dict[str, SheetAdditions]:
    """The added values by sheet; rows of one sheet stand together in the table."""
    names = list(columns)
    sheets = roster.table["sheet"].to_pylist()
    lines = roster.table["row"].to_pylist()
    additions: dict[str, SheetAdditions] = {}
    first = 0
    while first < len(sheets):
        name = sheets[first]
        last = first
        while last < len(sheets) and sheets[last] == name:
            last += 1
        layout = roster.layouts[name]
        values = [columns[heading][first:last] for heading in names]
        additions[name] = SheetAdditions(layout, _first_column(layout, names), names, lines[first:last], values)
        first = last
    return additions


def _first_column(layout: SheetLayout, names: list[str]) -> int:
    """Where the added columns begin: beside the data, or over those that an earlier check has added."""
    earlier = layout.width - len(names)
    if earlier > 0 and [layout.writings.get(earlier + at) for at in range(len(names))] == names:
        return earlier
    return layout.width
