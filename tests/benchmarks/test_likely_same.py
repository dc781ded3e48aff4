"""The benchmark of likely-same people, in small: it plants second records, finds most of them, and says right what it found."""

from __future__ import annotations

import random

from benchmarks.likely_same import SECOND_EACH, lines_of, people, search

PEOPLE = 2_000


def test_second_records_are_of_people_and_lack_the_number() -> None:
    rows = list(people(PEOPLE, random.Random(1)))
    second = [(row, person) for row, person in rows if not row.identified]
    assert len(second) == PEOPLE // SECOND_EACH
    assert len({row.id for row, _ in rows}) == len(rows)
    by_id = {row.id: row for row, _ in rows}
    assert sum(row.born_on == by_id[person].born_on for row, person in second) > len(second) / 2


def test_search_finds_most_second_records_and_the_page_says_so() -> None:
    told = search(PEOPLE)
    assert told["splink_right"] >= told["hand_right"] and told["splink_right"] >= 0.6 * told["second"]
    page = "\n".join(lines_of(told, PEOPLE, 1.0, 0.5))
    assert f"| {told['splink_found']:,.0f} |" in page and "2,000 people, 20 of them" in page
