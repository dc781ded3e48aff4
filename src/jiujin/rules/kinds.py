"""What kind of row a row is to a program: a code of the answers of its atoms and of what it lacks.

Two rows of one kind have the same verdict, the same failures and the same gaps, so a kind is judged once. The code is
made of bits, two for a three-valued answer; a gap that an answer shows by being unknown has none of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlglot import exp

from jiujin.rules.columns import SharedColumns, renamed
from jiujin.rules.program import Program

MAX_BITS = 62
_STRICT = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.In, exp.And, exp.Or, exp.Paren, exp.Not, exp.Column,
           exp.Identifier, exp.Literal, exp.Cast, exp.DataType, exp.Between)  # fmt: skip


def kind_codes(program: Program, columns: SharedColumns, names: Mapping[str, str]) -> list[str]:
    """SQL of a row's codes (bigint, not negative, never null): one, or more where the bits of one do not suffice."""
    terms = list(_terms(program, columns, names))
    codes: list[list[str]] = []
    used = MAX_BITS
    for cases, width in terms:
        if used + width > MAX_BITS:
            codes.append([])
            used = 0
        branches = " ".join(f"WHEN {test} THEN {value << used}" for test, value in cases)
        codes[-1].append(f"CASE {branches} ELSE 0 END")
        used += width
    return [f"({' | '.join(code)})" for code in codes] or ["0"]


def _terms(
    program: Program, columns: SharedColumns, names: Mapping[str, str]
) -> Iterator[tuple[Sequence[tuple[str, int]], int]]:
    """For each thing that decides: its cases (test and value), and how many bits they take."""
    shown: set[str] = set()
    atoms = next(step.columns for step in program.steps if step.name == "atoms")
    for atom in dict.fromkeys(names[name] for name, _ in atoms):
        tree = columns.tree(atom)
        alone = _alone(tree) if tree else atom
        if alone in shown:
            yield [(atom, 1)], 1
            continue
        shown |= {alone} if alone else set()
        yield [(f"{atom} IS NULL", 2), (atom, 1)], 2
    for decides, test in _signs(program, names):
        if decides not in shown:
            shown.add(decides)
            yield [(test, 1)], 1


def _signs(program: Program, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What is lacking, as (what decides, test): columns that are null, and whole tests where more than that decides."""
    for sql in program.signs:
        tree = renamed(sql, names)
        text = tree.sql(dialect="postgres")
        if all(_says_null(column) for column in tree.find_all(exp.Column)):
            yield from ((column.name, f"{column.name} IS NULL") for column in tree.find_all(exp.Column))
        else:
            yield text, text


def _says_null(column: exp.Column) -> bool:
    return isinstance(column.parent, exp.Is) and isinstance(column.parent.expression, exp.Null)


def _alone(tree: exp.Expr) -> str | None:
    """The one column of a test that is null exactly where that column is; None for any other test."""
    named = {column.name for column in tree.find_all(exp.Column)}
    if len(named) != 1 or not all(isinstance(node, _STRICT) for node in tree.walk()):
        return None
    return named.pop()
