"""Queries whose text stays the same, planned once a connection: the rules' are long, and planning them costs more than running them.

What changes from call to call is told through a setting of the transaction (`set_config`), so no parameter is in the text.
"""

from __future__ import annotations

import hashlib
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection

_prepared: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()  # a server's session → the names that it knows
NAMES_MAX = 500


class PreparedCursor:
    """A cursor that prepares what it is asked for the first time, and then runs it by its name."""

    def __init__(self, cursor: Any) -> None:
        self.cursor = cursor

    def execute(self, query: str) -> None:
        """Run a query that holds no parameter."""
        names = _prepared.setdefault(connection.connection, set())
        name = "held_" + hashlib.sha256(query.encode()).hexdigest()[:24]
        if name not in names:
            if len(names) >= NAMES_MAX:
                self.cursor.execute("DEALLOCATE ALL")
                names.clear()
            self.cursor.execute(f"PREPARE {name} AS {query}")
            names.add(name)
        self.cursor.execute(f"EXECUTE {name}")

    def fetchall(self) -> list[tuple[Any, ...]]:
        """The rows."""
        rows: list[tuple[Any, ...]] = self.cursor.fetchall()
        return rows
