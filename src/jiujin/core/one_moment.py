"""Transactions that only read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


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
