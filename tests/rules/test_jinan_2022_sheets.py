"""The four sheets that others rely on, against an evaluator written from the issue's words and not from the pack."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiujin.rules import compile_scheme, judge_duckdb, open_plan, overlaps
from jiujin.rules.judge import ARROW_TYPES
from jiujin.values.identity import make_demo_id
from tests.rules.oracle import add_months, both, either, whole_months, years_old

PLAN = open_plan("jinan-2022")
FIRST, LAST = date(2022, 1, 1), date(2022, 12, 31)
GROUPS = [
    "difficulty",
    "graduate",
    "migrant",
    "veteran",
    "registered_unemployed",
    "disabled",
    "out_of_poverty",
    "other",
    "none",
]
PATHS = {
    ("middle", "junior", 3), ("middle", "secondary", 2), ("middle", "senior", 2), ("middle", "college", 2),
    ("senior", "skilled_middle", 2), ("senior", "senior", 3), ("senior", "junior", 5),
    ("technician", "skilled_senior", 2), ("technician", "skilled_middle", 3), ("technician", "senior", 4),
}  # fmt: skip
EDGES = [
    date(2021, 12, 31),
    FIRST,
    LAST,
    date(2023, 1, 1),
    date(2022, 8, 31),
    date(2022, 2, 28),
    date(2023, 2, 27),
    date(2023, 2, 28),
]
days = st.sampled_from(EDGES) | st.dates(date(2021, 11, 1), date(2023, 6, 30))
people = [
    make_demo_id(born, 1)
    for born in (date(2006, 7, 1), date(1997, 7, 2), date(2004, 2, 29), date(1990, 5, 5), date(2006, 12, 31))
]


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(values, values, values, st.none())


def at_least(value: Any, bound: Any) -> bool | None:
    return None if value is None or bound is None else value >= bound


def at_most(value: Any, bound: Any) -> bool | None:
    return None if value is None or bound is None else value <= bound


def same(value: Any, word: Any) -> bool | None:
    return None if value is None else value == word


def known(value: Any) -> bool | None:
    return None if value is None else True


def months_between(start: date | None, end: date | None) -> int | None:
    return None if start is None or end is None else whole_months(start, end)


def in_force(day: date | None) -> bool | None:
    return None if day is None else FIRST <= day <= LAST


def priority(group: str | None, local: set[str] | None) -> bool | None:
    if group is None or group == "none":
        return None if group is None else False
    return True if group != "other" else None if local is None else "other" in local


def judge(scheme_id: str, rows: list[dict[str, Any]], params: dict[str, Any]) -> list[dict[str, Any]]:
    """The engine's lines for rows of facts."""
    given_ = {name: value for name, value in params.items() if value is not None}
    program = compile_scheme(PLAN, PLAN.schemes[scheme_id], settings=given_)
    kinds = {name: ARROW_TYPES[PLAN.facts[name].type] for name in rows[0]}
    table = pa.table({name: pa.array([row[name] for row in rows], type=kind) for name, kind in kinds.items()})
    table = table.append_column("ord", pa.array(range(len(rows)), type=pa.int64()))
    with duckdb.connect() as connection:
        connection.register("roster", table)
        judged = judge_duckdb(connection, program, "roster")
        met = overlaps(connection, program, judged)
    return [{**line, "overlap": at in met} for at, line in enumerate(judged.to_pylist())]


def limited(
    answers: list[bool | None], keys: list[Any], order: list[Any], count: int
) -> tuple[list[str], list[int | None], set[int]]:
    """Verdicts after the limit, the how-manieth of each met line, and the lines over it."""
    words = [{True: "met", False: "unmet", None: "unknown"}[answer] for answer in answers]
    used: dict[Any, int] = {}
    places: list[int | None] = [None] * len(answers)
    over = set()
    for at in sorted((at for at, answer in enumerate(answers) if answer), key=lambda at: (order[at], at)):
        used[keys[at]] = used.get(keys[at], 0) + 1
        if used[keys[at]] > count:
            words[at] = "unmet"
            over.add(at)
        else:
            places[at] = used[keys[at]]
    return words, places, over


def compare(
    lines: list[dict[str, Any]], answers: list[bool | None], amounts: list[int | None], limit: Any = None
) -> None:
    words, places, over = limit or (
        [{True: "met", False: "unmet", None: "unknown"}[a] for a in answers],
        [None] * len(lines),
        set(),
    )
    assert [line["verdict"] for line in lines] == words
    assert [line["limit_used"] for line in lines] == places
    assert {at for at, line in enumerate(lines) if "limit" in line["unmet"]} == over
    expected = [
        amount if word == "met" else 0 if word == "unmet" else None for amount, word in zip(amounts, words, strict=True)
    ]
    assert [line["amount_fen"] for line in lines] == expected


