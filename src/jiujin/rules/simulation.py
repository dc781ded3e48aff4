"""What another rate, threshold, limit or budget would cost, and whom it would reach: the same facts judged two ways.

A side is a plan with trial values and limits. Both sides judge every scheme of a subject over a relation of facts as read
from records (`ord`, the facts, `<fact>__proof`, and `area`, the code of where the subject's person lives); a side may have a
relation of its own where a changed parameter is part of how a fact is read. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import duckdb

from jiujin.plan.models import Plan
from jiujin.plan.parameters import MAX_FEN, Value
from jiujin.rules.engines import DUCKDB
from jiujin.rules.expressions import Fragment, Writer
from jiujin.rules.judge import columns_of, facts_source
from jiujin.rules.language import Scope, parse
from jiujin.rules.screening import Screened, Screening, compile_screening, screened

NAMED_ROWS = 50
MAX_COUNT = 1_000


@dataclass(frozen=True)
class Side:
    """One way of judging: a plan, and trial values of its parameters in the rules' units."""

    plan: Plan
    settings: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Reached:
    """Of one side: how many subjects are met, by how many people, what they cost, and how many have no price yet."""

    met: int = 0
    people: int = 0
    amount_fen: int = 0
    unpriced: int = 0

    def __add__(self, other: Reached) -> Reached:
        return Reached(*(mine + its for mine, its in zip(self.values, other.values, strict=True)))

    @property
    def values(self) -> tuple[int, int, int, int]:
        """The four figures in order."""
        return self.met, self.people, self.amount_fen, self.unpriced


@dataclass(frozen=True)
class Outcome:
    """One scheme in one area (blank: not known): both sides, and how many subjects gain, lose, get more or less.

    `gains` are met after and not before, `loses` the other way round; `more` and `less` are met on both sides at
    another price. `people` counts a person once in each area.
    """

    scheme: str
    area: str
    subjects: int
    before: Reached
    after: Reached
    gains: int = 0
    loses: int = 0
    more: int = 0
    less: int = 0

    @property
    def difference_fen(self) -> int:
        """What the change costs more (less, where below nothing)."""
        return self.after.amount_fen - self.before.amount_fen


@dataclass(frozen=True)
class Spending:
    """What a budget would last for: subjects in the order of their days, as long as the sum stays within it.

    `exhausted_on` is the day of the first subject that no longer fits; null where all fit. `covered` is how many fit.
    """

    scheme: str
    budget_fen: int
    asked_fen: int
    covered: int
    exhausted_on: date | None

    @property
    def left_fen(self) -> int:
        """What is left over once all are paid; below nothing where money is short."""
        return self.budget_fen - self.asked_fen


@dataclass(frozen=True)
class Simulation:
    """Both sides by scheme and area, what budgets would last for, and the first rows that gain and lose in each scheme.

    `people` are those met in any scheme before and after, by area: who is met in two schemes is one person.
    """

    outcomes: tuple[Outcome, ...]
    people: Mapping[str, tuple[int, int]]
    spending: tuple[Spending, ...]
    gaining: Mapping[str, Sequence[int]]
    losing: Mapping[str, Sequence[int]]

    def by_scheme(self) -> list[Outcome]:
        """Every area of a scheme together."""
        return [_together([one for one in self.outcomes if one.scheme == name], name, "") for name in self._schemes()]

    def by_area(self) -> list[Outcome]:
        """Every scheme of an area together."""
        areas = sorted({one.area for one in self.outcomes}, key=lambda code: (not code, code))
        found = [_together([one for one in self.outcomes if one.area == area], "", area) for area in areas]
        return [_reaching(one, *self.people.get(one.area, (0, 0))) for one in found]

    def total(self) -> Outcome:
        """Everything together."""
        before, after = (sum(counts) for counts in zip(*self.people.values(), strict=True)) if self.people else (0, 0)
        return _reaching(_together(self.outcomes, "", ""), before, after)

    def _schemes(self) -> list[str]:
        return list(dict.fromkeys(one.scheme for one in self.outcomes))


def _reaching(outcome: Outcome, before: int, after: int) -> Outcome:
    """The outcome with its people counted once."""
    return replace(outcome, before=replace(outcome.before, people=before), after=replace(outcome.after, people=after))


def _together(outcomes: Sequence[Outcome], scheme: str, area: str) -> Outcome:
    def added(name: str) -> int:
        return sum(getattr(one, name) for one in outcomes)

    before, after = Reached(), Reached()
    for one in outcomes:
        before, after = before + one.before, after + one.after
    changes = {name: added(name) for name in ("gains", "loses", "more", "less")}
    return Outcome(scheme, area, added("subjects"), before, after, **changes)


