"""Columns that several programs share: the same expression over the same columns is computed once.

A program names its columns for itself (`a_0`, `term_months`). Here each is given a place in a chain of selects, after the
columns it rests on, and two programs that ask for the same thing get the same column.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sqlglot
from sqlglot import exp

from jiujin.rules.program import Program

Names = dict[str, str]


class SharedColumns:
    """A chain of selects over a source; `names` everywhere maps a program's column to its shared one."""

    def __init__(self, source: Iterable[str]) -> None:
        self.source = tuple(source)
        self._trees: dict[str, exp.Expr] = {}
        self._by_sql: dict[str, str] = {}

    def add(self, name: str, sql: str, names: Mapping[str, str]) -> str:
        """The shared column of an expression; `name` is what it is called where it is new and the name is free."""
        tree = renamed(sql, names)
        if isinstance(tree, exp.Column):
            return tree.name
        text = tree.sql(dialect="postgres")
        if text not in self._by_sql:
            free = name if name not in self._trees and name not in self.source else f"{name}_{len(self._trees)}"
            self._by_sql[text] = free
            self._trees[free] = tree
        return self._by_sql[text]

    def tree(self, name: str) -> exp.Expr | None:
        """The expression of a shared column; None for a column of the source."""
        return self._trees.get(name)

    def add_program(self, program: Program, *, answers: bool = False) -> Names:
        """A program's facts, derived facts and atoms (and `answers`), as shared columns."""
        names: Names = {}
        for step in program.steps:
            if step.name == "reasons" or (step.name == "answers" and not answers):
                continue
            before = {} if step.name == "facts" else dict(names)
            for name, sql in step.columns:
                if not name.startswith("k_"):
                    names[name] = self.add(name, sql, before)
        return names

    def select(self, source: str, columns: Iterable[str], *, joined: str = "") -> str:
        """A query for some expressions over the shared columns, in PostgreSQL's dialect; `joined` follows the relation."""
        links, previous = [], source
        for nth, level in enumerate(self._levels(), start=1):
            added = ", ".join(f"{tree.sql(dialect='postgres')} AS {name}" for name, tree in level.items())
            links.append(f"level_{nth} AS (SELECT *, {added} FROM {previous})")
            previous = f"level_{nth}"
        head = f"WITH {', '.join(links)} " if links else ""
        return f"{head}SELECT {', '.join(columns)} FROM {previous}{joined}"

    def _levels(self) -> list[dict[str, exp.Expr]]:
        """Columns in the order in which they can be computed: each level rests on those before it alone."""
        waiting = {name: self._within(name, tree) for name, tree in self._trees.items()}
        levels: list[dict[str, exp.Expr]] = []
        while waiting:
            ready = {
                name: tree
                for name, tree in waiting.items()
                if not any(column.name in waiting for column in tree.find_all(exp.Column))
            }
            levels.append(ready)
            waiting = {name: tree for name, tree in waiting.items() if name not in ready}
        return levels

    def _within(self, name: str, tree: exp.Expr) -> exp.Expr:
        """The tree with every part that is another column read from that column (engines do not look inside AND or CASE)."""
        others = {other: at for at, other in self._trees.items() if at != name}
        return tree.transform(lambda node: exp.column(others[node]) if node in others else node)


def renamed(sql: str, names: Mapping[str, str]) -> exp.Expr:
    """The tree of an expression with its columns called by their shared names."""

    def rename(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Column) and node.name in names:
            return exp.column(names[node.name])
        return node

    return sqlglot.parse_one(sql, read="postgres").transform(rename)
