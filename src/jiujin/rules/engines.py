"""The engines that judge: what PostgreSQL's expressions become in each, as entries in a table.

Everything is written once in PostgreSQL's dialect and translated by sqlglot. What translation gets wrong (seen when it
was run: row values with nulls, `age()`, `make_interval`, list filters) is not used at all. Whole numbers divide as
PostgreSQL divides them: where `/` means otherwise it is written as that engine's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import sqlglot
from sqlglot import exp


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
    return sqlglot.parse_one(sql, read="postgres").transform(_whole_division).sql(dialect=dialect)


def _whole_division(node: exp.Expr) -> exp.Expr:
    return exp.IntDiv(this=node.this, expression=node.expression) if isinstance(node, exp.Div) else node


POSTGRES = Engine("postgres", "postgres")
DUCKDB = Engine("duckdb", "duckdb")
ENGINES = {engine.name: engine for engine in (POSTGRES, DUCKDB)}
