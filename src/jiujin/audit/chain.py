"""Entries of the event log, each closed over the one before by SM3 (GB/T 32905).

The hash of an entry is the SM3 of its canonical form: JSON in UTF-8 of every field but the hash, keys sorted, no blanks. Floats are
refused, since one number may be written in several ways; money is integer fen anyway.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cryptography.hazmat.primitives import hashes

GENESIS = "0" * 64
CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class NotPlain(TypeError):
    """A detail that is no text, whole number, yes-no, nothing, or a list or mapping of such."""


@dataclass(frozen=True)
class Entry:
    """One event in its place: `seq` counts from 1 without a gap, `at` is an instant in UTC (ISO 8601), hashes are hex."""

    seq: int
    at: str
    actor: str
    verb: str
    subject_kind: str
    subject_id: str
    details: Mapping[str, Any] = field(default_factory=dict)
    previous: str = GENESIS
    hash: str = ""


def link(head: Entry | None, **fields: Any) -> Entry:
    """The entry that follows `head` (None: the first), with its place and its hash. Raises NotPlain."""
    placed = Entry(seq=head.seq + 1 if head else 1, previous=head.hash if head else GENESIS, **fields)
    return replace(placed, hash=hash_of(placed))


def hash_of(entry: Entry) -> str:
    """The hash that an entry of this content has, whatever it says of itself. Raises NotPlain."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(canonical(entry))
    return digest.finalize().hex()


def canonical(entry: Entry) -> bytes:
    """What is hashed. Raises NotPlain."""
    content = vars(entry) | {"details": dict(entry.details)}
    del content["hash"]
    require_plain(content["details"])
    return CANONICAL.encode(content).encode()


def require_plain(value: Any) -> None:
    """Raises NotPlain for what has no single way to be written."""
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise NotPlain("a key that is no text")
        value = list(value.values())
    if isinstance(value, list | tuple):
        for part in value:
            require_plain(part)
    elif not (value is None or isinstance(value, str | int)):
        raise NotPlain(f"{type(value).__name__} in an event's details")
