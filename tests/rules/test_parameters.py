"""Parameters by date and area, and a wage floor over a run of months, in both engines."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiujin.plan.models import Fact, Parameter, ParameterValue, Plan
from jiujin.plan.parameters import months_without_value, overlapping, parse_setting, typed_value
from jiujin.rules.judge import ARROW_TYPES, judge_duckdb
from jiujin.rules.program import compile_scheme
from tests.rules import oracle, worlds

RISE = date(2022, 7, 1)
FLOORS = [
    {"from": "2022-01-01", "to": "2022-06-30", "value": "1500.00"},
    {"from": "2022-07-01", "to": "2022-12-31", "value": "1600.00"},
]


def plan_with(values: list[dict[str, Any]], when: str, *, area: bool = False) -> Plan:
    """A plan whose only own condition is `when`, with a dated parameter `floor`."""
    condition = oracle.GroupC("all", (oracle.LeafC("reaches", oracle.Yes(oracle.FactQ("yes_a"))),))
    plan = worlds.plan_of(condition, dict.fromkeys(worlds.PARAMS), 9)
    floor = Parameter.model_validate(
        {"id": "floor", "name": "floor", "type": "money", "clause": "c", "status": "external", "refers_to": "r",
         "values": [{**value, "source": "s", "checked_on": "2022-01-01"} for value in values]}
    )  # fmt: skip
    facts = dict(plan.facts)
    if area:
        facts["area"] = Fact.model_validate(
            {"id": "area", "label": "a", "subjects": ["thing"], "type": "text", "column": {}}
        )
    leaf = plan.schemes["s"].conditions.model_copy(update={"all": None, "id": "reaches", "when": when})
    scheme = plan.schemes["s"].model_copy(update={"conditions": leaf})
    return plan.model_copy(
        update={"parameters": {**plan.parameters, "floor": floor}, "schemes": {"s": scheme}, "facts": facts}
    )


def judge(plan: Plan, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines of rows of facts; every row is another person."""
    program = compile_scheme(plan, plan.schemes["s"])
    kinds = {name: ARROW_TYPES[fact.type] for name, fact in plan.facts.items()}
    filled = [{"id_number": str(at), **row} for at, row in enumerate(rows)]
    table = pa.table({name: pa.array([row.get(name) for row in filled], type=kind) for name, kind in kinds.items()})
    with duckdb.connect() as connection:
        connection.register("things", table.append_column("ord", pa.array(range(len(rows)), type=pa.int64())))
        return judge_duckdb(connection, program, "things").to_pylist()


def test_a_dated_parameter_is_the_one_of_the_subject_s_day() -> None:
    plan = plan_with(FLOORS, "money_a >= param('floor')")
    days = [date(2022, 6, 30), RISE, date(2022, 12, 31), None]
    lines = judge(plan, [{"start_on": day, "money_a": 155_000} for day in days])
    assert [line["verdict"] for line in lines] == ["met", "unmet", "unmet", "unknown"]
    assert lines[3]["missing"] == ["start_on"]


def test_a_day_without_a_value_waits_for_the_parameter() -> None:
    plan = plan_with(FLOORS[1:], "money_a >= param('floor')")
    (line,) = judge(plan, [{"start_on": date(2022, 6, 30), "money_a": 155_000}])
    assert (line["verdict"], line["missing"]) == ("unknown", ["param:floor"])


def test_the_narrowest_area_that_holds_the_subject_gives_the_value() -> None:
    values = [{"value": "1500.00"}, {"value": "1400.00", "area": "1002"}, {"value": "1300.00", "area": "1002001"}]
    plan = plan_with(values, "money_a >= param('floor')", area=True)
    rows = [
        {"start_on": RISE, "money_a": 140_000, "area": area} for area in ("1001", "1002", "1002001", "1002002", None)
    ]
    assert [line["verdict"] for line in judge(plan, rows)] == ["unmet", "met", "met", "met", "unmet"]


