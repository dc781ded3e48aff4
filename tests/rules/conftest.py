"""PostgreSQL for the tests that hold it against the other engines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def postgres_cursor(db: None) -> Iterator[Any]:
    """A cursor on the throw-away server; the tests only read."""
    from django.db import connection

    with connection.cursor() as cursor:
        yield cursor.cursor
