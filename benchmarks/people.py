"""Plainly synthetic rows of a subject, with gaps, two rows a person: the same rows for the same count.

A fact's values follow its type in the pack; `SPANS` and `BELOW` say which days and figures are drawn. No ID number here
belongs to a place: the area code is nowhere's.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import duckdb

from jiujin.plan import Plan
from jiujin.plan.models import Fact
from jiujin.rules.screening import quoted

BORN_FIRST, BORN_DAYS = "1950-01-01", 20_000
SPANS = {
    "graduated_on": ("2020-06-01", 900),
    "certified_on": ("2021-06-01", 500),
    "contract_start_on": ("2022-06-01", 300),
    "contract_end_on": ("2023-03-01", 600),
}
STARTS, ENDS = ("2021-11-01", 450), ("2022-02-01", 600)
BELOW = {"money": 250_000, "months": 12, "years": 6, "count": 400}
MONEY_LEAST = {"lowest_monthly_income": (120_000, 90_000), "monthly_stipend": (180_000, 60_000)}
NAMES = {"operator": 40, "school": 60, "organisation": 5_000}
FALSE_WHEN_KNOWN = {"open_ended": "end_on", "contract_open_ended": "contract_end_on"}
SELDOM = {"campus_grant_drawn", "event_grant_drawn"}
GAP = 20


def generate(plan: Plan, subject: str, out: Path, rows: int) -> None:
    """Write the facts of every scheme of a subject for some rows to Parquet."""
    started = time.monotonic()
    schemes = [scheme for scheme in plan.schemes.values() if scheme.subject == subject]
    names = dict.fromkeys(field.fact for scheme in schemes for field in scheme.sheet)
    names |= dict.fromkeys(fact for fact, of in FALSE_WHEN_KNOWN.items() if of in names)
    select = ", ".join(f"{_values(plan.facts[name], nth)} AS {name}" for nth, name in enumerate(names))
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT i AS ord, {select} FROM range({rows}) AS t(i)) TO '{quoted(out)}'")
    print(f"generated {out.name} in {time.monotonic() - started:.0f} s", file=sys.stderr)


def generate_placements(plan: Plan, out: Path, rows: int) -> None:
    """Write placements as judge_rows compares them with its peer: only the facts of its two schemes."""
    started = time.monotonic()

    def some(nth: int, gap: int, value: str) -> str:
        """A value, and null once in `gap` rows."""
        return f"CASE WHEN hash(i, {nth}) % {gap} = 0 THEN NULL ELSE {value} END"

    def pick(nth: int, words: list[str]) -> str:
        return f"{words}[CAST(1 + hash(i, {nth}) % {len(words)} AS BIGINT)]"

    def whole(nth: int, below: int) -> str:
        return f"CAST(hash(i, {nth}) % {below} AS BIGINT)"

    groups, forms = list(plan.facts["priority_group"].choices), list(plan.facts["employment_form"].choices)
    columns = {
        "ord": "i",
        "id_number": "printf('990000%012d', i // 2)",
        "priority_group": some(1, 20, pick(2, groups)),
        "employment_form": some(3, 20, pick(4, forms)),
        "start_on": some(5, 30, f"DATE '2021-11-01' + CAST({whole(6, 450)} AS INT)"),
        "end_on": some(7, 30, f"DATE '2022-02-01' + CAST({whole(8, 600)} AS INT)"),
        "open_ended": some(7, 30, "FALSE"),
        "social_insurance_months": some(9, 15, whole(10, 12)),
        "accident_insurance_months": some(11, 15, whole(12, 12)),
        "registered_or_filed": some(13, 15, "hash(i, 14) % 5 > 0"),
        "months_running": some(15, 15, whole(16, 8)),
        "lowest_monthly_income": some(17, 15, f"120000 + {whole(18, 90_000)}"),
        "employment_registered": some(19, 15, "hash(i, 20) % 5 > 0"),
        "operator": "printf('operator %d', hash(i, 21) % 40)",
    }
    select = ", ".join(f"{sql} AS {name}" for name, sql in columns.items())
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT {select} FROM range({rows}) AS t(i)) TO '{quoted(out)}'")
    print(f"generated {out.name} in {time.monotonic() - started:.0f} s", file=sys.stderr)


def _values(fact: Fact, nth: int) -> str:
    """SQL of a fact's values; null about once in GAP rows, but for who it is and who is paid."""
    if fact.type in ("id_number", "credit_code"):
        born = f"strftime(DATE '{BORN_FIRST}' + CAST(i // 2 % {BORN_DAYS} AS INT), '%Y%m%d')"
        return f"printf('990000%s%04d', {born}, i // 2 // {BORN_DAYS})"
    if fact.type == "text":
        return f"printf('{fact.id} %d', {_whole(nth, NAMES.get(fact.id, 1_000))})"
    of = FALSE_WHEN_KNOWN.get(fact.id)
    if of:
        return f"CASE WHEN {_gap(of)} THEN NULL ELSE FALSE END"
    return f"CASE WHEN {_gap(fact.id)} THEN NULL ELSE {_value(fact, nth)} END"


def _value(fact: Fact, nth: int) -> str:
    if fact.type == "choice":
        return f"{list(fact.choices)}[1 + {_whole(nth, len(fact.choices))}]"
    if fact.type == "yes_no":
        return f"hash(i, {nth}) % 5 {'= 0' if fact.id in SELDOM else '> 0'}"
    if fact.type == "date":
        first, days = SPANS.get(fact.id, ENDS if "end_on" in fact.id else STARTS)
        return f"DATE '{first}' + CAST({_whole(nth, days)} AS INT)"
    least, below = MONEY_LEAST.get(fact.id, (0, BELOW[fact.type]))
    return f"{least} + {_whole(nth, below)}"


def _whole(nth: int, below: int) -> str:
    return f"CAST(hash(i, {nth}) % {below} AS BIGINT)"


def _gap(name: str) -> str:
    return f"hash(i, '{name}') % {GAP} = 0"
