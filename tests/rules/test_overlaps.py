"""Rows of one person whose days meet: both engines name the same row, and a plain look at every pair agrees."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import duckdb
import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiujin.plan.models import Overlap
from jiujin.rules import compile_scheme, judge_duckdb, overlaps, overlaps_postgres
from jiujin.rules.judge import ARROW_TYPES
from jiujin.rules.program import Program
from tests.rules import oracle, worlds

FIRST = date(2022, 1, 1)
NAMES = ("id_number", "start_on", "end_on")
days = st.none() | st.integers(0, 30).map(lambda n: FIRST + timedelta(days=n))
ROWS = st.lists(st.tuples(st.none() | st.sampled_from("AB"), days, days), min_size=1, max_size=12)


def _program() -> Program:
    condition = oracle.GroupC("all", (oracle.LeafC("holds", oracle.Yes(oracle.FactQ("yes_a"))),))
    plan = worlds.plan_of(condition, dict.fromkeys(worlds.PARAMS), 1)
    rule = Overlap.model_validate({"from": "start_on", "to": "end_on", "message": "m"})
    return compile_scheme(plan, plan.schemes["s"].model_copy(update={"overlap": rule}))


PROGRAM = _program()


def _duckdb(rows: list[tuple[Any, ...]]) -> dict[int, int]:
    kinds = [ARROW_TYPES[PROGRAM.plan.facts[name].type] for name in NAMES]
    columns = {name: pa.array([row[at] for row in rows], type=kinds[at]) for at, name in enumerate(NAMES)}
    with duckdb.connect() as connection:
        connection.register("things", pa.table({"ord": pa.array(range(len(rows)), type=pa.int64()), **columns}))
        return overlaps(connection, PROGRAM, judge_duckdb(connection, PROGRAM, "things"))


def _postgres(cursor: Any, rows: list[tuple[Any, ...]]) -> dict[int, int]:
    def text(value: Any, kind: str) -> str:
        return f"CAST({'NULL' if value is None else repr(str(value))} AS {kind})"

    lines = [
        f"({at}, {text(who, 'TEXT')}, {text(start, 'DATE')}, {text(end, 'DATE')})"
        for at, (who, start, end) in enumerate(rows)
    ]
    relation = f"(VALUES {', '.join(lines)}) AS things(ord, {', '.join(NAMES)})"
    return overlaps_postgres(cursor, PROGRAM, relation, NAMES)


def _meet(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    whole = None not in (*one, *other) and one[1] <= one[2] and other[1] <= other[2]
    return whole and one[0] == other[0] and one[1] <= other[2] and other[1] <= one[2]


@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(ROWS)
def test_both_engines_name_a_row_that_meets_it_for_every_row_that_meets_one(
    postgres_cursor: Any, rows: list[tuple[Any, ...]]
) -> None:
    found = _duckdb(rows)
    assert found == _postgres(postgres_cursor, rows)
    meets = {at for at, one in enumerate(rows) for to, other in enumerate(rows) if at != to and _meet(one, other)}
    assert set(found) == meets
    assert all(at != to and _meet(rows[at], rows[to]) for at, to in found.items())


def test_a_scheme_without_the_rule_warns_of_none(postgres_cursor: Any) -> None:
    program = compile_scheme(PROGRAM.plan, PROGRAM.scheme.model_copy(update={"overlap": None}))
    assert overlaps_postgres(postgres_cursor, program, "(VALUES (1)) AS things(ord)", []) == {}
