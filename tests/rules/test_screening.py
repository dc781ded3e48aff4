"""Judging every scheme of a subject in one pass gives what judging each alone gives, row for row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiujin.plan.models import Plan, Scheme
from jiujin.plan.parameters import typed_value
from jiujin.rules import (
    compile_scheme,
    compile_screening,
    judge_duckdb,
    kinds,
    open_plan,
    screen,
    screen_verdicts,
    screened,
)
from jiujin.rules.judge import ARROW_TYPES
from jiujin.rules.screening import Screening, verdicts_query
from jiujin.rules.worked import worked_spells
from tests.rules import worlds

SLOW = settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
)
LEVELS = st.sampled_from([None, None, "declared", "documented", "verified"])
AMOUNTS = ["param('fen')", "param('fen') * months_a", "param('fen') * whole_months(start_on, end_on)", None]
CLEARS = {"id": "ends_before_start", "when": "end_on < start_on", "clears": "months_a", "message": "m"}
LIMITS = [
    None,
    {"per": ["person", "year"], "count": 1},
    {"per": ["person", "year"], "count": 2},
    {"per": ["person", "kind"], "count": 1},
]


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """A plan with one to three schemes of one subject, with limits, amounts, contradictions and proof levels of their own."""
    values = draw(worlds.params)
    plan = worlds.plan_of(draw(worlds.conditions()), values, 1)
    schemes = {}
    for name in ("s", "t", "u")[: draw(st.integers(1, 3))]:
        tree = _proven(draw(worlds.conditions()).yaml(), draw)
        body = {
            **plan.schemes["s"].model_dump(by_alias=True, exclude_none=True, exclude={"conditions", "limit", "amount"}),
            "id": name, "conditions": tree, "amount": draw(st.sampled_from(AMOUNTS)),
            "limit": draw(st.sampled_from(LIMITS)), "consistency": draw(st.sampled_from([[], [CLEARS]])),
        }  # fmt: skip
        schemes[name] = Scheme.model_validate(body)
    return plan.model_copy(update={"schemes": schemes})


def _proven(tree: dict[str, Any], draw: st.DrawFn) -> dict[str, Any]:
    """The tree with a proof level asked of some leaves."""
    if "when" in tree:
        level = draw(LEVELS)
        return {**tree, "proof": level} if level else tree
    return {
        key: [_proven(part, draw) for part in value] if isinstance(value, list) else _proven(value, draw)
        for key, value in tree.items()
    }


def _table(rows: list[dict[str, Any]], ords: list[int], proofs: list[int] | None = None) -> pa.Table:
    columns = {
        name: pa.array([row[name] for row in rows], type=ARROW_TYPES[spec["type"]])
        for name, spec in worlds.FACTS.items()
    }
    if proofs:
        columns |= {f"{name}__proof": pa.array(proofs) for name in worlds.FACTS}
    return pa.table({"ord": pa.array(ords, type=pa.int64()), **columns})


def _alone(plan: Plan, table: pa.Table, **options: Any) -> dict[str, list[tuple[Any, ...]]]:
    """Each scheme judged by itself."""
    found = {}
    with duckdb.connect() as connection:
        connection.register("things", table)
        for name, scheme in plan.schemes.items():
            program = compile_scheme(plan, scheme, **options)
            judged = judge_duckdb(connection, program, "things", detail=False).to_pylist()
            found[name] = [
                (row["ord"], row["verdict"], row["unmet"], row["missing"], row["amount_fen"], row["limit_used"])
                for row in judged
            ]
    return found


def _together(screening: Screening, table: pa.Table) -> dict[str, list[tuple[Any, ...]]]:
    """All schemes in one pass."""
    with duckdb.connect() as connection:
        connection.register("things", table)
        with screened(connection, screening, "things") as query:
            rows = connection.sql(f"SELECT * FROM ({query}) ORDER BY ord").to_arrow_table().to_pylist()
        assert connection.execute("SELECT count(*) FROM duckdb_tables()").fetchone() == (0,)
    return {
        scheme.program.scheme.id: [_line(row, scheme.program.scheme.id) for row in rows] for scheme in screening.schemes
    }


def _line(row: dict[str, Any], scheme: str) -> tuple[Any, ...]:
    verdict, unmet, missing, amount_fen, limit_used = (row[f"{scheme}.{word}"] for word in COLUMNS)
    return row["ord"], verdict, unmet.split(), missing.split(), amount_fen, limit_used


COLUMNS = ("verdict", "unmet", "missing", "amount_fen", "limit_used")
ROWS = st.lists(worlds.rows, min_size=1, max_size=14)


@SLOW
@given(plans(), ROWS, st.sampled_from([None, "declared", "documented", "verified"]), st.randoms())
def test_one_pass_equals_each_scheme_alone(plan: Plan, rows: list[dict[str, Any]], proof: Any, order: Any) -> None:
    ords = [10 * at for at in range(len(rows))]
    order.shuffle(ords)
    table = _table(rows, ords)
    screening = compile_screening(plan, "thing", proof=proof)
    assert _together(screening, table) == _alone(plan, table, proof=proof)


@SLOW
@given(plans(), ROWS, st.data())
def test_one_pass_equals_each_scheme_alone_with_a_proof_of_its_own_for_each_fact(
    plan: Plan, rows: list[dict[str, Any]], choose: st.DataObject
) -> None:
    proofs = choose.draw(st.lists(st.integers(1, 3), min_size=len(rows), max_size=len(rows)))
    table = _table(rows, list(range(len(rows))), proofs)
    screening = compile_screening(plan, "thing", records=True)
    assert _together(screening, table) == _alone(plan, table, records=True)


@SLOW
@given(plans(), ROWS)
def test_bare_verdicts_are_those_before_limits(plan: Plan, rows: list[dict[str, Any]]) -> None:
    table = _table(rows, list(range(len(rows))))
    with duckdb.connect() as connection:
        connection.register("things", table)
        query = verdicts_query(connection, compile_screening(plan, "thing"), "things")
        found = connection.sql(f"SELECT * FROM ({query}) ORDER BY ord").to_arrow_table().to_pylist()
    for name, lines in _alone(plan, table).items():
        assert [row[name] for row in found] == ["met" if line[2] == ["limit"] else line[1] for line in lines]


@SLOW
@given(plans(), ROWS)
def test_codes_that_do_not_fit_in_one_are_several(plan: Plan, rows: list[dict[str, Any]]) -> None:
    table = _table(rows, list(range(len(rows))))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kinds, "PART_BITS", 2)
        patch.setattr(kinds, "CODE_BITS", 2)
        screening = compile_screening(plan, "thing")
    assert any(len(scheme.codes) > 1 for scheme in screening.schemes)
    assert _together(screening, table) == _alone(plan, table)


def test_a_relation_without_rows_is_screened_to_none() -> None:
    with duckdb.connect() as connection:
        connection.register("things", _worked("placement").slice(0, 0))
        with screened(connection, compile_screening(PLAN, "placement"), "things") as query:
            assert connection.sql(query).to_arrow_table().num_rows == 0


PLAN = open_plan("jinan-2022")
SUBJECTS = sorted({scheme.subject for scheme in PLAN.schemes.values()})


def _worked(subject: str) -> pa.Table:
    """Every row of the worked cases of a subject's schemes."""
    schemes = [scheme for scheme in PLAN.schemes.values() if scheme.subject == subject]
    rows = [row for scheme in schemes for spell in worked_spells(PLAN, scheme)[1] for row in spell]
    names = dict.fromkeys(name for row in rows for name in row)
    columns = {
        name: pa.array([row.get(name) for row in rows], type=ARROW_TYPES[PLAN.facts[name].type]) for name in names
    }
    return pa.table({"ord": pa.array(range(len(rows)), type=pa.int64()), **columns})


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_worked_cases_of_a_plan_are_judged_alike_in_one_pass(subject: str) -> None:
    table = _worked(subject)
    plan = PLAN.model_copy(update={"schemes": {n: s for n, s in PLAN.schemes.items() if s.subject == subject}})
    books = [PLAN.cases[name] for name in plan.schemes]
    given_ = {name: typed_value(PLAN.parameters[name], raw) for book in books for name, raw in book.set.items()}
    found = _together(compile_screening(plan, subject, settings=given_), table)
    assert found == _alone(plan, table, settings=given_)
    assert all({"met", "unmet", "unknown"} <= {line[1] for line in lines} for lines in found.values())


