"""Transactions that only read."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import connection, transaction

Found = TypeVar("Found")
_asked: ContextVar[dict[Hashable, Any] | None] = ContextVar("asked while reading", default=None)


@contextmanager
def one_moment() -> Iterator[None]:
    """A transaction that writes nothing and sees nobody's later change; inside another one, what that one sees."""
    own = not connection.in_atomic_block
    with transaction.atomic():
        if own:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


@contextmanager
def read_only_transaction() -> Iterator[None]:
    """A transaction in which PostgreSQL refuses to write; inside another one, that one from here on.

    The connection begins it so, which costs no statement of its own.
    """
    token = _asked.set({})
    try:
        with _begun_read_only():
            yield
    finally:
        _asked.reset(token)


def once_while_reading(key: Hashable, find: Callable[[], Found]) -> Found:
    """What `find` finds; within a read-only transaction it is asked once, as nothing here changes it meanwhile."""
    asked = _asked.get()
    if asked is None:
        return find()
    if key not in asked:
        asked[key] = find()
    found: Found = asked[key]
    return found


@contextmanager
def _begun_read_only() -> Iterator[None]:
    if connection.in_atomic_block:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
            yield
        return
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    begun_on = connection.connection
    begun_on.read_only = True
    try:
        with transaction.atomic():
            yield
    finally:
        if not begun_on.closed:
            begun_on.read_only = None
