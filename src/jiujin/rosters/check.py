"""Judges a roster file against one scheme, every row at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jiujin.plan.models import Plan, ProofLevel, Scheme
from jiujin.plan.parameters import Value
from jiujin.rosters.result import LINE_COLUMNS, RosterCheck
from jiujin.rules.cases import OVERLAP
from jiujin.rules.explain import Explainer
from jiujin.rules.judge import judge_duckdb, limit_takers
from jiujin.rules.overlaps import overlaps
from jiujin.rules.program import Program, compile_scheme
from jiujin.sheets import CellError, Roster, columns_of, read_roster

Progress = Callable[[str, int, int], None]
PAYEE_UNKNOWN = "payee_unknown"
EXPLAINING = "写明原因"
SLICE_ROWS = 100_000
TEXT_LISTS = pa.list_(pa.string())


def check_roster(
    path: Path,
    *,
    plan: Plan,
    scheme: Scheme,
    settings: Mapping[str, Value] | None = None,
    proof: ProofLevel | None = None,
    sheets: Sequence[str] | None = None,
    demo_ids: bool = False,
    progress: Progress | None = None,
) -> RosterCheck:
    """Read a roster and judge every row.

    `settings` overrides parameters for trial (typed values: money in fen). `proof` is the level at which the roster's
    facts are held; None judges it as if what it says were proven. `progress(stage, done, total)` is told how far it
    is. Raises SheetUnreadable for what cannot be judged at all.
    """
    tell = progress or (lambda stage, done, total: None)
    columns = columns_of(plan, scheme)
    roster = read_roster(path, columns, sheets=list(sheets) if sheets else None, demo_ids=demo_ids, progress=progress)
    program = compile_scheme(plan, scheme, settings=settings, proof=proof)
    total = roster.table.num_rows
    tell("判断", 0, total)
    with duckdb.connect() as connection:
        table = roster.table.append_column("ord", pa.array(np.arange(total, dtype=np.int64)))
        connection.register("roster", table)
        judged = judge_duckdb(connection, program, "roster")
        takers = limit_takers(connection, program, judged)
        met = overlaps(connection, program, judged)
    errors = [*roster.errors, *_contradictions(program, roster, judged)]
    lines = _lines(program, roster, judged, takers, met, errors, tell)
    tell(EXPLAINING, total, total)
    return RosterCheck(plan, scheme, dict(settings or {}), proof, lines, errors, roster, program)


def _lines(
    program: Program,
    roster: Roster,
    judged: pa.Table,
    takers: Mapping[int, list[int]],
    met: Mapping[int, int],
    errors: list[CellError],
    tell: Progress,
) -> pa.Table:
    """The judged lines with their place in the workbook, reasons, warnings and facts."""
    table = judged.drop_columns([c for c in ("ord", "batch", "limit_day", "limit_year") if c in judged.column_names])
    extra = [n for n in roster.table.column_names if n not in ("sheet", "row") and n not in table.column_names]
    for column in ("sheet", "row", *extra):
        table = table.append_column(column, roster.table[column])
    told = _Told(program, roster, takers, met, errors)
    reasons: list[pa.Array] = []
    warnings: list[pa.Array] = []
    for start in range(0, judged.num_rows, SLICE_ROWS):  # the sentences of all rows at once would not fit in memory
        tell(EXPLAINING, start, judged.num_rows)
        for column, chunks in zip(told.slice(judged.slice(start, SLICE_ROWS), start), (reasons, warnings), strict=True):
            chunks.append(pa.array(column, type=TEXT_LISTS))
    table = table.append_column("reasons", pa.chunked_array(reasons, type=TEXT_LISTS))
    table = table.append_column("warnings", pa.chunked_array(warnings, type=TEXT_LISTS))
    return table.select([*LINE_COLUMNS, *(c for c in table.column_names if c not in LINE_COLUMNS)])


class _Told:
    """What is told of the rows of a roster, a slice at a time."""

    def __init__(
        self,
        program: Program,
        roster: Roster,
        takers: Mapping[int, list[int]],
        met: Mapping[int, int],
        errors: list[CellError],
    ) -> None:
        self.program, self.roster, self.takers, self.met = program, roster, takers, met
        self.explainer, self.name = Explainer(program), _row_name(roster)
        self.overlapping = np.array(sorted(met), dtype=np.int64)
        self.bad_cells: dict[tuple[str, int], list[CellError]] = defaultdict(list)
        for error in errors:
            self.bad_cells[(error.sheet, error.row)].append(error)

    def slice(self, judged: pa.Table, start: int) -> tuple[list[list[str]], list[list[str]]]:
        """The reasons and the warning codes of some rows, the first of which is the roster's `start`."""
        reasons = self.explainer.reasons(judged, self.name, self.takers)
        first, last = np.searchsorted(self.overlapping, [start, start + judged.num_rows])
        warnings = _warnings(self.program, judged, self.overlapping[first:last] - start)
        self._add_warning_words(reasons, warnings, start)
        self._add_bad_cells(reasons, start)
        return reasons, warnings

    def _add_warning_words(self, reasons: list[list[str]], warnings: list[list[str]], start: int) -> None:
        """A sentence for each warning, after the reasons."""
        overlap = self.program.scheme.overlap
        for at, codes in enumerate(warnings):
            for code in codes:
                if code == OVERLAP and overlap:
                    said = overlap.message.format(row=self.name(self.met[start + at]))
                else:
                    said = self._words[code]
                reasons[at].append(f"提醒：{said}")

    @cached_property
    def _words(self) -> dict[str, str]:
        scheme = self.program.scheme
        words = {warn.code: warn.message for warn in scheme.warnings}
        words |= {rule.id: rule.message for rule in scheme.consistency}
        if scheme.payee.fact:
            words[PAYEE_UNKNOWN] = f"没有写{self.explainer.label(scheme.payee.fact)}，付给谁待补"
        return words

    def _add_bad_cells(self, reasons: list[list[str]], start: int) -> None:
        """The bad cells of a row, after its reasons."""
        if not self.bad_cells:
            return
        part = self.roster.table.slice(start, len(reasons))
        sheets, rows = part["sheet"].to_pylist(), part["row"].to_pylist()
        for at, key in enumerate(zip(sheets, rows, strict=True)):
            for error in self.bad_cells.get(key, ()):
                named = error.message.startswith(error.column)
                reasons[at].append(error.message if named else f"{error.column}：{error.message}")


