"""Conditions to SQL to verdicts with reasons: three answers, each with its clause, fact and source."""

from jiujin.rules.judge import judge_duckdb, judge_postgres, limit_takers
from jiujin.rules.language import ConditionWrong
from jiujin.rules.lint import lint, open_plan
from jiujin.rules.overlaps import overlaps, overlaps_postgres, overlaps_records
from jiujin.rules.program import Program, compile_scheme
from jiujin.rules.screening import Screening, compile_screening, screen, screen_verdicts, screened
from jiujin.rules.simulation import (
    Judged,
    Outcome,
    Reached,
    Side,
    Simulation,
    Spending,
    screening_of,
    simulate,
    with_limits,
)

__all__ = [
    "ConditionWrong",
    "Judged",
    "Outcome",
    "Program",
    "Reached",
    "Screening",
    "Side",
    "Simulation",
    "Spending",
    "compile_scheme",
    "compile_screening",
    "judge_duckdb",
    "judge_postgres",
    "limit_takers",
    "lint",
    "open_plan",
    "overlaps",
    "overlaps_postgres",
    "overlaps_records",
    "screen",
    "screen_verdicts",
    "screened",
    "screening_of",
    "simulate",
    "with_limits",
]
