"""Two ways of judging compared, held against a plain count over each way's own judgement of each scheme alone."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiujin.plan.models import Plan
from jiujin.plan.parameters import typed_value
from jiujin.rules import (
    Judged,
    Side,
    Simulation,
    compile_scheme,
    judge_duckdb,
    open_plan,
    screening_of,
    simulate,
    with_limits,
)
from jiujin.rules.judge import ARROW_TYPES
from jiujin.rules.worked import worked_spells
from tests.rules.oracle import add_months

PLAN = open_plan("jinan-2022")
SCHEMES = [scheme for scheme in PLAN.schemes.values() if scheme.subject == "placement"]
RATES = {"stable_grant": 100_000, "flexible_grant": 60_000, "assistance_grant": 30_000, "minimum_wage": 150_000}
AREAS = ("341502001", "341502002", None)
SLOW = settings(
    deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
WORKED = [row for scheme in SCHEMES for spell in worked_spells(PLAN, scheme)[1] for row in spell]


def rows_of(picked: list[int], areas: list[str | None]) -> pa.Table:
    """Some rows of the worked cases as records, all proven, each somewhere."""
    rows = [WORKED[at % len(WORKED)] for at in picked]
    names = dict.fromkeys(name for row in WORKED for name in row)
    columns: dict[str, Any] = {
        name: pa.array([row.get(name) for row in rows], type=ARROW_TYPES[PLAN.facts[name].type]) for name in names
    }
    columns |= {f"{name}__proof": pa.array([3] * len(rows), type=pa.int64()) for name in names}
    columns["income_over_wage_floor"] = pa.array(
        [None if row.get("lowest_monthly_income") is None else row["lowest_monthly_income"] - 150_000 for row in rows],
        type=pa.int64(),
    )
    columns["income_over_wage_floor__proof"] = pa.array([3] * len(rows), type=pa.int64())
    columns["area"] = pa.array(areas, type=pa.string())
    return pa.table({"ord": pa.array(range(len(rows)), type=pa.int64()), **columns})


def alone(side: Side, table: pa.Table, scheme: str) -> dict[int, int | None]:
    """The met rows of one scheme judged by itself, and their fen."""
    with duckdb.connect() as connection:
        connection.register("things", table)
        program = compile_scheme(side.plan, side.plan.schemes[scheme], settings=side.settings, records=True)
        judged = judge_duckdb(connection, program, "things", detail=False).to_pylist()
    return {row["ord"]: row["amount_fen"] for row in judged if row["verdict"] == "met"}


def tried(before: Side, after: Side, table: pa.Table, budgets: dict[str, int] | None = None) -> Simulation:
    with duckdb.connect() as connection:
        connection.register("things", table)
        screenings = screening_of(before, "placement"), screening_of(after, "placement")
        found = simulate(connection, [Judged(*screenings, "things", "things")], budgets=budgets)
        assert connection.execute("SELECT count(*) FROM duckdb_tables()").fetchone() == (0,)
    return found


@SLOW
@given(
    st.lists(st.tuples(st.integers(0, len(WORKED) - 1), st.sampled_from(AREAS)), min_size=1, max_size=40),
    st.integers(1, 3),
    st.integers(3, 8),
    st.sampled_from([60_000, 80_000]),
)
def test_every_figure_is_the_plain_count(
    picked: list[tuple[int, str | None]], count: int, months: int, grant: int
) -> None:
    table = rows_of([at for at, _ in picked], [area for _, area in picked])
    before = Side(PLAN, RATES)
    after = Side(
        with_limits(PLAN, {"flexible-employment": count}),
        {**RATES, "stable_insurance_months": months, "flexible_grant": grant},
    )
    found = tried(before, after, table)
    expected: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * 11)
    whose = table["id_number"].to_pylist()
    for scheme in SCHEMES:
        old, new = alone(before, table, scheme.id), alone(after, table, scheme.id)
        seen: set[tuple[str, str, Any]] = set()
        for ord_, (_, area) in enumerate(picked):
            line = expected[scheme.id, area or ""]
            line[0] += 1
            for at, met, side in ((1, old, "old"), (5, new, "new")):
                if ord_ in met:
                    line[at] += 1
                    line[at + 1] += (side, area or "", whose[ord_]) not in seen
                    seen.add((side, area or "", whose[ord_]))
                    line[at + 2] += met[ord_] or 0
                    line[at + 3] += met[ord_] is None
            line[9] += ord_ in new and ord_ not in old
            line[10] += ord_ in old and ord_ not in new
    shown = {
        (one.scheme, one.area): [one.subjects, *one.before.values, *one.after.values, one.gains, one.loses]
        for one in found.outcomes
    }
    assert shown == dict(expected)
    total = found.total()
    assert total.after.amount_fen == sum(one.after.amount_fen for one in found.by_area())
    assert total.difference_fen == sum(one.difference_fen for one in found.by_scheme())


@SLOW
@given(st.lists(st.integers(0, len(WORKED) - 1), min_size=1, max_size=40), st.integers(0, 600_000))
def test_a_budget_lasts_as_the_days_run(picked: list[int], budget_fen: int) -> None:
    table = rows_of(picked, [None] * len(picked))
    side = Side(PLAN, RATES)
    [found] = tried(side, side, table, {"flexible-employment": budget_fen}).spending
    months = typed_value(PLAN.parameters["flexible_months"], PLAN.parameters["flexible_months"].values[0].value)
    assert isinstance(months, int)
    starts = table["start_on"].to_pylist()
    lines = sorted(
        (add_months(starts[ord_], months), ord_, fen)
        for ord_, fen in alone(side, table, "flexible-employment").items()
        if fen is not None
    )
    left, covered, exhausted_on = budget_fen, 0, None
    for day, _, fen in lines:
        if left < fen:
            exhausted_on = day
            break
        left, covered = left - fen, covered + 1
    assert (found.covered, found.exhausted_on) == (covered, exhausted_on)
    assert found.left_fen == budget_fen - sum(fen for *_, fen in lines)


def without(plan: Plan, scheme: str) -> Plan:
    return plan.model_copy(update={"schemes": {n: s for n, s in plan.schemes.items() if n != scheme}})


def test_a_scheme_that_only_one_plan_has_meets_nobody_on_the_other_side() -> None:
    table = rows_of(list(range(len(WORKED))), [None] * len(WORKED))
    both, less = Side(PLAN, RATES), Side(without(PLAN, "flexible-employment"), RATES)
    ended = {one.scheme: one for one in tried(both, less, table).by_scheme()}["flexible-employment"]
    assert (ended.before.met > 0, ended.after.met, ended.loses) == (True, 0, ended.before.met)
    begun = {one.scheme: one for one in tried(less, both, table).by_scheme()}["flexible-employment"]
    assert (begun.before.met, begun.gains) == (0, begun.after.met)


def test_a_rate_that_is_unset_leaves_the_cost_open() -> None:
    table = rows_of(list(range(len(WORKED))), [None] * len(WORKED))
    priced = {one.scheme: one for one in tried(Side(PLAN), Side(PLAN, RATES), table).by_scheme()}["stable-employment"]
    assert priced.before.unpriced == priced.before.met > 0
    assert (priced.after.unpriced, priced.after.amount_fen) == (0, priced.after.met * RATES["stable_grant"])


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"nothing": 1}, "没有补贴项目"),
        ({"employment-assistance": 1}, "没有次数上限"),
        ({"flexible-employment": 0}, "1 到"),
        ({"flexible-employment": 1001}, "1 到"),
    ],
)
def test_a_limit_that_cannot_be_is_refused(limits: dict[str, int], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        with_limits(PLAN, limits)