stable_rows = st.fixed_dictionaries(
    {
        "id_number": maybe(st.sampled_from(people[:3])), "priority_group": maybe(st.sampled_from(GROUPS)),
        "employment_form": maybe(st.sampled_from(["labour_contract", "service_agreement", "part_time"])),
        "start_on": maybe(days), "end": st.none() | st.just("open") | days,
        "social_insurance_months": maybe(st.integers(4, 8)), "accident_insurance_months": maybe(st.integers(4, 8)),
        "registered_or_filed": maybe(st.sampled_from([True, True, False])), "operator": maybe(st.just("某运营机构")),
    }
)  # fmt: skip
local_groups = st.sampled_from([None, ("other",), ("elsewhere",)])


@pytest.mark.clause("3.1.3-stable")
@settings(deadline=None, max_examples=60)
@given(st.lists(stable_rows, min_size=1, max_size=15), local_groups, st.sampled_from([None, 50_000]))
def test_stable_employment(rows: list[dict[str, Any]], local: Any, grant: int | None) -> None:
    facts, answers = [], []
    for row in rows:
        end = row["end"] if isinstance(row["end"], date) else None
        opened = None if row["end"] is None else row["end"] == "open"
        full = either([opened, at_least(months_between(row["start_on"], end), 6)])
        branches = [
            both([same(row["employment_form"], "labour_contract"), full, at_least(row["social_insurance_months"], 6)]),
            both(
                [same(row["employment_form"], "service_agreement"), full, at_least(row["accident_insurance_months"], 6)]
            ),
        ]
        answers.append(
            both([in_force(row["start_on"]), priority(row["priority_group"], None if local is None else set(local)), either(branches),
                  row["registered_or_filed"], known(row["operator"]), known(row["id_number"])])
        )  # fmt: skip
        facts.append({**{k: v for k, v in row.items() if k != "end"}, "end_on": end, "open_ended": opened})
    lines = judge("stable-employment", facts, {"local_priority_groups": local, "stable_grant": grant})
    keys = [(row["id_number"], row["start_on"] and row["start_on"].year) for row in rows]
    compare(lines, answers, [grant] * len(rows), limited(answers, keys, [row["start_on"] for row in rows], 1))


flexible_rows = st.fixed_dictionaries(
    {
        "id_number": maybe(st.sampled_from(people[:2])), "priority_group": maybe(st.sampled_from(GROUPS)),
        "employment_form": maybe(st.sampled_from(["part_time", "temporary", "flexible", "labour_contract"])),
        "start_on": maybe(days), "end_on": maybe(days), "months_running": maybe(st.integers(1, 6)),
        "lowest_monthly_income": maybe(st.integers(149_998, 150_002)),
        "employment_registered": maybe(st.sampled_from([True, True, False])), "operator": maybe(st.just("某运营机构")),
    }
)  # fmt: skip


@pytest.mark.clause("3.1.3-flexible")
@settings(deadline=None, max_examples=60)
@given(
    st.lists(flexible_rows, min_size=1, max_size=20), st.sampled_from([None, 150_000]), st.sampled_from([None, 60_000])
)
def test_flexible_employment(rows: list[dict[str, Any]], floor: int | None, grant: int | None) -> None:
    answers, contradicts = [], []
    for row in rows:
        months, between = row["months_running"], months_between(row["start_on"], row["end_on"])
        contradicts.append(months is not None and between is not None and months > between + 1)
        answers.append(
            both([in_force(row["start_on"]), priority(row["priority_group"], {"other"}),
                  None if row["employment_form"] is None else row["employment_form"] in ("part_time", "temporary", "flexible"),
                  at_least(None if contradicts[-1] else months, 3), at_least(row["lowest_monthly_income"], floor),
                  row["employment_registered"], known(row["operator"]), known(row["id_number"])])
        )  # fmt: skip
    lines = judge(
        "flexible-employment",
        rows,
        {"minimum_wage": floor, "flexible_grant": grant, "local_priority_groups": ("other",)},
    )
    keys = [(row["id_number"], row["start_on"] and row["start_on"].year) for row in rows]
    compare(lines, answers, [grant] * len(rows), limited(answers, keys, [row["start_on"] for row in rows], 3))
    assert [line["k_months_running_exceed_dates"] for line in lines] == contradicts


