"""The engines that judge: what PostgreSQL's expressions become in each, as entries in a table.

Everything is written once in PostgreSQL's dialect and translated by sqlglot. What translation gets wrong (seen when it
was run: integer division, row values with nulls, `age()`, `make_interval`, list filters) is not used at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import sqlglot


@dataclass(frozen=True)
class Engine:
    """One engine: its sqlglot dialect."""

    name: str
    dialect: str

    def translate(self, sql: str) -> str:
        """A query in PostgreSQL's dialect, in this engine's."""
        return sql if self.dialect == "postgres" else _translated(sql, self.dialect)


@lru_cache(maxsize=256)
def _translated(sql: str, dialect: str) -> str:
    return sqlglot.transpile(sql, read="postgres", write=dialect)[0]


POSTGRES = Engine("postgres", "postgres")
DUCKDB = Engine("duckdb", "duckdb")
ENGINES = {engine.name: engine for engine in (POSTGRES, DUCKDB)}
