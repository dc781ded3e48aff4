"""One batch from approval to the bank's file, through the services, with every constraint on.

    python -m benchmarks.pay_batch --lines 10000

A throw-away database (durable, as in production) has paid a batch before, as any district has by its second month, and gets lines
whose public notice is over. Timed: approve them in selections of `--selection`, schedule, make the batch (each payment checked),
two releases, and the file as bytes.
"""

from __future__ import annotations

import argparse
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks import claims_world as world
from benchmarks.measure import keep

NAME = "pay_batch"
EARLIER = 500


def main() -> None:
    """Measure and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=10_000)
    parser.add_argument("--selection", type=int, default=1000)
    arguments = parser.parse_args()
    with world.throw_away():
        seconds = measured(arguments.lines, arguments.selection)
    total = sum(seconds.values())
    rows = [f"| {part} | {spent:.1f} |" for part, spent in seconds.items()]
    keep(
        NAME,
        [
            f"{arguments.lines:,} lines of 20 payees, approved {arguments.selection:,} at a time, one process:",
            "",
            "| part | seconds |",
            "| --- | --- |",
            *rows,
            f"| **from approval to the bank file** | **{total:.1f}** |",
        ],
    )


def measured(count: int, selection: int) -> dict[str, float]:
    """Seconds of each part."""
    office = world.people_of_the_office(4)
    world.set_rates()
    world.grant(EARLIER + count)
    paid(noticed(EARLIER, office), EARLIER, office)
    return paid(noticed(count, office), selection, office)


def noticed(count: int, office: dict[str, Any]) -> list[int]:
    """Lines whose public notice is over."""
    ids = world.fill(count)
    world.advance(
        ids, ("line_submitted", "system:bench"), ("line_accepted", office["accept"][0]),
        ("line_first_passed", office["first"][1]), ("line_second_passed", office["second"][0]),
        ("line_put_to_notice", office["accept"][0]), ("line_noticed", "system:bench"),
    )  # fmt: skip
    return ids


def paid(ids: list[int], selection: int, office: dict[str, Any]) -> dict[str, float]:
    """Take lines from approval to the bank's file; seconds of each part."""
    from django.utils import timezone

    from jiujin.funds.services.approve_lines import approve_lines
    from jiujin.funds.services.batch_file import batch_file
    from jiujin.funds.services.make_batch import make_batch
    from jiujin.funds.services.release_batch import release_batch
    from jiujin.funds.services.schedule_lines import schedule_lines

    finance, now = office["finance"], timezone.now()
    seconds: dict[str, float] = {}
    with timed(seconds, "approve"):
        for at in range(0, len(ids), selection):
            approve_lines(ids=ids[at : at + selection], meeting="演示会议", actor=office["approval"][0], now=now)
    with timed(seconds, "schedule"):
        schedule_lines(ids=ids, actor=finance[0], now=now)
    with timed(seconds, "make and check the batch"):
        batch = make_batch(batch_id=uuid.uuid4(), ids=ids, way="bank", layout="bank-csv", actor=finance[0], now=now)
    with timed(seconds, "first release"):
        release_batch(batch=batch, actor=finance[1], now=now)
    with timed(seconds, "second release"):
        batch = release_batch(batch=batch, actor=finance[2], now=now)
    with timed(seconds, "the file"):
        content = batch_file(batch)
    assert content.count(b"\r\n") == len(ids) + 2
    return seconds


@contextmanager
def timed(into: dict[str, Any], part: str) -> Iterator[None]:
    """Note the seconds of a part."""
    started = time.perf_counter()
    yield
    into[part] = time.perf_counter() - started


if __name__ == "__main__":
    main()
