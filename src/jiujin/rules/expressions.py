"""Typed expressions to SQL over fact columns, in PostgreSQL's dialect, with what each would need to be known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from sqlglot import exp

from jiujin.plan.models import Parameter, Plan
from jiujin.plan.parameters import FIRST_DAY, LAST_DAY, Value, span, typed_value
from jiujin.rules.language import COMPARISONS, SPANS, Scope, Typed, parse

SQL_TYPES = {
    "money": "BIGINT",
    "months": "BIGINT",
    "days": "BIGINT",
    "years": "BIGINT",
    "count": "BIGINT",
    "date": "DATE",
    "yes_no": "BOOLEAN",
    "choice": "TEXT",
    "text": "TEXT",
    "id_number": "TEXT",
    "credit_code": "TEXT",
}


@dataclass(frozen=True)
class Need:
    """Something an expression lacks while `when` (SQL, never null) is true: a fact's id, or `param:ID`."""

    name: str
    when: str


@dataclass(frozen=True)
class Fragment:
    """SQL of an expression, its unit, and its needs."""

    sql: str
    kind: str
    needs: tuple[Need, ...] = ()


def literal(value: Value | str | None, kind: str) -> str:
    """A typed SQL literal; a quote in text is doubled."""
    if value is None:
        return f"CAST(NULL AS {SQL_TYPES[kind]})"
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, int):
        return f"CAST({value} AS BIGINT)" if value > 2**31 - 1 else str(value)
    return "'" + str(value).replace("'", "''") + "'"


def add_months_sql(day: str, months: str) -> str:
    """`day` moved by months, clamped to the month's end, as a date."""
    return f"CAST({day} + INTERVAL '1 month' * ({months}) AS DATE)"


def add_days_sql(day: str, days: str) -> str:
    """`day` moved by days, as a date."""
    return f"({day} + CAST({days} AS INT))"


def _part(part: str, day: str) -> str:
    return f"CAST(EXTRACT({part} FROM {day}) AS BIGINT)"


def whole_months_sql(start: str, end: str) -> str:
    """The largest n for which `end` + 1 day is on or after `start` + n months.

    With the day after the end in month m, n is the count of months up to m, less one where that day comes before the
    start's day of the month and is not the last of its month (there the sum is clamped). Adding months and comparing
    says the same, three times slower; `age()` says otherwise at month ends.
    """
    after, next_day = add_days_sql(end, "1"), add_days_sql(end, "2")
    months = (
        f"(({_part('YEAR', after)} - {_part('YEAR', start)}) * 12 + {_part('MONTH', after)} - {_part('MONTH', start)})"
    )
    early = f"{_part('DAY', start)} > {_part('DAY', after)} AND {_part('DAY', next_day)} > 1"
    return f"({months} - CASE WHEN {early} THEN 1 ELSE 0 END)"


def years_old_sql(born: str, on: str) -> str:
    """The largest n for which `on` is on or after `born` + 12 n months."""
    years = f"({_part('YEAR', on)} - {_part('YEAR', born)})"
    return f"({years} - CASE WHEN {add_months_sql(born, f'{years} * 12')} > {on} THEN 1 ELSE 0 END)"


def birth_date_sql(number: str) -> str:
    """The birth date inside a checked 18-digit ID number (GB 11643: digits 7 to 14), read as one whole number."""
    digits = f"CAST(SUBSTRING({number}, 7, 8) AS INT)"
    return f"MAKE_DATE({digits} / 10000, ({digits} / 100) % 100, {digits} % 100)"


