"""Vacancies within reach, beside PostGIS: single searches, everybody's at once, and one change.

    python -m benchmarks.near --vacancies 1000000 --people 1000000

Both are timed whole and give the same: id, distance and score of each match as Python numbers, and the exact count; PostGIS from the
call on an open connection, statement prepared, to the rows. Both warm, one client. Ours is timed a second time with every match made
an object that names the parts of its score, which PostGIS is not asked for.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

import numpy as np

from benchmarks import postgis
from benchmarks.measure import keep, run
from benchmarks.settlements import (
    DENSE_KM2,
    KM_DEGREES,
    OPEN_FROM,
    Places,
    seeker_attributes,
    settlements,
    vacancy_attributes,
)
from jiujin.matching import Index, Seeker

DAY = date.fromordinal(OPEN_FROM)
RADII_M = (1000, 3000, 10_000, 25_000)
TOP, TOP_BATCH, RADIUS_BATCH_M = 50, 20, 3000
OURS, THEIRS = 2000, {1000: 300, 3000: 300, 10_000: 60, 25_000: 20}
CHANGES = 3000


@dataclass(frozen=True)
class World:
    """What is searched and who searches."""

    places: Places
    attributes: dict[str, Any]
    homes: Places
    seekers: dict[str, Any]


def world(vacancies: int, people: int) -> World:
    """The same for the same counts."""
    return World(
        settlements(vacancies, 1, dense=vacancies // 50), vacancy_attributes(vacancies),
        settlements(people, 2, dense=people // 50), seeker_attributes(people),
    )  # fmt: skip


def main() -> None:
    """Measure each part in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vacancies", type=int, default=1_000_000)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--port", type=int, default=18050)
    parser.add_argument("--part", choices=["search", "batch"], help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.part:
        part = search_part if arguments.part == "search" else batch_part
        print(json.dumps(part(arguments)))
        return
    sizes = ["--vacancies", str(arguments.vacancies), "--people", str(arguments.people), "--port", str(arguments.port)]
    command = [sys.executable, "-m", "benchmarks.near", *sizes, "--part"]
    searched = json.loads(run([*command, "search"]).output.splitlines()[-1])
    batch = run([*command, "batch"])
    write(arguments, searched, json.loads(batch.output.splitlines()[-1]), batch.peak_gib)


def write(arguments: argparse.Namespace, searched: dict[str, Any], batch: dict[str, Any], peak_gib: float) -> None:
    """The table in docs/performance.md."""
    keep(
        "near",
        [
            f"{arguments.vacancies:,} vacancies as people live, top {TOP}, milliseconds a search:",
            "",
            "| where | within, mean | median | 99th percentile | all explained, median | PostGIS median | PostGIS 99th | ratio of medians |",
            "| --- | --- | --- | --- | --- | --- | --- | --- |",
            *(line(name, figures) for name, figures in searched["searches"].items()),
            "",
            searched["peer"],
            "",
            f"Index built in {searched['build_s']:.1f} s. One change: median {searched['change_median_ms']:.3f} ms, "
            f"99th percentile {searched['change_p99_ms']:.3f} ms, seen by the next search.",
            "",
            f"Everybody: {arguments.people:,} people, top {TOP_BATCH} within {RADIUS_BATCH_M} m: **{batch['seconds']:.0f} s**, "
            f"{batch['pairs']:,} pairs, peak memory of the whole process {peak_gib:.1f} GiB.",
        ],
    )


def line(name: str, figures: dict[str, Any]) -> str:
    """One line of the table."""
    theirs = ("–", "–", "–")
    if "their_median" in figures:
        ratio = figures["their_median"] / figures["median"]
        theirs = (f"{figures['their_median']:.1f}", f"{figures['their_p99']:.0f}", f"**{ratio:.0f}**")
    ours = f"{figures['median']:.3f} | {figures['p99']:.2f} | {figures['explained']:.3f}"
    return f"| {name} | {figures['within']:,.0f} | {ours} | {' | '.join(theirs)} |"


def search_part(arguments: argparse.Namespace) -> dict[str, Any]:
    """Single searches of both, and changes."""
    all_of = world(arguments.vacancies, max(OURS, arguments.people // 10))
    started = time.perf_counter()
    index = Index.build(np.arange(len(all_of.places.lat)), all_of.places.lat, all_of.places.lon, **all_of.attributes)
    result: dict[str, Any] = {"build_s": time.perf_counter() - started, "searches": {}}
    chosen = np.random.default_rng(5).choice(len(all_of.homes.lat), OURS, replace=False)
    half = 0.5 * KM_DEGREES
    in_dense = np.flatnonzero(
        (abs(all_of.homes.lat - DENSE_KM2[0]) < half) & (abs(all_of.homes.lon - DENSE_KM2[1]) < half)
    )[:OURS]
    shapes = {f"{radius / 1000:g} km": (radius, chosen) for radius in RADII_M}
    shapes["densest km², 3 km"] = (3000, in_dense)
    for name, (radius, people) in shapes.items():
        result["searches"][name] = time_ours(index, all_of, radius, people)
    result |= time_changes(index, all_of)
    if not postgis.is_installed():
        return result | {
            "peer": f"PostGIS is not installed here, or this is not root (`{postgis.INSTALL}`): not measured."
        }
    with postgis.running(arguments.port) as connection:
        postgis.fill(connection, all_of.places, all_of.attributes)
        for name, (radius, people) in shapes.items():
            result["searches"][name] |= time_theirs(connection, index, all_of, radius, people[: THEIRS[radius]])
        version = connection.execute("SELECT postgis_lib_version(), current_setting('server_version')").fetchone() or ()
    return result | {
        "peer": f"PostGIS {version[0]} on PostgreSQL {version[1].split()[0]}: `ST_DWithin` on geography with GiST, table clustered by the "
        "index, all in memory, same filters, same score, same count; the answers are compared and equal."
    }


def seeker(all_of: World, person: int) -> Seeker:
    """One person as the engine takes them."""
    given = {name: column[person] for name, column in all_of.seekers.items()}
    return Seeker(
        occupations=tuple(given["occupations"].tolist()), wage_fen=int(given["wage_fen"]), schooling=int(given["schooling"]),
        shifts=int(given["shifts"]), hours=float(given["hours"]), licences=int(given["licences"]), skills=int(given["skills"]),
    )  # fmt: skip


def time_ours(index: Index, all_of: World, radius_m: int, people: np.ndarray) -> dict[str, float]:
    """Milliseconds of the engine."""
    seekers = [(float(all_of.homes.lat[p]), float(all_of.homes.lon[p]), seeker(all_of, p)) for p in people]
    for lat, lon, one in seekers[:50]:
        index.search(lat, lon, radius_m, TOP, seeker=one, day=DAY)
    times, explained, within = [], [], []
    for lat, lon, one in seekers:
        started = time.perf_counter()
        answer = index.search(lat, lon, radius_m, TOP, seeker=one, day=DAY)
        found = answer.matches
        ids, *_ = found.ids.tolist(), found.distances_m.tolist(), found.scores.tolist()
        times.append((time.perf_counter() - started) * 1000)
        assert len(ids) == min(TOP, answer.total_within)
        within.append(answer.total_within)
    for lat, lon, one in seekers:
        started = time.perf_counter()
        answer = index.search(lat, lon, radius_m, TOP, seeker=one, day=DAY)
        assert [
            (match.id, match.distance_m, match.score, match.parts) for match in answer.matches
        ] or not answer.matches
        explained.append((time.perf_counter() - started) * 1000)
    return {
        "median": median(times),
        "p99": float(np.percentile(times, 99)),
        "explained": median(explained),
        "within": float(np.mean(within)),
    }


def time_theirs(connection: Any, index: Index, all_of: World, radius_m: int, people: np.ndarray) -> dict[str, float]:
    """Milliseconds of PostGIS; ends where its answers are not ours."""
    times = []
    for nth, person in enumerate(people):
        one = seeker(all_of, person)
        lat, lon = float(all_of.homes.lat[person]), float(all_of.homes.lon[person])
        asked = {
            "lat": lat, "lon": lon, "radius": float(radius_m), "top": TOP, "day": OPEN_FROM, "wish_1": one.occupations[0],
            "wish_2": one.occupations[1], "wage": one.wage_fen, "schooling": one.schooling, "shifts": one.shifts,
            "hours": int(one.hours or 0), "licences": one.licences, "skills": one.skills,
        }  # fmt: skip
        started = time.perf_counter()
        rows = connection.execute(postgis.QUERY, asked, prepare=True).fetchall()
        times.append((time.perf_counter() - started) * 1000)
        ours = index.search(lat, lon, radius_m, TOP, seeker=one, day=DAY)
        if not np.allclose([row[2] for row in rows], [match.score for match in ours.matches], atol=1e-6):
            sys.exit(f"PostGIS gives other scores for person {person} at {radius_m} m")
        if rows and abs(rows[0][3] - ours.total_within) > 1e-5 * ours.total_within:  # its sphere is 3 cm smaller
            sys.exit(f"PostGIS counts {rows[0][3]} for person {person} at {radius_m} m, we {ours.total_within}")
        if nth == 0:
            times.clear()  # the first prepares
    return {"their_median": median(times), "their_p99": float(np.percentile(times, 99))}


def time_changes(index: Index, all_of: World) -> dict[str, float]:
    """Milliseconds of one change of place and attributes."""
    times = []
    for number in np.random.default_rng(6).choice(len(all_of.places.lat), CHANGES, replace=False).tolist():
        lat, lon = float(all_of.places.lat[number]), float(all_of.places.lon[number])
        attributes = {name: column[number].item() for name, column in all_of.attributes.items()}
        started = time.perf_counter()
        index.upsert(number, lat, lon, **attributes)
        times.append((time.perf_counter() - started) * 1000)
    return {"change_median_ms": median(times), "change_p99_ms": float(np.percentile(times, 99))}


def batch_part(arguments: argparse.Namespace) -> dict[str, Any]:
    """Everybody against everything."""
    all_of = world(arguments.vacancies, arguments.people)
    index = Index.build(np.arange(len(all_of.places.lat)), all_of.places.lat, all_of.places.lon, **all_of.attributes)
    index.search(0, 0, 1, 1, day=DAY)
    started = time.perf_counter()
    answers = index.batch(all_of.homes.lat, all_of.homes.lon, RADIUS_BATCH_M, TOP_BATCH, day=DAY, **all_of.seekers)
    seconds = time.perf_counter() - started
    return {
        "seconds": seconds,
        "pairs": int(answers.found.sum()),
        "cpu_s": resource.getrusage(resource.RUSAGE_SELF).ru_utime,
    }


if __name__ == "__main__":
    main()
