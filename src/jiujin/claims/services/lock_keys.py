"""Locks on what has no row of its own: a person, a limit's key. Held until the transaction ends."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Final

from django.db import connection

PEOPLE: Final = 5001
LIMITS: Final = 5002
BUCKETS: Final = 1024  # a claim of 10,000 people must not fill the server's table of locks


def lock_keys(kind: int, keys: Iterable[str]) -> None:
    """Nobody else holds any of these keys until the transaction ends; always taken in the same order.

    Keys share buckets: two of one bucket wait for each other without need, and never pass each other.
    """
    buckets = sorted({zlib.crc32(key.encode()) % BUCKETS for key in keys})
    if buckets:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(%s, bucket) FROM unnest(%s::int[]) WITH ORDINALITY AS held(bucket, place)",
                [kind, buckets],
            )
            cursor.fetchall()
