"""Judges rows with a compiled scheme: DuckDB for files, PostgreSQL for records; both give the same columns.

The result is an Arrow table, one row a subject, in input order: `ord`, `verdict` (met, unmet, unknown), `unmet` (condition
ids), `missing` (fact ids, `param:ID`), `amount_fen` (int64, null while unknown), `limit_used` (how-manieth met line),
`k_…` flags of contradicting rows, and with `detail` the leaf answers `c_…` and every fact's value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol

import duckdb
import numpy as np
import pyarrow as pa

from jiujin.plan.models import Plan
from jiujin.rules.engines import DUCKDB, POSTGRES
from jiujin.rules.expressions import SQL_TYPES
from jiujin.rules.program import LEVELS, Program

ARROW_TYPES = {
    "money": pa.int64(),
    "months": pa.int64(),
    "days": pa.int64(),
    "years": pa.int64(),
    "count": pa.int64(),
    "date": pa.date32(),
    "yes_no": pa.bool_(),
    "choice": pa.string(),
    "text": pa.string(),
    "id_number": pa.string(),
    "credit_code": pa.string(),
}


class Cursor(Protocol):
    """What judging needs of a PostgreSQL cursor (psycopg's has it)."""

    def execute(self, query: Any) -> Any: ...
    def fetchall(self) -> list[tuple[Any, ...]]: ...


def source_sql(program: Program, relation: str, columns: Iterable[str], order: str = "ord") -> str:
    """A sub-query with `ord` and every direct fact of the program; a fact the relation lacks is null (not known)."""
    return facts_source(
        program.plan, program.direct, relation, columns, order, batched=program.batched, records=program.records
    )


def facts_source(
    plan: Plan,
    facts: Iterable[str],
    relation: str,
    columns: Iterable[str],
    order: str,
    *,
    batched: bool = False,
    records: bool = False,
) -> str:
    """A sub-query with `ord`, every fact, null where the relation lacks it, and with `records` the proof of each."""
    held = set(columns)
    parts = [f"{order} AS ord", *(["batch"] if batched else [])]
    for name in facts:
        kind = SQL_TYPES[plan.facts[name].type]
        parts.append(f"CAST({name} AS {kind}) AS {name}" if name in held else f"CAST(NULL AS {kind}) AS {name}")
        if records:
            level = f"{name}__proof" if f"{name}__proof" in held else str(LEVELS["declared"])
            parts.append(f"{level} AS {name}__proof")
    return f"(SELECT {', '.join(parts)} FROM {relation}) AS source"


def judge_duckdb(
    connection: duckdb.DuckDBPyConnection, program: Program, relation: str, *, order: str = "ord", detail: bool = True
) -> pa.Table:
    """Judge every row of a DuckDB relation (a table, view or `read_parquet(…)`); `order` gives the input order."""
    source = source_sql(program, relation, columns_of(connection, relation), order)
    wanted = ", ".join(result_columns(program, detail))
    query = DUCKDB.translate(f"SELECT {wanted} FROM ({program.sql(source)}) AS judged ORDER BY ord")
    return decoded(program, connection.sql(query).to_arrow_table())


def columns_of(connection: duckdb.DuckDBPyConnection, relation: str) -> list[str]:
    """The names of a DuckDB relation's columns."""
    return [row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()]


def judge_postgres(
    cursor: Cursor, program: Program, relation: str, columns: Iterable[str], *, order: str = "ord", detail: bool = True
) -> pa.Table:
    """Judge every row of a PostgreSQL relation (a table, or a sub-query with an alias) that holds fact columns."""
    return fetch_judged(cursor, program, source_sql(program, relation, columns, order), detail=detail)


def fetch_judged(
    cursor: Cursor, program: Program, source: str, *, detail: bool = True, limited: bool = True
) -> pa.Table:
    """Run the program in PostgreSQL over a source (`ord` and every direct fact) and read the judgement.

    Without `limited` each row is judged as if it were the only one: its limit is somebody else's to keep.
    """
    wanted = result_columns(program, detail)
    query = program.sql(source, limited=limited)
    cursor.execute(POSTGRES.translate(f"SELECT {', '.join(wanted)} FROM ({query}) AS judged ORDER BY ord"))
    rows = cursor.fetchall()
    columns = {
        name: pa.array([row[at] for row in rows], type=arrow_type(program, name)) for at, name in enumerate(wanted)
    }
    return decoded(program, pa.table(columns))


def result_columns(program: Program, detail: bool) -> list[str]:
    """The columns a judgement reads from the query."""
    fixed = ["ord", "verdict", "unmet_mask", "missing_mask", "amount_fen", "limit_used"]
    flags = [f"k_{rule.id}" for rule in program.scheme.consistency]
    keys = [name for name in ("batch", "limit_day", "limit_year") if name in program.column_names]
    return [*fixed, *flags, *keys, *(program.detail_columns() if detail else [])]


def arrow_type(program: Program, name: str) -> pa.DataType:
    """The Arrow type of a column of the query."""
    if name in program.plan.facts:
        return ARROW_TYPES[program.plan.facts[name].type]
    if name.startswith(("c_", "k_")):
        return pa.bool_()
    return {"verdict": pa.string(), "limit_day": pa.date32()}.get(name, pa.int64())


def decoded(program: Program, table: pa.Table) -> pa.Table:
    """The table with bit masks turned into lists of names (each distinct mask is turned once)."""
    for mask, name, names in (
        ("unmet_mask", "unmet", program.unmet_ids),
        ("missing_mask", "missing", program.missing_ids),
    ):
        table = table.set_column(table.column_names.index(mask), name, _lists(table[mask], names))
    return table


def _lists(masks: pa.ChunkedArray, names: Callable[[int], list[str]]) -> pa.Array:
    distinct, positions = np.unique(masks.to_numpy(), return_inverse=True)
    lists = pa.array([names(int(mask)) for mask in distinct], type=pa.list_(pa.string()))
    return lists.take(pa.array(positions))


def limit_takers(connection: duckdb.DuckDBPyConnection, program: Program, judged: pa.Table) -> dict[int, list[int]]:
    """For each row over its limit (`ord`), the rows that took its places, earliest first."""
    if program.scheme.limit is None:
        return {}
    connection.register("judged_lines", judged)
    keys = ", ".join(program.limit_columns)
    query = (
        f"WITH late AS (SELECT ord AS late_ord, {keys} FROM judged_lines WHERE list_contains(unmet, 'limit'))"
        f" SELECT late_ord, list(ord ORDER BY limit_used) FROM late JOIN judged_lines USING ({keys})"
        " WHERE limit_used IS NOT NULL GROUP BY late_ord"
    )
    takers = dict(connection.execute(query).fetchall())
    connection.unregister("judged_lines")
    return takers
