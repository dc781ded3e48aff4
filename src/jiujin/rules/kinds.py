"""What kind of row a row is to a program: a code of the answers of its atoms and of what it lacks.

Two rows of one kind have the same verdict, the same failures and the same gaps, so a kind is judged once. The code is
made of bits, two for a three-valued answer; a gap that an answer shows by being unknown has none of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from jiujin.rules.columns import SharedColumns, renamed
from jiujin.rules.program import Program

PART_BITS = 30
CODE_BITS = 62
_STRICT = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.In, exp.And, exp.Or, exp.Paren, exp.Not, exp.Column,
           exp.Identifier, exp.Literal, exp.Cast, exp.DataType, exp.Between)  # fmt: skip


@dataclass(frozen=True)
class Term:
    """One thing that decides: its cases, each a test and the value it gives, and how many bits the values take."""

    cases: tuple[tuple[str, int], ...]
    bits: int


def kind_codes(programs: Sequence[tuple[Program, Mapping[str, str]]], columns: SharedColumns) -> list[tuple[str, ...]]:
    """For each program (with the shared names of its columns) the SQL of a row's codes: bigint, not negative, never null.

    Terms that the same programs use are put together once, in parts; a program's code is its parts side by side. It has
    several codes where the bits of one do not suffice.
    """
    users: dict[Term, list[int]] = {}
    for at, (program, names) in enumerate(programs):
        for term in dict.fromkeys(_terms(program, columns, names)):
            users.setdefault(term, []).append(at)
    parts: list[list[tuple[str, int]]] = [[] for _ in programs]
    for number, (members, terms) in enumerate(_together(users)):
        part = columns.add(f"part_{number}", _part(terms), {})
        for at in members:
            parts[at].append((part, sum(term.bits for term in terms)))
    return [tuple(_side_by_side(of)) for of in parts]


def _together(users: Mapping[Term, list[int]]) -> Iterator[tuple[list[int], list[Term]]]:
    """Terms that the same programs use, as many as a part holds: those programs, and the terms."""
    members: list[int] = []
    terms: list[Term] = []
    for term, wanted in sorted(users.items(), key=lambda item: item[1]):
        if terms and (wanted != members or sum(one.bits for one in terms) + term.bits > PART_BITS):
            yield members, terms
            terms = []
        members, terms = wanted, [*terms, term]
    if terms:
        yield members, terms


def _part(terms: Sequence[Term]) -> str:
    cases, used = [], 0
    for term in terms:
        branches = " ".join(f"WHEN {test} THEN {value << used}" for test, value in term.cases)
        cases.append(f"CASE {branches} ELSE 0 END")
        used += term.bits
    return f"({' | '.join(cases)})"


def _side_by_side(parts: Sequence[tuple[str, int]]) -> Iterator[str]:
    """Codes that hold parts (a column, and its bits), each as many as it can."""
    code, used = "CAST(0 AS BIGINT)", 0
    for part, bits in parts:
        if used + bits > CODE_BITS:
            yield code
            code, used = "CAST(0 AS BIGINT)", 0
        code, used = (
            f"{code} + CAST({part} AS BIGINT) * {1 << used}" if used else f"CAST({part} AS BIGINT)",
            used + bits,
        )
    yield code


def _terms(program: Program, columns: SharedColumns, names: Mapping[str, str]) -> Iterator[Term]:
    """Each thing that decides."""
    shown: set[str] = set()
    atoms = next(step.columns for step in program.steps if step.name == "atoms")
    for atom in dict.fromkeys(names[name] for name, _ in atoms):
        tree = columns.tree(atom)
        alone = _alone(tree) if tree else atom
        if alone in shown:
            yield Term(((atom, 1),), 1)
            continue
        shown |= {alone} if alone else set()
        yield Term(((f"{atom} IS NULL", 2), (atom, 1)), 2)
    for decides, test in _signs(program, names):
        if decides not in shown:
            shown.add(decides)
            yield Term(((test, 1),), 1)


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
