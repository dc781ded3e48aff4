"""Judges generated people from Parquet to Parquet: two schemes beside openfisca-core, and every scheme of the plan.

    python -m benchmarks.judge_rows --rows 10000000

Bare: a verdict a row and scheme. Full: verdict, reasons, missing facts, limit and amount. The peer has neither missing
values nor reasons nor limits: it answers yes or no. All: the full judgement of every scheme, from one file a subject in
which each of the people has one row. What is timed begins once the plan is open and the libraries are loaded, on both
sides, and takes in reading, compiling, judging and writing.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import duckdb

from benchmarks.measure import VAR, Run, keep, run
from benchmarks.people import generate, generate_placements
from jiujin.plan import Plan
from jiujin.plan.parameters import typed_value
from jiujin.rules import compile_screening, open_plan, screen, screen_verdicts

SCHEMES = ("stable-employment", "flexible-employment")
SETTINGS = {
    "minimum_wage": 150_000, "flexible_grant": 60_000, "stable_grant": 100_000, "local_priority_groups": ("other",),
}  # fmt: skip
PEER = VAR / "openfisca" / "bin" / "python"
MEMORY = "3GB"


def main() -> None:
    """Generate once, then measure each in a process of its own, best of some rounds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--part", choices=["bare", "full", "all"], help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    people, plan = VAR / f"people-{arguments.rows}.parquet", open_plan("jinan-2022")
    if arguments.part == "all":
        _judge_all(plan, arguments.rows)
    elif arguments.part:
        _judge_two(plan, people, arguments.part)
    else:
        VAR.mkdir(parents=True, exist_ok=True)
        if not people.is_file():
            generate_placements(plan, people, arguments.rows)
        for subject in _subjects(plan):
            if not _rows_of(subject, arguments.rows).is_file():
                generate(plan, subject, _rows_of(subject, arguments.rows), arguments.rows)
        _measure(plan, people, arguments.rows, arguments.rounds)


def _measure(plan: Plan, people: Path, rows: int, rounds: int) -> None:
    ours = [sys.executable, "-m", "benchmarks.judge_rows", "--rows", str(rows), "--part"]
    commands = {
        "bare": [*ours, "bare"],
        "peer": [str(PEER), "benchmarks/openfisca_peer.py", str(people), str(VAR / "peer.parquet")],
        "full": [*ours, "full"],
        "all": [*ours, "all"],
    }
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for _ in range(rounds):  # in turn, so that a noisy minute falls on all of them
        for name, command in commands.items():
            runs[name].append(run(command))
    best = {name: min(found, key=_seconds) for name, found in runs.items()}
    keep("judge_rows", _table(plan, rows, rounds, best))


def _seconds(result: Run) -> float:
    return float(json.loads(result.output)["seconds"])


def _table(plan: Plan, rows: int, rounds: int, best: dict[str, Run]) -> list[str]:
    seconds = {name: _seconds(result) for name, result in best.items()}
    names = {
        "bare": "two schemes, bare verdicts",
        "peer": "two schemes, openfisca-core, bare yes or no",
        "full": "two schemes, verdicts, reasons, missing facts, limits, amounts",
        "all": f"all {len(plan.schemes)} schemes, the same, over {len(_subjects(plan))} files of as many rows",
    }
    entitled = {name: json.loads(best[name].output)["entitled"] for name in ("bare", "peer", "full")}
    return [
        f"{rows:,} people, Parquet to Parquet, best of {rounds}:",
        "",
        "| what | seconds | whole process | peak memory, GiB |",
        "| --- | --- | --- | --- |",
        *(
            f"| {names[name]} | {seconds[name]:.1f} | {result.seconds:.1f} | {result.peak_gib:.2f} |"
            for name, result in best.items()
        ),
        "",
        f"Ratio openfisca-core / bare verdicts: **{seconds['peer'] / seconds['bare']:.1f}** "
        f"(whole processes: {best['peer'].seconds / best['bare'].seconds:.1f}); "
        f"openfisca-core / full: {seconds['peer'] / seconds['full']:.1f}.",
        "Entitled: " + "; ".join(f"{name} {counts}" for name, counts in entitled.items()) + ".",
        f"All schemes: {rows * len(plan.schemes) / seconds['all'] / 1e6:.1f} million judgements a second.",
    ]


def _subjects(plan: Plan) -> list[str]:
    return list(dict.fromkeys(scheme.subject for scheme in plan.schemes.values()))


def _rows_of(subject: str, rows: int) -> Path:
    return VAR / f"{subject}-{rows}.parquet"


def _judge_two(plan: Plan, people: Path, part: str) -> None:
    out, started = VAR / f"people-{part}.parquet", time.monotonic()
    judge_two(plan, people, out, part)
    seconds = time.monotonic() - started
    verdict = '"{}"' if part == "bare" else '"{}.verdict"'
    with duckdb.connect() as connection:
        counts = ", ".join(f"count(*) FILTER ({verdict.format(scheme)} = 'met')" for scheme in SCHEMES)
        found = connection.execute(f"SELECT {counts} FROM read_parquet(?)", [str(out)]).fetchone() or ()
    print(json.dumps({"seconds": seconds, "entitled": dict(zip(SCHEMES, found, strict=True))}))


def judge_two(plan: Plan, people: Path, out: Path, part: str) -> None:
    """Judge the two schemes to Parquet, `bare` or `full`."""
    screening = compile_screening(plan, "placement", schemes=SCHEMES, settings=SETTINGS)
    with duckdb.connect() as connection:
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        judge = screen_verdicts if part == "bare" else screen
        judge(connection, screening, f"read_parquet('{people}')", out)


def _judge_all(plan: Plan, rows: int) -> None:
    """Every scheme of every subject, each unset parameter at the worked cases' trial value."""
    books = plan.cases.values()
    settings = {name: typed_value(plan.parameters[name], raw) for book in books for name, raw in book.set.items()}
    started = time.monotonic()
    with duckdb.connect() as connection:
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        for subject in _subjects(plan):
            screening = compile_screening(plan, subject, settings=settings)
            relation = f"read_parquet('{_rows_of(subject, rows)}')"
            screen(connection, screening, relation, VAR / f"{subject}-screened.parquet")
    print(json.dumps({"seconds": time.monotonic() - started}))


if __name__ == "__main__":
    main()
