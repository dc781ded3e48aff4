"""Reads the judged lines and bad cells of a check, a page at a time, from their Parquet files.

A roster may have a million lines: DuckDB reads the columns a page needs and nothing is held between requests.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

from jiujin.plan import Plan, Scheme
from jiujin.sheets import CellError

MEMORY_LIMIT = "1GB"
THREADS = 2
BLOCK_LINES = 20_000
VERDICTS = ("unmet", "unknown", "met")
SORTS = {
    "row": "file_row_number",
    "name": "who_name",
    "verdict": "verdict",
    "amount": "amount_fen",
}
ERROR_FIELDS = ("sheet", "row", "column", "cell", "value", "message", "code")
FIELDS = ", ".join(f'"{name}"' for name in ERROR_FIELDS)


@dataclass(frozen=True)
class Line:
    """A judged line as a list shows it; names and numbers are whole here and masked where they are shown."""

    sheet: str
    row: int
    name: str
    number: str
    verdict: str
    reasons: list[str]
    amount_fen: int | None
    limit_used: int | None
    warnings: list[str]


LINE_FIELDS = "sheet, row, who_name, who_number, verdict, reasons, amount_fen, limit_used, warnings"


def _line(
    sheet: str,
    row: int,
    name: str | None,
    number: str | None,
    verdict: str,
    reasons: list[str],
    amount_fen: int | None,
    limit_used: int | None,
    warnings: list[str],
) -> Line:
    return Line(sheet, row, name or "", number or "", verdict, reasons, amount_fen, limit_used, warnings)


@dataclass(frozen=True)
class LinesAsked:
    """Which lines, in which order: `search` is a part of a name or reason, or the last characters of a number."""

    verdict: str = ""
    search: str = ""
    sort: str = "row"
    descending: bool = False
    offset: int = 0
    count: int = 50


def name_fact(plan: Plan, scheme: Scheme) -> str | None:
    """The fact that names a line's subject: the first text of the sheet."""
    return next((f.fact for f in scheme.sheet if plan.facts[f.fact].type == "text"), None)


@lru_cache(maxsize=1)
def _database() -> duckdb.DuckDBPyConnection:
    """One empty DuckDB a process: opening it takes longer than most of what it is asked."""
    return duckdb.connect(":memory:", config={"threads": THREADS, "memory_limit": MEMORY_LIMIT})


@contextmanager
def _reader() -> Iterator[duckdb.DuckDBPyConnection]:
    """A cursor of this thread's own."""
    with _database().cursor() as cursor:
        yield cursor


class JudgedLines:
    """The lines of one check."""

    def __init__(self, path: Path, plan: Plan, scheme: Scheme) -> None:
        self._path = str(path)
        name, held = name_fact(plan, scheme), {field.fact for field in scheme.sheet}
        self.name_column = name or ""
        self._name = f'"{name}"' if name else "NULL"
        self._number = f'"{scheme.identity}"' if scheme.identity in held else "NULL"

    def page(self, asked: LinesAsked) -> list[Line]:
        """One page of lines: first which ones, by the few columns that decide it, then those lines whole."""
        where, values = self._where(asked)
        order = f"{SORTS[asked.sort]} {'DESC' if asked.descending else 'ASC'} NULLS LAST, file_row_number"
        which = f"SELECT file_row_number FROM {self._source()} {where} ORDER BY {order} LIMIT $count OFFSET $offset"
        whole = f"SELECT file_row_number, {LINE_FIELDS} FROM {self._source()} WHERE file_row_number IN $places"
        with _reader() as reader:
            span = {"count": asked.count, "offset": asked.offset}
            places = [place for (place,) in reader.execute(which, {**values, **span}).fetchall()]
            found = reader.execute(whole, {"path": self._path, "places": places}).fetchall() if places else []
        by_place = {place: _line(*fields) for place, *fields in found}
        return [by_place[place] for place in places]

    def count(self, asked: LinesAsked) -> int:
        """How many lines the verdict and the search leave."""
        where, values = self._where(asked)
        with _reader() as reader:
            row = reader.execute(f"SELECT count(*) FROM {self._source()} {where}", values).fetchone()
        assert row is not None
        return int(row[0])

    def line(self, sheet: str, row: int) -> dict[str, Any] | None:
        """One line with every column it was judged on, or None."""
        query = "SELECT * FROM read_parquet($path) WHERE sheet = $sheet AND row = $row LIMIT 1"
        with _reader() as reader:
            result = reader.execute(query, {"path": self._path, "sheet": sheet, "row": row})
            names = [column[0] for column in result.description]
            found = result.fetchone()
        return dict(zip(names, found, strict=True)) if found else None

    def sheets(self) -> list[str]:
        """The sheets that were judged, in their order."""
        query = (
            "SELECT sheet FROM read_parquet($path, file_row_number = true) GROUP BY sheet ORDER BY min(file_row_number)"
        )
        with _reader() as reader:
            return [name for (name,) in reader.execute(query, {"path": self._path}).fetchall()]

    def every_line(self) -> Iterator[Line]:
        """All lines in order, read in blocks, for a download."""
        query = f"SELECT {LINE_FIELDS} FROM {self._source()} ORDER BY file_row_number"
        with _reader() as reader:
            result = reader.execute(query, {"path": self._path})
            while block := result.fetchmany(BLOCK_LINES):
                yield from (_line(*row) for row in block)

    def _source(self) -> str:
        return (
            f"(SELECT *, {self._name} AS who_name, {self._number} AS who_number"
            " FROM read_parquet($path, file_row_number = true)) AS lines"
        )

    def _where(self, asked: LinesAsked) -> tuple[str, dict[str, Any]]:
        parts, values = [], {"path": self._path}
        if asked.verdict:
            parts.append("verdict = $verdict")
            values["verdict"] = asked.verdict
        if asked.search:
            parts.append(
                "(contains(who_name, $search) OR ends_with(who_number, upper($search))"
                " OR contains(array_to_string(reasons, '；'), $search))"
            )
            values["search"] = asked.search
        return ("WHERE " + " AND ".join(parts) if parts else ""), values


class BadCells:
    """The bad cells of one check."""

    def __init__(self, path: Path) -> None:
        self._path = str(path)

    def page(self, search: str, offset: int, count: int) -> list[CellError]:
        """One page of bad cells in the order of the file."""
        query = (
            f"SELECT {FIELDS} FROM read_parquet($path, file_row_number = true) {self._where(search)}"
            " ORDER BY file_row_number LIMIT $count OFFSET $offset"
        )
        values = {**self._values(search), "count": count, "offset": offset}
        with _reader() as reader:
            return [CellError(*row) for row in reader.execute(query, values).fetchall()]

    def count(self, search: str) -> int:
        """How many bad cells the search leaves."""
        query = f"SELECT count(*) FROM read_parquet($path) {self._where(search)}"
        with _reader() as reader:
            row = reader.execute(query, self._values(search)).fetchone()
        assert row is not None
        return int(row[0])

    def of_row(self, sheet: str, row: int) -> list[CellError]:
        """The bad cells of one line."""
        query = f"SELECT {FIELDS} FROM read_parquet($path) WHERE sheet = $sheet AND row = $row"
        with _reader() as reader:
            found = reader.execute(query, {"path": self._path, "sheet": sheet, "row": row}).fetchall()
        return [CellError(*values) for values in found]

    def _where(self, search: str) -> str:
        return 'WHERE contains("column" || message || cell, $search)' if search else ""

    def _values(self, search: str) -> dict[str, Any]:
        return {"path": self._path, "search": search} if search else {"path": self._path}