intern_rows = st.fixed_dictionaries(
    {
        "id_number": maybe(st.sampled_from(people)), "intern_unit": maybe(st.just("某单位")),
        "intern_group": maybe(st.sampled_from(["student", "graduate", "youth"])), "graduated_on": maybe(days),
        "internship_start_on": maybe(days), "internship_end_on": maybe(days),
        "monthly_stipend": maybe(st.integers(199_998, 200_002)),
    }
)  # fmt: skip


def born(number: str | None) -> date | None:
    return None if number is None else date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def group_holds(row: dict[str, Any]) -> bool | None:
    graduated, start, birth = row["graduated_on"], row["internship_start_on"], born(row["id_number"])
    student = both([at_most(graduated and add_months(graduated, -6), start), at_most(start, graduated)])
    graduate = both([at_most(graduated, start), at_most(start, graduated and add_months(graduated, 24))])
    age = None if birth is None or start is None else years_old(birth, start)
    youth = both([at_least(age, 16), at_most(age, 24)])
    branches = {"student": student, "graduate": graduate, "youth": youth}
    return either([both([same(row["intern_group"], name), holds]) for name, holds in branches.items()])


@pytest.mark.clause("3.2.3-allowance", "3.2.1-groups", "3.2.1-term")
@settings(deadline=None, max_examples=60)
@given(st.lists(intern_rows, min_size=1, max_size=15))
def test_internship_living_allowance(rows: list[dict[str, Any]]) -> None:
    answers, amounts = [], []
    for row in rows:
        start, end = row["internship_start_on"], row["internship_end_on"]
        months = months_between(start, end)
        short_enough = None if start is None or end is None else end + timedelta(days=1) <= add_months(start, 12)
        answers.append(
            both([in_force(start), group_holds(row), at_least(months, 3), short_enough,
                  at_least(row["monthly_stipend"], 200_000), known(row["id_number"])])
        )  # fmt: skip
        amounts.append(None if months is None else 140_000 * months)
    lines = judge("internship-living-allowance", rows, {})
    compare(lines, answers, amounts)
    spans = [(row["id_number"], row["internship_start_on"], row["internship_end_on"]) for row in rows]
    usable = [all(span) and span[1] <= span[2] for span in spans]
    for at, line in enumerate(lines):
        meets = usable[at] and any(
            other != at and usable[other] and spans[other][0] == spans[at][0]
            and spans[other][1] <= spans[at][2] and spans[at][1] <= spans[other][2]
            for other in range(len(rows))
        )  # fmt: skip
        assert line["overlap"] == meets


school_rows = st.fixed_dictionaries(
    {
        "id_number": maybe(st.sampled_from(people[:3])), "school": maybe(st.sampled_from(["甲校", "乙校"])), "enrolled_on": maybe(days),
        "study_mode": maybe(st.sampled_from(["full_time", "full_time", "part_time"])),
        "entry_level": maybe(st.sampled_from(["junior", "senior", "secondary", "college", "skilled_middle", "skilled_senior"])),
        "class_type": maybe(st.sampled_from(["middle", "senior", "technician"])), "schooling_years": maybe(st.integers(2, 5)),
        "upgraded_from": maybe(st.sampled_from(["same_school", "other_school", "none", "none"])),
    }
)  # fmt: skip


@pytest.mark.clause("3.4.3", "3.4.2-middle", "3.4.2-senior", "3.4.2-technician")
@settings(deadline=None, max_examples=60)
@given(st.lists(school_rows, min_size=1, max_size=20))
def test_technical_school_training(rows: list[dict[str, Any]]) -> None:
    answers = []
    for row in rows:
        path = (row["class_type"], row["entry_level"], row["schooling_years"])
        fits = [p for p in PATHS if all(k is None or k == cell for k, cell in zip(path, p, strict=True))]
        on_a_path = False if not fits else None if None in path else True
        higher = None if row["class_type"] is None else row["class_type"] in ("senior", "technician")
        upgraded = both([same(row["upgraded_from"], "same_school"), higher])
        answers.append(
            both([in_force(row["enrolled_on"]), same(row["study_mode"], "full_time"), on_a_path,
                  None if upgraded is None else not upgraded, known(row["id_number"]), known(row["school"])])
        )  # fmt: skip
    lines = judge("technical-school-training", rows, {})
    keys = [(row["id_number"], row["school"]) for row in rows]
    compare(lines, answers, [100_000] * len(rows), limited(answers, keys, [row["enrolled_on"] for row in rows], 1))