class Writer:
    """Writes typed expressions as SQL.

    `column` answers with the SQL and the needs of a fact; `day` is the subject's date as SQL, by which dated parameters
    are resolved; `settings` overrides parameters for every date and area (typed values: money in fen).
    """

    def __init__(
        self, plan: Plan, scope: Scope, settings: Mapping[str, Value], column: Callable[[str], Fragment]
    ) -> None:
        self.plan = plan
        self.scope = scope
        self.settings = settings
        self.column = column
        self.day: Fragment | None = None

    def write(self, text: str) -> Fragment:
        """Parse, type and write one expression."""
        return self.of(parse(text, self.scope))

    def of(self, typed: Typed) -> Fragment:
        """Write a typed expression."""
        return Fragment(*self._node(typed.tree, typed.kind))

    def _node(self, node: exp.Expression, kind: str) -> tuple[str, str, tuple[Need, ...]]:
        fragment = self.node(node)
        return fragment.sql, kind, fragment.needs

    def node(self, node: exp.Expression) -> Fragment:
        """SQL and needs of one node of an allowed tree."""
        if isinstance(node, exp.Paren):
            return self.node(node.this)
        if isinstance(node, exp.Column):
            return self.column(node.name)
        if isinstance(node, exp.Literal):
            return Fragment(literal(str(node.this), "text") if node.is_string else "0", "zero")
        if isinstance(node, exp.Anonymous):
            return self._call(node)
        if isinstance(node, exp.Not):
            inner = self.node(node.this)
            return Fragment(f"(NOT {inner.sql})", "yes_no", inner.needs)
        if isinstance(node, exp.In):
            column = self.node(node.this)
            words = ", ".join(self.node(word).sql for word in node.expressions)
            return Fragment(f"({column.sql} IN ({words}))", "yes_no", column.needs)
        if isinstance(node, exp.Between):
            sides = [self.node(part) for part in (node.this, node.args["low"], node.args["high"])]
            return Fragment(f"({sides[0].sql} BETWEEN {sides[1].sql} AND {sides[2].sql})", "yes_no", _together(sides))
        return self._binary(node)

    def _binary(self, node: exp.Expression) -> Fragment:
        left, right = self.node(node.this), self.node(node.expression)
        needs = _together([left, right])
        if isinstance(node, exp.And | exp.Or):
            word = "AND" if isinstance(node, exp.And) else "OR"
            return Fragment(f"({left.sql} {word} {right.sql})", "yes_no", needs)
        if type(node) in COMPARISONS:
            return Fragment(f"({left.sql} {COMPARISONS[type(node)]} {right.sql})", "yes_no", needs)
        if isinstance(node, exp.Mul):
            return Fragment(f"({left.sql} * {right.sql})", "money", needs)
        sign = "+" if isinstance(node, exp.Add) else "-"
        if left.kind == "date" and right.kind in SPANS:
            return Fragment(_moved(left.sql, right, sign), "date", needs)
        kind = "days" if left.kind == "date" else left.kind if left.kind != "zero" else right.kind
        return Fragment(f"({left.sql} {sign} {right.sql})", kind, needs)

    # --- functions -----------------------------------------------------------------------------------------------------

    def _call(self, node: exp.Anonymous) -> Fragment:
        name, given = str(node.this).lower(), list(node.expressions)
        if name == "param":
            return self.parameter(str(given[0].this))
        if name == "listed":
            return self._listed(str(given[0].this), self.node(given[1]))
        if name == "in_table":
            return self._in_table(str(given[0].this), [self.node(fact) for fact in given[1:]])
        if name == "over_floor":
            return self._over_floor(self.node(given[0]), str(given[1].this), self.node(given[2]), self.node(given[3]))
        sides = [self.node(argument) for argument in given]
        write, kind = SIMPLE[name]
        return Fragment(write(*[side.sql for side in sides]), kind, _together(sides))

    def constant(self, parameter: Parameter) -> tuple[bool, Value | None]:
        """Whether the parameter is one value for every date and area (an unset one is: null), and that value."""
        if parameter.id in self.settings:
            return True, self.settings[parameter.id]
        values = parameter.values
        if not values:
            return True, None
        everywhere = len(values) == 1 and values[0].area in (None, self.plan.header.district)
        if everywhere and values[0].start is None and values[0].end is None:
            return True, typed_value(parameter, values[0].value)
        return False, None

    def parameter(self, name: str) -> Fragment:
        """A parameter's value on the subject's day and in its area."""
        parameter = self.scope.parameters[name]
        fixed, value = self.constant(parameter)
        if fixed:
            unknown = (Need(f"param:{name}", "TRUE"),) if value is None else ()
            return Fragment(literal(value, parameter.type), parameter.type, unknown)
        assert self.day is not None, "a dated parameter needs the subject's day"
        sql = self.at_day(parameter, self.day.sql)
        needs = (*self.day.needs, Need(f"param:{name}", f"({self.day.sql} IS NOT NULL AND {sql} IS NULL)"))
        return Fragment(sql, parameter.type, needs)

    def at_day(self, parameter: Parameter, day: str) -> str:
        """SQL of a parameter's value on `day`: the value of the narrowest area that holds the subject."""
        ordered = sorted(parameter.values, key=lambda value: -len(value.area or ""))
        branches = []
        for value in ordered:
            first, last = span(value)
            test = f"{day} BETWEEN {literal(first, 'date')} AND {literal(last, 'date')}"
            if value.area and value.area != self.plan.header.district:
                test += f" AND {self._area()} LIKE '{value.area}%'"
            branches.append(f"WHEN {test} THEN {literal(typed_value(parameter, value.value), parameter.type)}")
        return f"(CASE {' '.join(branches)} END)"

    def _area(self) -> str:
        if "area" in self.scope.facts:
            return f"COALESCE({self.column('area').sql}, '{self.plan.header.district}')"
        return f"'{self.plan.header.district}'"

    def _listed(self, name: str, column: Fragment) -> Fragment:
        """Whether a choice is on a list, by its code or its label; unset: not known."""
        parameter = self.scope.parameters[name]
        _, value = self.constant(parameter)
        if value is None:
            need = Need(f"param:{name}", f"({column.sql} IS NOT NULL)")
            return Fragment(literal(None, "yes_no"), "yes_no", (*column.needs, need))
        names = value if isinstance(value, tuple) else ()
        labels = {label: code for fact in self.scope.facts.values() for code, label in fact.choices.items()}
        words = sorted({literal(str(labels.get(str(word), word)), "text") for word in names})
        return Fragment(f"({column.sql} IN ({', '.join(words)}))", "yes_no", column.needs)

    def _in_table(self, name: str, facts: list[Fragment]) -> Fragment:
        """Whether a row of the table fits: `or` of `and`s, so that a null is unknown only where a row may still fit."""
        parameter = self.scope.parameters[name]
        _, rows = self.constant(parameter)
        if not isinstance(rows, tuple):
            return Fragment(literal(None, "yes_no"), "yes_no", (Need(f"param:{name}", "TRUE"),))
        tests = []
        for row in rows:
            assert isinstance(row, tuple)
            cells = [f"{fact.sql} = {literal(cell, fact.kind)}" for fact, cell in zip(facts, row, strict=True)]
            tests.append(f"({' AND '.join(cells)})")
        return Fragment(f"({' OR '.join(tests)})", "yes_no", _together(facts))

    def _over_floor(self, income: Fragment, name: str, start: Fragment, end: Fragment) -> Fragment:
        """Income above the floor over a run of days: against the highest floor of the run where it reaches it,
        against the lowest where it falls below; between the two it cannot be told."""
        parameter = self.scope.parameters[name]
        fixed, value = self.constant(parameter)
        if fixed:
            floor = self.parameter(name)
            sql = f"({income.sql} - {literal(value, 'money')})" if value is not None else literal(None, "money")
            return Fragment(sql, "money", (*income.needs, *floor.needs))
        spans = [(span(v), literal(typed_value(parameter, v.value), "money")) for v in parameter.values]
        known = f"({start.sql} IS NOT NULL AND {end.sql} IS NOT NULL)"
        gap = " AND ".join(
            f"NOT ({literal(day, 'date')} BETWEEN {start.sql} AND {end.sql})" for day in _days_without(parameter)
        )
        first, last = min(s[0] for s, _ in spans), max(s[1] for s, _ in spans)
        covered = f"({start.sql} >= {literal(first, 'date')} AND {end.sql} <= {literal(last, 'date')}{' AND ' + gap if gap else ''})"
        floors = ", ".join(
            f"CASE WHEN {start.sql} <= {literal(s[1], 'date')} AND {end.sql} >= {literal(s[0], 'date')} THEN {floor} END"
            for s, floor in spans
        )
        high, low = f"GREATEST({floors})", f"LEAST({floors})"
        sql = (
            f"(CASE WHEN {covered} AND {income.sql} >= {high} THEN {income.sql} - {high}"
            f" WHEN {covered} AND {income.sql} < {low} THEN {income.sql} - {low} END)"
        )
        needs = (*_together([income, start, end]), Need(f"param:{name}", f"({known} AND NOT {covered})"))
        return Fragment(sql, "money", needs)


SIMPLE: dict[str, tuple[Callable[..., str], str]] = {
    "whole_months": (whole_months_sql, "months"),
    "years_old": (years_old_sql, "years"),
    "birth_date": (birth_date_sql, "date"),
}


def _moved(day: str, by: Fragment, sign: str) -> str:
    """A date moved by a span of months, years or days."""
    if by.kind == "days":
        return add_days_sql(day, by.sql if sign == "+" else f"-({by.sql})")
    amount = by.sql if by.kind == "months" else f"({by.sql}) * 12"
    return add_months_sql(day, amount if sign == "+" else f"-({amount})")


def _days_without(parameter: Parameter) -> list[date]:
    """The first day of every stretch between two values on which none applies."""
    spans = sorted(span(value) for value in parameter.values)
    return [
        date.fromordinal(end.toordinal() + 1)
        for (_, end), (start, _) in pairwise(spans)
        if end < LAST_DAY and start.toordinal() > end.toordinal() + 1 and end >= FIRST_DAY
    ]


def _together(fragments: list[Fragment]) -> tuple[Need, ...]:
    return tuple(dict.fromkeys(need for fragment in fragments for need in fragment.needs))
