"""Gives events their places in the chain (`jiujin.audit`), one after the other, under the lock of its head."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from jiujin.audit import GENESIS, Entry, link

READ_ROWS = 5000
MAKE_HEAD = "INSERT INTO core_chainhead (id, seq, hash) VALUES (1, 0, %s) ON CONFLICT DO NOTHING"
LOCK_HEAD = "SELECT seq, hash FROM core_chainhead WHERE id = 1 FOR UPDATE"
MOVE_HEAD = "UPDATE core_chainhead SET seq = %s, hash = %s WHERE id = 1"
READ = "SELECT id, at, actor, verb, subject_kind, subject_id, details FROM core_event WHERE id = ANY(%s) ORDER BY id"
LINK = """
INSERT INTO core_eventlink (event_id, seq, previous, hash)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[]) AS link (event_id, seq, previous, hash) ORDER BY seq
"""


def link_events(connection: BaseDatabaseWrapper, events: Sequence[int]) -> None:
    """Link these events, in the order of their ids; those of a savepoint that was rolled back are gone and have no place."""
    with connection.cursor() as cursor:
        head = _lock_head(cursor)
        cursor.execute(READ, [list(events)])
        rows = []
        for event_id, *fields in cursor.fetchall():
            head = link(head, **entry_fields(*fields))
            rows.append((event_id, head.seq, head.previous, head.hash))
        if head is not None and rows:
            cursor.execute(LINK, [list(column) for column in zip(*rows, strict=True)])
            cursor.execute(MOVE_HEAD, [head.seq, head.hash])


def _lock_head(cursor: Any) -> Entry | None:
    """The last entry, of which only place and hash are read; None where the chain is empty."""
    cursor.execute(LOCK_HEAD)
    held = cursor.fetchone()
    if held is None:
        cursor.execute(MAKE_HEAD, [GENESIS])
        cursor.execute(LOCK_HEAD)
        held = cursor.fetchone()
    return Entry(held[0], "", "", "", "", "", hash=held[1]) if held[0] else None


def entry_fields(
    at: datetime, actor: str, verb: str, subject_kind: str, subject_id: str, details: str
) -> dict[str, Any]:
    """An event's columns, as the cursor gives them, as an entry of the chain holds them."""
    return {
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"), "actor": actor, "verb": verb,
        "subject_kind": subject_kind, "subject_id": subject_id, "details": json.loads(details),
    }  # fmt: skip


def chain_entries(connection: BaseDatabaseWrapper) -> Iterator[Entry]:
    """The whole chain in order, as it stands in the database, READ_ROWS at a time; nothing is checked here."""
    last = 0
    while rows := _rows_after(connection, last):
        for seq, previous, hashed, *fields in rows:
            yield Entry(seq=seq, previous=previous, hash=hashed, **entry_fields(*fields))
            last = seq


def _rows_after(connection: BaseDatabaseWrapper, last: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT link.seq, link.previous, link.hash, event.at, event.actor, event.verb, event.subject_kind,"
            " event.subject_id, event.details FROM core_eventlink AS link JOIN core_event AS event ON event.id = link.event_id"
            " WHERE link.seq > %s ORDER BY link.seq LIMIT %s",
            [last, READ_ROWS],
        )
        return list(cursor.fetchall())


def link_all(connection: BaseDatabaseWrapper, events: Iterable[int]) -> None:
    """Link many events, some at a time (a migration does)."""
    waiting: list[int] = []
    for event_id in events:
        waiting.append(event_id)
        if len(waiting) == READ_ROWS:
            link_events(connection, waiting)
            waiting = []
    if waiting:
        link_events(connection, waiting)
