"""Judges a roster file against one scheme, every row at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
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
    tell("写明原因", 0, total)
    errors = [*roster.errors, *_contradictions(program, roster, judged)]
    lines = _lines(program, roster, judged, takers, met, errors)
    tell("写明原因", total, total)
    return RosterCheck(plan, scheme, dict(settings or {}), proof, lines, errors, roster, program)


def _lines(
    program: Program,
    roster: Roster,
    judged: pa.Table,
    takers: Mapping[int, list[int]],
    met: Mapping[int, int],
    errors: list[CellError],
) -> pa.Table:
    """The judged lines with their place in the workbook, reasons, warnings and facts."""
    name = _row_name(roster)
    reasons = Explainer(program).reasons(judged, name, takers)
    warnings = _warnings(program, judged, met)
    _add_warning_words(program, judged, reasons, warnings, met, name)
    _add_bad_cells(roster, reasons, errors)
    table = judged.drop_columns([c for c in ("ord", "batch", "limit_day", "limit_year") if c in judged.column_names])
    text_lists = pa.list_(pa.string())
    extra = [n for n in roster.table.column_names if n not in ("sheet", "row") and n not in table.column_names]
    for column, values in (("sheet", roster.table["sheet"]), ("row", roster.table["row"])):
        table = table.append_column(column, values)
    for column in extra:
        table = table.append_column(column, roster.table[column])
    table = table.append_column("reasons", pa.array(reasons, type=text_lists))
    table = table.append_column("warnings", pa.array(warnings, type=text_lists))
    return table.select([*LINE_COLUMNS, *(c for c in table.column_names if c not in LINE_COLUMNS)])


def _row_name(roster: Roster) -> Callable[[int], str]:
    """How a row is called: `第 5 行`, with its sheet where there are several."""
    rows = roster.table["row"].to_pylist()
    several = len(pc.unique(roster.table["sheet"])) > 1
    sheets = roster.table["sheet"].to_pylist() if several else None

    def name(at: int) -> str:
        return f"“{sheets[at]}”第 {rows[at]} 行" if sheets else f"第 {rows[at]} 行"

    return name


def _warnings(program: Program, judged: pa.Table, met: Mapping[int, int]) -> list[list[str]]:
    """Warning codes of each row, in row order."""
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
    for row in met:
        rows[row].append(OVERLAP)
    for rule in scheme.consistency:
        if rule.clears is None:
            for at in np.flatnonzero(judged[f"k_{rule.id}"].to_numpy(zero_copy_only=False)):
                rows[at].append(rule.id)
    return rows


def _add_warning_words(
    program: Program,
    judged: pa.Table,
    reasons: list[list[str]],
    warnings: list[list[str]],
    met: Mapping[int, int],
    name: Callable[[int], str],
) -> None:
    """A sentence for each warning, after the reasons."""
    scheme = program.scheme
    words = {warn.code: warn.message for warn in scheme.warnings}
    words |= {rule.id: rule.message for rule in scheme.consistency}
    if scheme.payee.fact:
        words[PAYEE_UNKNOWN] = f"没有写{Explainer(program).label(scheme.payee.fact)}，付给谁待补"
    for at, codes in enumerate(warnings):
        for code in codes:
            said = (
                scheme.overlap.message.format(row=name(met[at])) if code == OVERLAP and scheme.overlap else words[code]
            )
            reasons[at].append(f"提醒：{said}")


def _add_bad_cells(roster: Roster, reasons: list[list[str]], errors: list[CellError]) -> None:
    """The bad cells of a row, after its reasons."""
    if not errors:
        return
    by_line: dict[tuple[str, int], list[CellError]] = defaultdict(list)
    for error in errors:
        by_line[(error.sheet, error.row)].append(error)
    sheets, rows = roster.table["sheet"].to_pylist(), roster.table["row"].to_pylist()
    for at, key in enumerate(zip(sheets, rows, strict=True)):
        for error in by_line.get(key, ()):
            named = error.message.startswith(error.column)
            reasons[at].append(error.message if named else f"{error.column}：{error.message}")


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
