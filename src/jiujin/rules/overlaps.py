"""Rows of one person whose days meet: warned of in a roster, refused at a claim. The same query in both engines.

One pass in start order: a row meets an earlier one where the furthest end so far reaches its start, else the next one
where that starts before its own end; so a person with a million rows costs a sort, not a million squared.
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb
import pyarrow as pa

from jiujin.rules.engines import DUCKDB, POSTGRES
from jiujin.rules.judge import Cursor, source_sql
from jiujin.rules.program import Program
from jiujin.rules.records import records_source


def overlaps(connection: duckdb.DuckDBPyConnection, program: Program, judged: pa.Table) -> dict[int, int]:
    """For each row of a judgement with detail whose days meet another's of the same person: `ord` → one such `ord`."""
    if program.scheme.overlap is None:
        return {}
    connection.register("judged_lines", judged)
    pairs = dict(connection.execute(DUCKDB.translate(overlap_sql(program, "judged_lines"))).fetchall())
    connection.unregister("judged_lines")
    return pairs


def overlaps_postgres(
    cursor: Cursor, program: Program, relation: str, columns: Iterable[str], *, order: str = "ord"
) -> dict[int, int]:
    """The same over a PostgreSQL relation that holds fact columns (see `judge_postgres`)."""
    return _fetched(cursor, program, source_sql(program, relation, columns, order))


def overlaps_records(cursor: Cursor, program: Program, table: str, *, where: str = "TRUE") -> dict[int, int]:
    """The same over the rows of a table of subjects (see `judge_records`): `id` → one such `id`."""
    return _fetched(cursor, program, records_source(program, table, where=where))


def _fetched(cursor: Cursor, program: Program, source: str) -> dict[int, int]:
    if program.scheme.overlap is None:
        return {}
    cursor.execute(POSTGRES.translate(overlap_sql(program, f"({program.sql(source, limited=False)}) AS judged")))
    return {int(row[0]): int(row[1]) for row in cursor.fetchall()}


def overlap_sql(program: Program, relation: str) -> str:
    """`ord` and `other` of every row that meets another, in PostgreSQL's dialect, over rows that hold facts.

    Of the rows that end latest so far, `other` is the one that starts first; ties go by `ord`.
    """
    rule = program.scheme.overlap
    assert rule is not None
    batch = "batch" if program.batched else "0"
    earlier = "PARTITION BY who, batch ORDER BY first_day, ord"
    return (
        f"WITH spans AS (SELECT ord, {batch} AS batch, {program.scheme.identity} AS who, {rule.start} AS first_day,"
        f" {rule.end} AS last_day FROM {relation} WHERE {program.scheme.identity} IS NOT NULL"
        f" AND {rule.start} <= {rule.end}),"
        f" beside AS (SELECT *, MAX(last_day) OVER ({earlier} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
        f" AS reached, LEAD(ord) OVER ({earlier}) AS next_ord, LEAD(first_day) OVER ({earlier}) AS next_start,"
        " ROW_NUMBER() OVER (PARTITION BY who, batch, last_day ORDER BY first_day, ord) AS nth FROM spans)"
        " SELECT line.ord, CASE WHEN line.reached >= line.first_day THEN before.ord ELSE line.next_ord END AS other"
        " FROM beside AS line LEFT JOIN beside AS before ON before.nth = 1 AND before.who = line.who"
        " AND before.batch = line.batch AND before.last_day = line.reached"
        " WHERE line.reached >= line.first_day OR line.next_start <= line.last_day"
    )