def test_the_file_holds_five_columns_a_scheme_and_says_which_plan_judged_it(tmp_path: Path) -> None:
    screening = compile_screening(PLAN, "placement", settings={"flexible_grant": 60_000, "minimum_wage": 150_000})
    with duckdb.connect() as connection:
        connection.register("things", _worked("placement"))
        screen(connection, screening, "things", tmp_path / "it's.parquet")
        screen_verdicts(connection, screening, "things", tmp_path / "bare.parquet")
    table = pq.read_table(tmp_path / "it's.parquet")
    names = [scheme.program.scheme.id for scheme in screening.schemes]
    assert table.column_names == ["ord", *(f"{name}.{word}" for name in names for word in COLUMNS)]
    met = [line for line in table.to_pylist() if line["flexible-employment.verdict"] == "met"]
    assert {line["flexible-employment.amount_fen"] for line in met} == {60_000}
    assert {line["flexible-employment.limit_used"] for line in met} == {1, 2, 3}
    assert (table.schema.metadata[b"plan"], table.schema.metadata[b"digest"]) == (b"jinan-2022", PLAN.digest.encode())
    assert pq.read_table(tmp_path / "bare.parquet").column_names == ["ord", *names]


def test_verdicts_and_reasons_are_enumerations_which_a_file_of_millions_is_written_from_three_times_faster() -> None:
    screening = compile_screening(PLAN, "placement", settings={"flexible_grant": 60_000, "minimum_wage": 150_000})
    with duckdb.connect() as connection:
        connection.register("things", _worked("placement"))
        with screened(connection, screening, "things") as query:
            types = {name: kind for name, kind, *_ in connection.execute(f"DESCRIBE {query}").fetchall()}
    words = [name for name in types if name.endswith((".verdict", ".unmet", ".missing"))]
    assert len(words) == 3 * len(screening.schemes)
    assert all(types[name].startswith("ENUM") for name in words)


def test_a_pass_that_fails_leaves_no_table_behind(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        connection.register("things", _worked("placement"))
        with pytest.raises(duckdb.Error):
            screen(connection, compile_screening(PLAN, "placement"), "things", tmp_path / "nowhere" / "out.parquet")
        assert connection.execute("SELECT count(*) FROM duckdb_tables()").fetchone() == (0,)


@pytest.mark.parametrize("schemes", [[], ["stable-employment", "campus-fair"]])
def test_schemes_of_another_subject_are_refused(schemes: list[str]) -> None:
    with pytest.raises(ValueError, match="not schemes of placement"):
        compile_screening(PLAN, "placement", schemes=schemes)
