"""Which part of the program and which test stand behind each clause of the document."""

from __future__ import annotations

import ast
import importlib.util
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jiujin.plan.check import walk
from jiujin.plan.load import plans_dir
from jiujin.plan.models import Plan, Scheme

FILES = {
    "parameters": "parameters/{id}.yaml",
    "schemes": "schemes/{id}.yaml",
    "targets": "targets.yaml#{id}",
    "readings": "readings.yaml#{id}",
    "duties": "duties.yaml#{id}",
    "audiences": "audiences#{id}",
    "risks": "risks#{id}",
    "scorecard": "scorecard.yaml#{id}",
    "surveys": "surveys/{id}.yaml",
}


@dataclass(frozen=True)
class ClauseCover:
    """One clause: what implements it (pack entries, then modules), its tests, and what is still data only.

    `data_only` is true where no module runs it yet.
    """

    id: str
    place: str
    title: str
    data_only: bool
    implemented_by: list[str]
    tests: list[str]
    remaining: str | None

    @property
    def bare(self) -> bool:
        """Neither implemented nor tested, or only one of them: a fault."""
        return not (self.implemented_by and self.tests)

    def as_json(self) -> dict[str, Any]:
        """As in `jiujin plan coverage --json`."""
        keys = ("id", "place", "title", "data_only", "implemented_by", "tests", "remaining")
        return {key: getattr(self, key) for key in keys}


def coverage(plan: Plan, tests_dir: Path | None = None) -> list[ClauseCover]:
    """Every clause of the plan, in the document's order.

    `tests_dir` holds test files whose functions carry `@pytest.mark.clause("<id>", …)`; by default the source tree's.
    """
    entries = _entries(plan)
    marked = marked_tests(tests_dir or plans_dir().parent / "tests")
    found = []
    for clause in plan.clauses.values():
        modules = [name for name in clause.runs_in if module_exists(name)]
        cases = [
            f"cases/{book.scheme}.yaml（{len(book.cases)} 例）"
            for book in plan.cases.values()
            if clause.id in _clauses_of(plan.schemes[book.scheme])
        ]
        found.append(
            ClauseCover(
                clause.id,
                clause.place,
                clause.title,
                not modules,
                [*entries[clause.id], *modules],
                [*cases, *marked.get(clause.id, [])],
                clause.remaining,
            )
        )
    return found


def module_exists(name: str) -> bool:
    """Whether a module that a clause names is there."""
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False


def _clauses_of(scheme: Scheme) -> set[str]:
    """The clauses that a scheme's worked cases show: its own, and those of its conditions."""
    return {scheme.clause, *(node.clause for node, _ in walk(scheme.conditions) if node.clause)}


def _entries(plan: Plan) -> dict[str, list[str]]:
    entries: dict[str, list[str]] = defaultdict(list)
    for clause_id in plan.header.clauses:
        entries[clause_id].append("plan.yaml")
    for kind, name in FILES.items():
        for record in getattr(plan, kind).values():
            for clause_id in _clauses_of(record) if isinstance(record, Scheme) else [record.clause]:
                entries[clause_id].append(name.format(id=record.id))
    return entries


def marked_tests(folder: Path) -> dict[str, list[str]]:
    """Clause id → `tests/…::test_name` of every test marked with it; read from the source, nothing is run."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                for clause_id in _marks(node):
                    found[clause_id].append(f"{path.relative_to(folder.parent)}::{node.name}")
    return found


def _marks(function: ast.FunctionDef) -> list[str]:
    names = []
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.clause":
            names += [
                arg.value for arg in decorator.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
            ]
    return names
