"""The engines that judge: what PostgreSQL's expressions become in each, as entries in a table.

Everything is written once in PostgreSQL's dialect and translated by sqlglot. What translation gets wrong (seen when it
was run: integer division, row values with nulls, `age()`, `make_interval`, list filters) is not used at all.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlglot


@dataclass(frozen=True)
class Engine:
    """One engine: its sqlglot dialect."""

    name: str
    dialect: str

    def translate(self, sql: str) -> str:
        """A query in PostgreSQL's dialect, in this engine's."""
        if self.dialect == "postgres":
            return sql
        return sqlglot.transpile(sql, read="postgres", write=self.dialect)[0]


POSTGRES = Engine("postgres", "postgres")
DUCKDB = Engine("duckdb", "duckdb")
ENGINES = {engine.name: engine for engine in (POSTGRES, DUCKDB)}
