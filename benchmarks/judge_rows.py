"""Judges generated people from Parquet to Parquet, beside openfisca-core on the same two schemes.

    python -m benchmarks.judge_rows --rows 10000000

Bare: a verdict a row and scheme. Full: verdict, reasons, missing facts, limit and amount. The peer has neither missing
values nor reasons nor limits: it answers yes or no.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import duckdb

from benchmarks.measure import VAR, keep, run
from jiujin.plan import Plan
from jiujin.rules import compile_scheme, open_plan
from jiujin.rules.judge import write_judged, write_verdicts

SCHEMES = ("stable-employment", "flexible-employment")
SETTINGS = {
    "minimum_wage": 150_000, "flexible_grant": 60_000, "stable_grant": 100_000, "local_priority_groups": ("other",),
}  # fmt: skip
PEER = VAR / "openfisca" / "bin" / "python"


def main() -> None:
    """Generate once, then measure each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--part", choices=["bare", "full"], help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    people = VAR / f"people-{arguments.rows}.parquet"
    if arguments.part:
        _judge(people, arguments.part)
        return
    VAR.mkdir(parents=True, exist_ok=True)
    if not people.is_file():
        generate(people, arguments.rows)
    command = [sys.executable, "-m", "benchmarks.judge_rows", "--rows", str(arguments.rows), "--part"]
    bare, full = run([*command, "bare"]), run([*command, "full"])
    peer = run([str(PEER), "benchmarks/openfisca_peer.py", str(people), str(VAR / "peer.parquet")])
    inside = {name: json.loads(result.output) for name, result in (("bare", bare), ("full", full), ("peer", peer))}
    seconds = {name: float(result["seconds"]) for name, result in inside.items()}
    keep(
        "judge_rows",
        [
            f"{arguments.rows:,} people, {len(SCHEMES)} schemes, Parquet to Parquet:",
            "",
            "| what | seconds | whole process | peak memory, GiB |",
            "| --- | --- | --- | --- |",
            f"| bare verdicts | {seconds['bare']:.1f} | {bare.seconds:.1f} | {bare.peak_gib:.2f} |",
            "| verdicts, reasons, missing facts, limits, amounts "
            f"| {seconds['full']:.1f} | {full.seconds:.1f} | {full.peak_gib:.2f} |",
            f"| openfisca-core, bare yes or no | {seconds['peer']:.1f} | {peer.seconds:.1f} | {peer.peak_gib:.2f} |",
            "",
            f"Ratio openfisca-core / bare verdicts: **{seconds['peer'] / seconds['bare']:.1f}**; "
            f"openfisca-core / full: {seconds['peer'] / seconds['full']:.1f}.",
            "Entitled: " + "; ".join(f"{name} {result['entitled']}" for name, result in inside.items()) + ".",
        ],
    )


def _judge(people: Path, part: str) -> None:
    plan = open_plan("jinan-2022")
    entitled, started = {}, time.monotonic()
    for scheme_id in SCHEMES:
        judge_one(plan, scheme_id, people, VAR / f"{scheme_id}-{part}.parquet", part)
    seconds = time.monotonic() - started
    for scheme_id in SCHEMES:
        out = VAR / f"{scheme_id}-{part}.parquet"
        with duckdb.connect() as connection:
            query = "SELECT count(*) FROM read_parquet(?) WHERE verdict = 'met'"
            entitled[scheme_id] = (connection.execute(query, [str(out)]).fetchone() or (0,))[0]
    print(json.dumps({"seconds": seconds, "entitled": entitled}))


def judge_one(plan: Plan, scheme_id: str, people: Path, out: Path, part: str) -> None:
    """Judge one scheme to Parquet, `bare` or `full`."""
    program = compile_scheme(plan, plan.schemes[scheme_id], settings=SETTINGS)
    with duckdb.connect() as connection:
        connection.execute("SET memory_limit = '3GB'; SET preserve_insertion_order = false")
        relation = f"read_parquet('{people}')"
        (write_verdicts if part == "bare" else write_judged)(connection, program, relation, out)


def generate(out: Path, rows: int) -> None:
    """Plainly synthetic people with gaps, two rows a person; the same rows for the same count."""
    started = time.monotonic()

    def some(nth: int, gap: int, value: str) -> str:
        """A value, and null once in `gap` rows."""
        return f"CASE WHEN hash(i, {nth}) % {gap} = 0 THEN NULL ELSE {value} END"

    def pick(nth: int, words: list[str]) -> str:
        return f"{words}[CAST(1 + hash(i, {nth}) % {len(words)} AS BIGINT)]"

    def whole(nth: int, below: int) -> str:
        return f"CAST(hash(i, {nth}) % {below} AS BIGINT)"

    plan = open_plan("jinan-2022")
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
        connection.execute(f"COPY (SELECT {select} FROM range({rows}) AS t(i)) TO '{out}'")
    print(f"generated {out.name} in {time.monotonic() - started:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
