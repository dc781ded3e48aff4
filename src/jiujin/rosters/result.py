"""The outcome of a roster check: counts, money, every line with its reasons, every bad cell."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TextIO

import pyarrow as pa
import pyarrow.compute as pc

from jiujin.plan.models import Plan, ProofLevel, Scheme
from jiujin.plan.parameters import Value
from jiujin.rules.explain import ConditionAnswer, Explainer
from jiujin.rules.program import Program
from jiujin.sheets import CellError, Roster

LINE_COLUMNS = ("sheet", "row", "verdict", "unmet", "missing", "amount_fen", "limit_used", "reasons", "warnings")
WRITE_ROWS = 50_000


@dataclass(frozen=True)
class LineDetail:
    """One line opened: its conditions in order, the shortest way to be eligible, and its bad cells."""

    sheet: str
    row: int
    conditions: list[ConditionAnswer]
    next_step: str
    errors: list[CellError]


@dataclass(frozen=True)
class RosterCheck:
    """A judged roster.

    `lines` has one row a judged line: LINE_COLUMNS, then leaf answers `c_<id>` and every fact (money integer fen,
    terms months, dates date32). `amount_fen` adds up met lines whose amount is known; `amount_unknown` counts the rest.
    """

    plan: Plan
    scheme: Scheme
    settings: Mapping[str, Value]
    proof: ProofLevel | None
    lines: pa.Table
    errors: list[CellError]
    roster: Roster
    program: Program = field(repr=False)

    @property
    def notices(self) -> list[str]:
        """What a person should know of how the file was read: hidden rows, missing columns, sheets passed over."""
        return self.roster.notices

    @property
    def rows(self) -> int:
        """How many lines were judged."""
        return int(self.lines.num_rows)

    @cached_property
    def _counts(self) -> dict[str, int]:
        return {item["values"]: item["counts"] for item in pc.value_counts(self.lines["verdict"]).to_pylist()}

    @property
    def met(self) -> int:
        """Lines that are entitled."""
        return self._counts.get("met", 0)

    @property
    def unmet(self) -> int:
        """Lines that are not entitled."""
        return self._counts.get("unmet", 0)

    @property
    def unknown(self) -> int:
        """Lines that cannot be told yet."""
        return self._counts.get("unknown", 0)

    @cached_property
    def _met_amounts(self) -> pa.ChunkedArray:
        return self.lines["amount_fen"].filter(pc.equal(self.lines["verdict"], "met"))

    @property
    def amount_fen(self) -> int:
        """Fen of the met lines whose amount is known."""
        return int(pc.sum(self._met_amounts).as_py() or 0)

    @property
    def amount_unknown(self) -> int:
        """Met lines whose amount waits for an unset parameter."""
        return int(self._met_amounts.null_count)

    def as_json(self) -> dict[str, Any]:
        """The check as plain data, `row` being the workbook's row number (1 is its first line)."""
        return {**self._head(), "lines": self.lines.select(list(LINE_COLUMNS)).to_pylist()}

    def write_json(self, out: TextIO) -> None:
        """Write `as_json` as JSON, a slice of lines at a time."""
        out.write(json.dumps(self._head(), ensure_ascii=False)[:-1] + ', "lines": [')
        between = ""
        for batch in self.lines.select(list(LINE_COLUMNS)).to_batches(max_chunksize=WRITE_ROWS):
            for line in batch.to_pylist():
                out.write(between + json.dumps(line, ensure_ascii=False))
                between = ", "
        out.write("]}")

    def _head(self) -> dict[str, Any]:
        return {
            "plan": self.plan.id,
            "digest": self.plan.digest,
            "scheme": self.scheme.id,
            "rows": self.rows,
            "met": self.met,
            "unmet": self.unmet,
            "unknown": self.unknown,
            "amount_fen": self.amount_fen,
            "amount_unknown": self.amount_unknown,
            "errors": [error_json(error) for error in self.errors],
            "notices": self.notices,
        }

    def line_detail(self, sheet: str, row: int) -> LineDetail:
        """One line opened. Raises KeyError where there is no such line."""
        at = pc.index(pc.and_(pc.equal(self.lines["sheet"], sheet), pc.equal(self.lines["row"], row)), True).as_py()
        if at < 0:
            raise KeyError((sheet, row))
        found = [error for error in self.errors if (error.sheet, error.row) == (sheet, row)]
        return detail_of(self.program, self.lines.slice(at, 1).to_pylist()[0], found)


def detail_of(program: Program, line: Mapping[str, Any], errors: list[CellError]) -> LineDetail:
    """A kept line opened again: `line` is one row of `RosterCheck.lines` as a mapping."""
    explainer = Explainer(program)
    return LineDetail(line["sheet"], line["row"], explainer.answers(line), explainer.next_step(line), errors)


def error_json(error: CellError) -> dict[str, Any]:
    """A bad cell as plain data."""
    keys = ("sheet", "row", "column", "cell", "value", "message", "code")
    return {key: getattr(error, key) for key in keys}
