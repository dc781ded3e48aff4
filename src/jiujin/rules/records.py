"""Judges records in PostgreSQL: each fact is read by the pack's own SQL (`records`), with its proof (`records_proof`).

That SQL is an expression over the subject's row (alias `subject`). `param('ID', DAY)` in it is the parameter's value on a
day of its own, as a wage floor is another in another month; it is null where none applies.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyarrow as pa
from sqlglot import exp

from jiujin.plan.models import Plan
from jiujin.plan.parameters import Value
from jiujin.rules.expressions import SQL_TYPES, Fragment, Writer, literal
from jiujin.rules.judge import Cursor, fetch_judged
from jiujin.rules.language import Scope, parse_records
from jiujin.rules.program import LEVELS, Program

WRITTEN_MAX = 1000


def judge_records(
    cursor: Cursor, program: Program, table: str, *, where: str = "TRUE", detail: bool = True
) -> pa.Table:
    """Judge the rows of a table of subjects; `ord` is the row's id. `program` is compiled with `records=True`.

    Args:
        table: the subject's table (`work_placement`), a name of ours.
        where: which rows, as SQL over `subject`, a text of ours.
    """
    return fetch_judged(cursor, program, records_source(program, table, where=where), detail=detail)


def records_source(program: Program, table: str, *, where: str = "TRUE") -> str:
    """A sub-query with `ord`, every direct fact of the program read from records, and its proof as 1, 2 or 3."""
    query = facts_query(
        program.plan, program.scheme.subject, program.direct, table, settings=program.settings, where=where
    )
    return f"({query}) AS source"


def facts_query(
    plan: Plan,
    subject: str,
    facts: Iterable[str],
    table: str,
    *,
    settings: Mapping[str, Value],
    where: str = "TRUE",
    more: Mapping[str, str] | None = None,
) -> str:
    """A query for `ord`, some facts of a subject read from records, their proofs, and `more` columns (name → SQL)."""
    parts = ["subject.id AS ord", *(f"{sql} AS {name}" for name, sql in (more or {}).items())]
    for name in facts:
        fact = plan.facts[name]
        records = fact.records_of(subject)
        value = with_parameters(records, plan, settings) if records else "NULL"
        proof = fact.records_proof_of(subject) or str(LEVELS["declared"])
        parts += [f"CAST({value} AS {SQL_TYPES[fact.type]}) AS {name}", f"{proof} AS {name}__proof"]
    # OFFSET 0 keeps PostgreSQL from copying each reading into every place that names the fact.
    return f"SELECT {', '.join(parts)} FROM {table} AS subject WHERE {where} OFFSET 0"


# Reading and writing SQL again costs milliseconds; a text stands with the plan that it was written for.
_written: dict[tuple[str, frozenset[tuple[str, Value]]], tuple[Plan, str]] = {}


def with_parameters(sql: str, plan: Plan, settings: Mapping[str, Value]) -> str:
    """The SQL with every `param('ID', DAY)` replaced by the parameter's value on that day."""
    if "param(" not in sql:
        return sql
    key = (sql, frozenset(settings.items()))
    held = _written.get(key)
    if held is None or held[0] is not plan:
        if len(_written) >= WRITTEN_MAX:
            _written.clear()
        held = _written[key] = plan, _with_values(sql, plan, settings)
    return held[1]


def _with_values(sql: str, plan: Plan, settings: Mapping[str, Value]) -> str:
    return parse_records(sql).transform(lambda node: _value_on_day(node, plan, settings)).sql(dialect="postgres")


def _value_on_day(node: exp.Expr, plan: Plan, settings: Mapping[str, Value]) -> exp.Expr:
    if not isinstance(node, exp.Anonymous) or str(node.this).lower() != "param":
        return node
    name, day = node.expressions
    parameter = plan.parameters[str(name.this)]
    writer = Writer(plan, Scope({}, plan.parameters), settings, lambda fact: Fragment(fact, "text"))
    fixed, value = writer.constant(parameter)
    return parse_records(
        literal(value, parameter.type) if fixed else writer.at_day(parameter, day.sql(dialect="postgres"))
    )
