"""How many statements a page costs, as in production: what a test's own transaction adds is not the page's."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

STATEMENTS_MAX = 9  # a list page stays under ten


def statements_of(client: Client, address: str) -> list[str]:
    """The statements that a page asks; it must be shown."""
    with CaptureQueriesContext(connection) as held:
        assert client.get(address).status_code == 200, address
    asked = [query["sql"] for query in held.captured_queries]
    return [sql for sql in asked if not sql.startswith(("SAVEPOINT", "RELEASE SAVEPOINT", "SET TRANSACTION READ ONLY"))]