def with_limits(plan: Plan, limits: Mapping[str, int]) -> Plan:
    """The plan with other counts in the limits of some schemes. Raises ValueError with a Chinese sentence."""
    schemes = dict(plan.schemes)
    for name, count in limits.items():
        scheme = schemes.get(name)
        if scheme is None:
            raise ValueError(f"方案里没有补贴项目 {name}")
        if scheme.limit is None:
            raise ValueError(f"“{scheme.name}”没有次数上限，不能改次数")
        if not 1 <= count <= MAX_COUNT:
            raise ValueError(f"“{scheme.name}”的次数要在 1 到 {MAX_COUNT} 之间")
        schemes[name] = scheme.model_copy(update={"limit": scheme.limit.model_copy(update={"count": count})})
    return plan.model_copy(update={"schemes": schemes})


def screening_of(side: Side, subject: str) -> Screening | None:
    """Every scheme of a subject compiled for records; None where the side's plan has none of that subject."""
    if not any(scheme.subject == subject for scheme in side.plan.schemes.values()):
        return None
    return compile_screening(side.plan, subject, settings=side.settings, records=True)


@dataclass(frozen=True)
class Judged:
    """One subject, judged two ways: for each side its screening (null: its plan has no scheme of the subject) and its facts.

    The relations (a table, a view or `read_parquet(…)`) hold the same subjects under the same `ord`.
    """

    before: Screening | None
    after: Screening | None
    facts_before: str
    facts_after: str

    def schemes(self, side: str) -> list[str]:
        """The schemes of a side."""
        screening = self.before if side == "before" else self.after
        return [one.program.scheme.id for one in screening.schemes] if screening else []


def simulate(
    connection: duckdb.DuckDBPyConnection, subjects: Iterable[Judged], *, budgets: Mapping[str, int] | None = None
) -> Simulation:
    """Judge every subject both ways and compare; `budgets` are in fen by scheme."""
    outcomes: list[Outcome] = []
    spending: list[Spending] = []
    gaining: dict[str, list[int]] = {}
    losing: dict[str, list[int]] = {}
    try:
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE simulated_people (area VARCHAR, who UBIGINT, met_before BOOLEAN, met_after BOOLEAN)"
        )
        for subject in subjects:
            _judge_side(connection, "before", subject.before, subject.facts_before)
            _judge_side(connection, "after", subject.after, subject.facts_after)
            _join_sides(connection, subject)
            for scheme in dict.fromkeys([*subject.schemes("before"), *subject.schemes("after")]):
                rows = _rows_of(scheme, subject)
                outcomes += _outcomes(connection, scheme, rows)
                gaining[scheme] = _some(connection, rows, "met_after AND NOT met_before")
                losing[scheme] = _some(connection, rows, "met_before AND NOT met_after")
                if scheme in (budgets or {}):
                    days = _days_query(connection, scheme, subject)
                    spending.append(_spending(connection, scheme, rows, days, (budgets or {})[scheme]))
            _name_people(connection, subject)
        return Simulation(tuple(outcomes), _people(connection), tuple(spending), gaining, losing)
    finally:
        for table in ("before", "after", "rows", "people"):
            connection.execute(f"DROP TABLE IF EXISTS temp.simulated_{table}")


def _judge_side(connection: duckdb.DuckDBPyConnection, side: str, screening: Screening | None, relation: str) -> None:
    """`simulated_<side>`: whether each subject is met in each scheme of the side, and its fen."""
    if screening is None:
        return
    columns = ["ord"]
    for scheme in (one.program.scheme.id for one in screening.schemes):
        met = f"\"{scheme}.verdict\" = 'met'"
        columns += [
            f'{met} AS "{side}.{scheme}.met"',
            f'CASE WHEN {met} THEN "{scheme}.amount_fen" END AS "{side}.{scheme}.fen"',
        ]
    with screened(connection, screening, relation) as query:
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE simulated_{side} AS SELECT {', '.join(columns)} FROM ({query}) AS judged"
        )


def _join_sides(connection: duckdb.DuckDBPyConnection, subject: Judged) -> None:
    """`simulated_rows`: both sides of every subject, where its person lives, and a number that tells people apart."""
    held = columns_of(connection, subject.facts_before)
    area = "COALESCE(area, '')" if "area" in held else "''"
    who = next((name for name in ("id_number", "credit_code") if name in held), "ord")
    sides = [side for side in ("before", "after") if subject.schemes(side)]
    joins = "".join(f" JOIN simulated_{side} AS {side} USING (ord)" for side in sides)
    columns = "".join(f", {side}.* EXCLUDE (ord)" for side in sides)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE simulated_rows AS SELECT subjects.*"
        f"{columns} FROM (SELECT ord, {area} AS area, hash({who}) AS who FROM {subject.facts_before}) AS subjects{joins}"
    )


def _days_query(connection: duckdb.DuckDBPyConnection, scheme: str, subject: Judged) -> str:
    """A query for `ord` and `due_on`, the day on which a subject is due: the end of the term it needs, or its beginning."""
    of_after = scheme in subject.schemes("after")
    screening = subject.after if of_after else subject.before
    relation = subject.facts_after if of_after else subject.facts_before
    assert screening is not None
    one = next(one for one in screening.schemes if one.program.scheme.id == scheme)
    held = columns_of(connection, relation)
    source = facts_source(screening.plan, screening.facts, relation, held, "ord", records=True)
    return DUCKDB.translate(f"SELECT ord, {_day(screening, one)} AS due_on FROM {source}")


