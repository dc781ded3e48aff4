"""The hash chain: what is linked verifies, and any change, loss, swap or addition is found at its line."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiujin.audit import GENESIS, ChainBroken, Entry, Verified, link, verify_lines, write_lines
from jiujin.audit.chain import NotPlain, hash_of

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
contents = st.lists(st.dictionaries(st.text(max_size=4), plain, max_size=3), max_size=6)


def chain(details: list[dict[str, Any]]) -> list[Entry]:
    entries: list[Entry] = []
    for number, own in enumerate(details):
        entries.append(
            link(
                entries[-1] if entries else None,
                at=f"2022-03-01T00:00:{number:02d}+00:00",
                actor="user:1",
                verb="line_approved",
                subject_kind="claims.line",
                subject_id=str(number),
                details=own,
            )
        )
    return entries


@given(contents)
@settings(suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault
def test_a_chain_written_out_verifies(details: list[dict[str, Any]]) -> None:
    entries = chain(details)
    assert verify_lines(write_lines(entries)) == Verified(len(entries), entries[-1].hash if entries else GENESIS)


def test_hash_is_the_sm3_of_the_canonical_form() -> None:
    # Reckoned with another implementation: openssl dgst -sm3 over the canonical JSON.
    entry = Entry(1, "2022-03-01T00:00:00+00:00", "user:1", "line_approved", "claims.line", "7", {"amount_fen": 100})
    assert hash_of(entry) == "caed411314f95713d276dc123609fae10f36ba89005aa92135128499ad7881d8"


@given(contents.filter(lambda found: len(found) > 1), st.randoms(use_true_random=False))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_any_edited_field_is_found_at_its_line(details: list[dict[str, Any]], pick: random.Random) -> None:
    lines = list(write_lines(chain(details)))
    at = pick.randrange(len(details))
    content = json.loads(lines[at])
    name = pick.choice(sorted(content))
    content[name] = {"int": 99, "str": "x", "dict": {"forged": 1}}[type(content[name]).__name__]
    lines[at] = json.dumps(content)
    with pytest.raises(ChainBroken) as broken:
        verify_lines(lines)
    assert broken.value.line == at + 1


def rehashed(lines: list[str], at: int) -> list[str]:
    """The line edited and its own hash made right again."""
    content = json.loads(lines[at])
    forged = Entry(**{**content, "actor": "user:2"})
    lines[at] = json.dumps({**content, "actor": "user:2", "hash": hash_of(forged)})
    return lines


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda lines: lines[1:], 1),
        (lambda lines: [lines[0], *lines[2:]], 2),
        (lambda lines: [lines[1], lines[0], *lines[2:]], 1),
        (lambda lines: lines[:-1], 5),
        (lambda lines: [*lines[:3], lines[4]], 4),
        (lambda lines: [lines[0], *lines], 2),
        (lambda lines: [*lines, lines[0]], 6),
        (lambda lines: rehashed(lines, 1), 3),
        (lambda lines: rehashed(lines, 3), 5),
        (lambda lines: ["not json", *lines], 1),
        (lambda lines: ["[1]", *lines], 1),
        (lambda lines: ["[" * 100_000, *lines], 1),
        (lambda lines: [], 1),
    ],
)
def test_first_line_that_does_not_hold_is_named(change: Any, line: int) -> None:
    lines = list(write_lines(chain([{"n": n} for n in range(4)])))
    with pytest.raises(ChainBroken) as broken:
        verify_lines(change(lines))
    assert broken.value.line == line


@pytest.mark.parametrize("value", [1.5, [0.1], {"a": {"b": 2.0}}, {1: "x"}, {1, 2}])
def test_what_can_be_written_in_several_ways_is_refused(value: Any) -> None:
    with pytest.raises(NotPlain):
        chain([{"value": value}])
