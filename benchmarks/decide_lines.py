"""Sixteen clerks deciding lines at once, each a process of its own, through the services, with every constraint on.

    python -m benchmarks.decide_lines --clerks 16 --lines 200

Each clerk has lines that nobody else has (as the queue hands them out) and passes them in the first review one by one; then in
the second review twenty at a time; then leaders approve them twenty at a time, each approval committing budget from one and the
same purse. Every decision judges the line anew inside its transaction, keeps the facts, writes its event into the hash chain and
commits durably.
"""

from __future__ import annotations

import argparse
import multiprocessing
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks import claims_world as world
from benchmarks.measure import keep

NAME = "decide_lines"
SELECTION = 20


@dataclass(frozen=True)
class Task:
    """What one clerk does: which step, with which lines, how many at a time, as whom."""

    step: str
    ids: Sequence[int]
    portion: int
    user_id: int


def main() -> None:
    """Measure and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clerks", type=int, default=16)
    parser.add_argument("--lines", type=int, default=200, help="of each clerk")
    arguments = parser.parse_args()
    with world.throw_away():
        rows = measured(arguments.clerks, arguments.lines)
    keep(
        NAME,
        [
            f"{arguments.clerks} processes at once, {arguments.lines:,} lines each:",
            "",
            "| what | lines a second |",
            "| --- | --- |",
            *(f"| {what} | **{rate:.0f}** |" for what, rate in rows.items()),
        ],
    )


def measured(clerks: int, each: int) -> dict[str, float]:
    """Lines a second of each way of deciding."""
    office = world.people_of_the_office(max(clerks, 2))
    world.set_rates()
    ids = world.fill(clerks * each)
    world.advance(ids, ("line_submitted", "system:bench"), ("line_accepted", office["accept"][0]))
    parts = [ids[at::clerks] for at in range(clerks)]
    rates = {"first review, one by one": run("first", parts, 1, office["first"])}
    rates["second review, 20 at a time"] = run("second", parts, SELECTION, office["second"])
    world.advance(ids, ("line_put_to_notice", office["accept"][0]), ("line_noticed", "system:bench"))
    world.grant(len(ids))
    rates["approval with its commitment, 20 at a time"] = run("approval", parts, SELECTION, office["approval"])
    return rates


def run(step: str, parts: Sequence[Sequence[int]], portion: int, users: Sequence[Any]) -> float:
    """Lines a second, from the moment at which all clerks begin to the last commit."""
    from django.db import connections

    connections.close_all()
    context = multiprocessing.get_context("fork")
    ready, done = context.Barrier(len(parts) + 1), context.Queue()
    clerks = [
        context.Process(target=work, args=(Task(step, part, portion, user.pk), ready, done))
        for part, user in zip(parts, users, strict=True)
    ]
    for clerk in clerks:
        clerk.start()
    ready.wait()
    started = time.perf_counter()
    decided = sum(done.get() for _ in clerks)
    seconds = time.perf_counter() - started
    for clerk in clerks:
        clerk.join()
    assert decided == sum(map(len, parts)), "every line was decided"
    return decided / seconds


def work(task: Task, ready: Any, done: Any) -> None:
    """One clerk: connect, open the plan, wait for the others, decide."""
    from jiujin.accounts.models import User
    from jiujin.core.plan_in_force import plan_in_force

    user = User.objects.get(pk=task.user_id)
    plan_in_force()
    ready.wait()
    decided = 0
    for at in range(0, len(task.ids), task.portion):
        decided += decide(task.step, task.ids[at : at + task.portion], user)
    done.put(decided)


def decide(step: str, ids: Sequence[int], user: Any) -> int:
    """Decide on lines as the page would; how many were decided."""
    from django.utils import timezone

    from jiujin.claims.services.pass_lines import pass_lines
    from jiujin.funds.services.approve_lines import approve_lines

    now = timezone.now()
    if step == "approval":
        return len(approve_lines(ids=ids, meeting="演示会议", actor=user, now=now))
    return len(pass_lines(ids=ids, stage=step, actor=user, now=now))  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