def _day(screening: Screening, one: Screened) -> str:
    """SQL of a scheme's day over the facts as read; null where it rests on a fact that is worked out from others."""
    dates, program = one.program.scheme.dates, one.program
    for name in ("term_full", "start"):
        text = dates.get(name)
        if text and all(
            fact in screening.facts for fact in parse(text, Scope.of(screening.plan, screening.subject)).facts
        ):
            writer = Writer(
                screening.plan,
                Scope.of(screening.plan, screening.subject),
                program.settings,
                lambda fact: Fragment(fact, screening.plan.facts[fact].type),
            )
            writer.day = writer.write(dates["start"]) if "start" in dates else None
            return writer.write(text).sql
    return "CAST(NULL AS DATE)"


def _rows_of(scheme: str, subject: Judged) -> str:
    """A relation of each subject's two answers in a scheme; a side that has no such scheme meets nobody."""
    columns = ["ord", "area", "who"]
    for side in ("before", "after"):
        held = scheme in subject.schemes(side)
        columns.append(f'"{side}.{scheme}.met" AS met_{side}' if held else f"FALSE AS met_{side}")
        columns.append(f'"{side}.{scheme}.fen" AS fen_{side}' if held else f"CAST(NULL AS BIGINT) AS fen_{side}")
    return f"(SELECT {', '.join(columns)} FROM simulated_rows) AS rows"


def _name_people(connection: duckdb.DuckDBPyConnection, subject: Judged) -> None:
    """Adds to `simulated_people` everyone met in any scheme of the subject."""
    met = {
        side: " OR ".join(f'"{side}.{scheme}.met"' for scheme in subject.schemes(side)) or "FALSE"
        for side in ("before", "after")
    }
    connection.execute(
        f"INSERT INTO simulated_people SELECT area, who, {met['before']}, {met['after']} FROM simulated_rows"
        f" WHERE {met['before']} OR {met['after']}"
    )


def _people(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, int]]:
    """By area, the people met in any scheme of each side."""
    found = connection.execute(
        "SELECT area, count(DISTINCT CASE WHEN met_before THEN who END), count(DISTINCT CASE WHEN met_after THEN who END)"
        " FROM simulated_people GROUP BY area"
    ).fetchall()
    return {area: (int(before), int(after)) for area, before, after in found}


def _outcomes(connection: duckdb.DuckDBPyConnection, scheme: str, rows: str) -> list[Outcome]:
    sides = ", ".join(
        f"count(*) FILTER (met_{side}), count(DISTINCT CASE WHEN met_{side} THEN who END),"
        f" COALESCE(sum(fen_{side}), 0), count(*) FILTER (met_{side} AND fen_{side} IS NULL)"
        for side in ("before", "after")
    )
    found = connection.execute(
        f"SELECT area, count(*), {sides}, count(*) FILTER (met_after AND NOT met_before),"
        " count(*) FILTER (met_before AND NOT met_after),"
        " count(*) FILTER (met_before AND met_after AND fen_after > fen_before),"
        " count(*) FILTER (met_before AND met_after AND fen_after < fen_before)"
        f" FROM {rows} GROUP BY area ORDER BY area = '', area"
    ).fetchall()
    return [
        Outcome(scheme, row[0], row[1], Reached(*map(int, row[2:6])), Reached(*map(int, row[6:10])), *row[10:])
        for row in found
    ]


def _some(connection: duckdb.DuckDBPyConnection, rows: str, which: str) -> list[int]:
    """The first subjects of which something is so."""
    found = connection.execute(f"SELECT ord FROM {rows} WHERE {which} ORDER BY ord LIMIT {NAMED_ROWS}").fetchall()
    return [int(row[0]) for row in found]


def _spending(connection: duckdb.DuckDBPyConnection, scheme: str, rows: str, days: str, budget_fen: int) -> Spending:
    assert 0 <= budget_fen <= MAX_FEN
    asked, covered, exhausted_on = _one(
        connection,
        "SELECT COALESCE(sum(fen_after), 0), count(*) FILTER (spent_fen <= $budget), min(due_on) FILTER (spent_fen > $budget)"
        " FROM (SELECT fen_after, due_on, sum(fen_after) OVER (ORDER BY due_on NULLS LAST, ord) AS spent_fen"
        f" FROM {rows} JOIN ({days}) AS days USING (ord) WHERE fen_after IS NOT NULL) AS spent",
        {"budget": budget_fen},
    )
    return Spending(scheme, budget_fen, int(asked), int(covered), exhausted_on)


def _one(connection: duckdb.DuckDBPyConnection, query: str, values: Mapping[str, Any]) -> tuple[Any, ...]:
    found = connection.execute(query, dict(values)).fetchone()
    assert found is not None
    return found
