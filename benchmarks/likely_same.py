"""Finds likely-same people in a whole registry, as the nightly search does, beside the rule that people use by hand.

python -m benchmarks.likely_same --people 200000

The people are invented. One in a hundred has a second record as a counter makes it: without the identity number, some with a
character of the name or a digit of the birth wrong, some with another telephone or home. Families share telephones.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

from benchmarks.measure import keep, run
from jiujin.registry.likely_same import BATCH_ROWS, PROBABILITY_MIN, PeopleTable, PersonRow
from jiujin.values.demo import GIVEN_CHARACTERS, demo_name

SEED = 20220101
SECOND_EACH = 100  # one person in so many has a second record
COMMUNITIES, TOWNS = 200, 20
ELDEST, DAYS = date(1955, 1, 1), 18_000
FAMILY_SHARE = 0.3
WRONG = {"name": 0.1, "born_on": 0.1, "phone": 0.3, "no_phone": 0.1, "area": 0.15}
BY_HAND = """
    SELECT l.unique_id, r.unique_id FROM person l JOIN person r ON l.unique_id < r.unique_id
    AND l.name = r.name AND l.born_on = r.born_on AND NOT (l.identified AND r.identified)
"""


def people(count: int, pick: random.Random) -> Iterator[tuple[PersonRow, int]]:
    """Records with the number of the person each is of; the second ones come last."""
    first: list[PersonRow] = []
    for number in range(count):
        family = first and pick.random() < FAMILY_SHARE
        phone = first[-1].phone_index if family else f"{number:011d}".encode()
        area = first[-1].area_code if family else _area(pick)
        born_on = ELDEST + timedelta(days=pick.randrange(DAYS))
        row = PersonRow(number, demo_name(pick), phone, born_on, pick.choice(("male", "female")), area, True)
        first.append(row)
        yield row, number
    for place, row in enumerate(first[::SECOND_EACH]):
        yield _second(count + place, row, pick), row.id


def _area(pick: random.Random) -> str:
    community = pick.randrange(COMMUNITIES)
    return f"990000{community % TOWNS:03d}{community:03d}"


def _second(number: int, row: PersonRow, pick: random.Random) -> PersonRow:
    """The same person as a hurried counter writes them down."""
    wrong = {name for name, share in WRONG.items() if pick.random() < share}
    name, born_on = row.name, row.born_on
    if "name" in wrong:
        at = pick.randrange(len(name))
        name = name[:at] + pick.choice(GIVEN_CHARACTERS) + name[at + 1 :]
    if "born_on" in wrong:
        born_on = born_on.replace(day=born_on.day % 28 + 1)
    phone = None if "no_phone" in wrong else f"9{number:010d}".encode() if "phone" in wrong else row.phone_index
    area = _area(pick) if "area" in wrong else row.area_code
    return PersonRow(number, name, phone, born_on, row.sex, area, False)


def search(count: int) -> dict[str, float]:
    """Search once within this process: seconds, and how many pairs are right, by splink and by hand."""
    pick = random.Random(SEED)
    person_of: dict[int, int] = {}
    with PeopleTable() as table:
        rows = people(count, pick)
        started = time.monotonic()
        while batch := list(islice(rows, BATCH_ROWS)):
            person_of |= {row.id: person for row, person in batch}
            table.add(row for row, _ in batch)
        filled = time.monotonic()
        found = {(pair.one, pair.other) for pair in table.likely_pairs()}
        searched = time.monotonic()
        by_hand = set(table.connection.execute(BY_HAND).fetchall())
        ended = time.monotonic()
    seconds = len(person_of) - count
    right = {name: sum(person_of[one] == person_of[other] for one, other in pairs) for name, pairs in (("splink", found), ("hand", by_hand))}  # fmt: skip
    return {
        "fill_s": filled - started,
        "splink_s": searched - filled,
        "hand_s": ended - searched,
        "second": seconds,
        "splink_found": len(found),
        "hand_found": len(by_hand),
        "splink_right": right["splink"],
        "hand_right": right["hand"],
    }


def main() -> None:
    """Measure in a process of its own, and keep the section."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=200_000)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        print(json.dumps(search(given.people)))
        return
    whole = run([sys.executable, "-m", "benchmarks.likely_same", "--people", str(given.people), "--inside"])
    told = json.loads(whole.output.splitlines()[-1])
    keep("likely_same", lines_of(told, given.people, whole.seconds, whole.peak_gib))


def lines_of(told: dict[str, float], count: int, seconds: float, peak_gib: float) -> list[str]:
    """The section as it stands on the page."""
    lines = [
        f"{count:,} people, {told['second']:,.0f} of them with a second record; pairs likelier than {PROBABILITY_MIN:g}:",
        "",
        "| what | seconds | pairs | of them right | of all second records found |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, label in (("splink", "the nightly search (splink)"), ("hand", "same name and birth, in SQL")):
        found, right = told[f"{name}_found"], told[f"{name}_right"]
        lines.append(
            f"| {label} | {told[f'{name}_s']:.1f} | {found:,.0f} | {right / max(found, 1):.1%} | {right / told['second']:.1%} |"
        )
    lines += ["", f"Filling the table took {told['fill_s']:.1f} s; the whole process {seconds:.1f} s and {peak_gib:.2f} GiB."]  # fmt: skip
    return lines


if __name__ == "__main__":
    main()
