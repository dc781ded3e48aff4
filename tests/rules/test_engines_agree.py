"""DuckDB, PostgreSQL and a plain evaluator give the same verdict, reasons, gaps and limits on generated rules and rows."""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiujin.rules.engines import DUCKDB
from jiujin.rules.expressions import SQL_TYPES, add_months_sql, whole_months_sql, years_old_sql
from jiujin.rules.judge import ARROW_TYPES, judge_duckdb, judge_postgres
from jiujin.rules.program import Program, compile_scheme
from tests.rules import oracle, worlds

SLOW = settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
)


def _table(rows: list[dict[str, Any]]) -> pa.Table:
    kinds = {name: ARROW_TYPES[spec["type"]] for name, spec in worlds.FACTS.items()}
    columns = {name: pa.array([row[name] for row in rows], type=kind) for name, kind in kinds.items()}
    return pa.table({"ord": pa.array(range(len(rows)), type=pa.int64()), **columns})


def _duckdb(program: Program, rows: list[dict[str, Any]]) -> pa.Table:
    with duckdb.connect() as connection:
        connection.register("things", _table(rows))
        return judge_duckdb(connection, program, "things", detail=False)


def _postgres(cursor: Any, program: Program, rows: list[dict[str, Any]]) -> pa.Table:
    """The rows as a VALUES list of the same types."""
    names = list(worlds.FACTS)
    kinds = [SQL_TYPES[worlds.FACTS[name]["type"]] for name in names]

    def literal(value: Any, kind: str) -> str:
        text = "NULL" if value is None else f"'{value}'" if isinstance(value, str | date) else str(value)
        return f"CAST({text} AS {kind})"

    lines = [
        f"({at}, {', '.join(literal(row[name], kind) for name, kind in zip(names, kinds, strict=True))})"
        for at, row in enumerate(rows)
    ]
    relation = f"(VALUES {', '.join(lines)}) AS things(ord, {', '.join(names)})"
    return judge_postgres(cursor, program, relation, names, detail=False)


def _plain(table: pa.Table) -> list[tuple[Any, ...]]:
    return [
        (row["verdict"], frozenset(row["unmet"]), frozenset(row["missing"]), row["limit_used"], row["amount_fen"])
        for row in table.to_pylist()
    ]


def _expected(condition: Any, rows: list[dict[str, Any]], values: dict[str, Any], limit: int) -> list[tuple[Any, ...]]:
    found = []
    for verdict in oracle.judge(condition, rows, values, limit, worlds.PERIOD):
        missing = set(verdict.missing)
        amount = {"met": values["fen"], "unmet": 0, "unknown": None}[verdict.verdict]
        if verdict.verdict == "met" and values["fen"] is None:
            missing.add("param:fen")
        found.append((verdict.verdict, frozenset(verdict.unmet), frozenset(missing), verdict.limit_used, amount))
    return found


@SLOW
@given(worlds.conditions(), worlds.params, st.lists(worlds.rows, min_size=1, max_size=12), st.integers(1, 2))
def test_duckdb_agrees_with_the_plain_evaluator(
    condition: Any, values: dict[str, Any], rows: list[dict[str, Any]], limit: int
) -> None:
    plan = worlds.plan_of(condition, values, limit)
    program = compile_scheme(plan, plan.schemes["s"])
    assert _plain(_duckdb(program, rows)) == _expected(condition, rows, values, limit)


@SLOW
@given(worlds.conditions(), worlds.params, st.lists(worlds.rows, min_size=1, max_size=12), st.integers(1, 2))
def test_postgres_agrees_with_duckdb(
    postgres_cursor: Any, condition: Any, values: dict[str, Any], rows: list[dict[str, Any]], limit: int
) -> None:
    plan = worlds.plan_of(condition, values, limit)
    program = compile_scheme(plan, plan.schemes["s"])
    assert _plain(_postgres(postgres_cursor, program, rows)) == _plain(_duckdb(program, rows))


@SLOW
@given(worlds.conditions(), worlds.params, st.lists(worlds.rows, min_size=1, max_size=6))
def test_settings_override_parameters_as_if_they_were_in_the_pack(
    condition: Any, values: dict[str, Any], rows: list[dict[str, Any]]
) -> None:
    unset = worlds.plan_of(condition, dict.fromkeys(values), 1)
    given_ = {name: value for name, value in values.items() if value is not None}
    trial = compile_scheme(unset, unset.schemes["s"], settings=given_)
    plan = worlds.plan_of(condition, values, 1)
    assert _plain(_duckdb(trial, rows)) == _plain(_duckdb(compile_scheme(plan, plan.schemes["s"]), rows))


PAIRS = [
    (start, end)
    for start in worlds.EDGES
    for end in (date.fromordinal(start.toordinal() + offset) for offset in (*range(-40, 800, 1),))
]


def _spans(connection_sql: Any) -> None:
    """Month and year counts over ten thousand pairs of dates, month ends and leap days among them."""
    values = ", ".join(f"(DATE '{a}', DATE '{b}')" for a, b in PAIRS)
    query = f"SELECT {whole_months_sql('a', 'b')}, {years_old_sql('a', 'b')}, {add_months_sql('a', '7')} FROM (VALUES {values}) AS pairs(a, b)"
    expected = [(oracle.whole_months(a, b), oracle.years_old(a, b), oracle.add_months(a, 7)) for a, b in PAIRS]
    assert [tuple(row) for row in connection_sql(query)] == expected


def test_duckdb_counts_months_and_years_as_the_calendar_does() -> None:
    with duckdb.connect() as connection:
        _spans(lambda query: connection.execute(DUCKDB.translate(query)).fetchall())


def test_postgres_counts_months_and_years_as_the_calendar_does(postgres_cursor: Any) -> None:
    def run(query: str) -> list[tuple[Any, ...]]:
        postgres_cursor.execute(query)
        return postgres_cursor.fetchall()

    _spans(run)
