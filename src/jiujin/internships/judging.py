"""Whether somebody may be an intern from a day on: the plan's rules judge group, dates and term, and say why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from jiujin.core.plan_in_force import plan_in_force
from jiujin.internships.pack import program_of_groups
from jiujin.rules import judge_postgres
from jiujin.rules.explain import Explainer
from jiujin.rules.expressions import SQL_TYPES, literal
from jiujin.values import add_months

SOMEBODY = "somebody"  # every judgement asks whose it is; that a number is lacking is no reason against a group


@dataclass(frozen=True)
class Asking:
    """Who asks: a group, what is known of the person, and the days."""

    group: str | None
    born_on: date | None
    graduated_on: date | None
    start_on: date | None
    end_on: date | None


@dataclass(frozen=True)
class Judged:
    """The rules' answer: `met`, `unmet` or `unknown`, and its reasons as sentences."""

    verdict: str
    reasons: list[str]
    unmet: list[str]
    missing: list[str]

    def kept(self) -> dict[str, Any]:
        """As an application keeps it."""
        return {"verdict": self.verdict, "reasons": self.reasons, "unmet": self.unmet, "missing": self.missing}


def last_day(start_on: date, months: int) -> date:
    """The last day of so many whole months."""
    return add_months(start_on, months) - timedelta(days=1)


def judge(asking: Sequence[Asking]) -> list[Judged]:
    """Judge some people at once by the plan in force. Nothing is written."""
    if not asking:
        return []
    program = program_of_groups(plan_in_force())
    rows = [_row(at, each) for at, each in enumerate(asking)]
    relation = f"({' UNION ALL '.join(rows)}) AS asking"
    columns = ["id_number", "born_on", "intern_group", "graduated_on", "internship_start_on", "internship_end_on"]
    with connection.cursor() as cursor:
        table = judge_postgres(cursor, program, relation, columns)
    reasons = Explainer(program).reasons(table, str, {})
    return [
        Judged(row["verdict"], told, list(row["unmet"]), list(row["missing"]))
        for row, told in zip(table.to_pylist(), reasons, strict=True)
    ]


def _row(at: int, asked: Asking) -> str:
    values = {
        "id_number": ("text", SOMEBODY),
        "born_on": ("date", asked.born_on),
        "intern_group": ("choice", asked.group or None),
        "graduated_on": ("date", asked.graduated_on),
        "internship_start_on": ("date", asked.start_on),
        "internship_end_on": ("date", asked.end_on),
    }
    told = ", ".join(
        f"CAST({literal(value, kind)} AS {SQL_TYPES[kind]}) AS {name}" for name, (kind, value) in values.items()
    )
    return f"SELECT {at} AS ord, {told}"