def _row_name(roster: Roster) -> Callable[[int], str]:
    """How a row is called: `第 5 行`, with its sheet where there are several."""
    rows, sheets = roster.table["row"].to_numpy(), roster.table["sheet"]
    several = len(pc.unique(sheets)) > 1
    return lambda at: f"“{sheets[at]}”第 {rows[at]} 行" if several else f"第 {rows[at]} 行"


def _warnings(program: Program, judged: pa.Table, overlapping: Iterable[int]) -> list[list[str]]:
    """Warning codes of each row, in row order; `overlapping` are the positions of rows whose days meet another's."""
    rows: list[list[str]] = [[] for _ in range(judged.num_rows)]
    scheme, plan = program.scheme, program.plan
    entitled = np.flatnonzero(judged["verdict"].to_numpy(zero_copy_only=False) == "met")
    unset = [
        w
        for w in scheme.warnings
        if w.while_unset not in program.settings and not plan.parameters[w.while_unset].values
    ]
    for warn in unset:
        for at in entitled:
            rows[at].append(warn.code)
    if scheme.payee.fact and not scheme.payee.required:
        nobody = pc.is_null(judged[scheme.payee.fact]).to_numpy(zero_copy_only=False)
        for at in entitled[nobody[entitled]]:
            rows[at].append(PAYEE_UNKNOWN)
    for position in overlapping:
        rows[position].append(OVERLAP)
    for rule in scheme.consistency:
        if rule.clears is None:
            for at in np.flatnonzero(judged[f"k_{rule.id}"].to_numpy(zero_copy_only=False)):
                rows[at].append(rule.id)
    return rows


def _contradictions(program: Program, roster: Roster, judged: pa.Table) -> list[CellError]:
    """Rows that contradict themselves, as bad cells of the fact that is cleared."""
    found: list[CellError] = []
    columns = {column.key: column for column in columns_of(program.plan, program.scheme)}
    for rule in program.scheme.consistency:
        if rule.clears is None:
            continue
        for at in np.flatnonzero(judged[f"k_{rule.id}"].to_numpy(zero_copy_only=False)):
            value: Any = roster.table[rule.clears][int(at)].as_py()
            found.append(roster.error_at(int(at), columns[rule.clears], str(value), rule.message, rule.id))
    return found