def test_income_is_held_against_the_highest_floor_of_the_run_and_below_the_lowest_it_fails() -> None:
    plan = plan_with(FLOORS, "over_floor(money_a, 'floor', start_on, end_on) >= 0")
    run = {"start_on": date(2022, 5, 1), "end_on": date(2022, 8, 31)}
    lines = judge(plan, [{**run, "money_a": fen} for fen in (160_000, 159_999, 150_000, 149_999, None)])
    assert [line["verdict"] for line in lines] == ["met", "unknown", "unknown", "unmet", "unknown"]
    assert lines[4]["missing"] == ["money_a"]


def test_a_run_past_the_last_value_waits_for_the_parameter() -> None:
    plan = plan_with(FLOORS, "over_floor(money_a, 'floor', start_on, end_on) >= 0")
    (line,) = judge(plan, [{"start_on": date(2022, 12, 1), "end_on": date(2023, 1, 31), "money_a": 200_000}])
    assert (line["verdict"], line["missing"]) == ("unknown", ["param:floor"])


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.dates(date(2021, 12, 20), date(2023, 1, 10)),
            st.integers(0, 200),
            st.sampled_from([None, 149_999, 150_000, 155_000, 160_000]),
        ),
        min_size=1,
        max_size=15,
    )
)
def test_a_floor_over_a_run_agrees_with_looking_at_every_day(runs: list[tuple[date, int, int | None]]) -> None:
    plan = plan_with(FLOORS, "over_floor(money_a, 'floor', start_on, end_on) >= 0")
    rows = [
        {"start_on": start, "end_on": start + timedelta(days=length), "money_a": fen} for start, length, fen in runs
    ]
    for line, row in zip(judge(plan, rows), rows, strict=True):
        days = [row["start_on"] + timedelta(days=n) for n in range((row["end_on"] - row["start_on"]).days + 1)]
        floors = {150_000 if day < RISE else 160_000 for day in days if date(2022, 1, 1) <= day <= date(2022, 12, 31)}
        covered = days[0] >= date(2022, 1, 1) and days[-1] <= date(2022, 12, 31)
        fen = row["money_a"]
        reaches = None
        if covered and fen is not None:
            reaches = True if fen >= max(floors) else False if fen < min(floors) else None
        assert line["c_reaches"] is reaches


@pytest.mark.parametrize(("raw", "fen"), [("600", 60_000), ("600.5", 60_050), ("0", 0), ("0.01", 1)])
def test_money_is_yuan_outside_and_fen_inside(raw: str, fen: int) -> None:
    plan = plan_with(FLOORS, "yes_a")
    assert parse_setting(plan, f"floor={raw}") == ("floor", fen)


@pytest.mark.parametrize(
    "text",
    [
        "floor",
        "nothing=1",
        "floor=-1",
        "floor=1.005",
        "floor=NaN",
        "floor=1e999",
        "floor=",
        "m1=1.5",
        "m1=-1",
        "paths=1",
    ],
)
def test_a_setting_that_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_setting(plan_with(FLOORS, "yes_a"), text)


def test_overlaps_and_gaps_are_found() -> None:
    def parameter(*spans: tuple[str, str]) -> Parameter:
        values = [
            ParameterValue.model_validate({"from": a, "to": b, "value": 1, "source": "s", "checked_on": "2022-01-01"})
            for a, b in spans
        ]
        return plan_with(FLOORS, "yes_a").parameters["floor"].model_copy(update={"values": values})

    period = plan_with(FLOORS, "yes_a").header.period
    touching = parameter(("2022-01-01", "2022-06-30"), ("2022-07-01", "2022-12-31"))
    assert (list(overlapping(touching)), months_without_value(touching, period)) == ([], [])
    assert list(overlapping(parameter(("2022-01-01", "2022-07-01"), ("2022-07-01", "2022-12-31")))) == [(0, 1)]
    assert months_without_value(parameter(("2022-01-01", "2022-06-29"), ("2022-07-02", "2022-12-31")), period) == [
        date(2022, 7, 1)
    ]
    assert typed_value(touching, "1.00") == 100
