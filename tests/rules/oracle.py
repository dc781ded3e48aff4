"""A slow, obvious evaluator of conditions, written from the issue's words and used only to check the engines.

It never sees SQL. A generated rule is a small Python structure; `text()` writes it in the condition language, `value()`
works it out with None for *not known*.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any


def add_months(day: date, months: int) -> date:
    """Month arithmetic clamped to the last day of the month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def whole_months(start: date, end: date) -> int:
    """The largest n with end + 1 day on or after start + n months: tried one by one."""
    after, n = end + timedelta(days=1), 0
    while add_months(start, n + 1) <= after:
        n += 1
    while add_months(start, n) > after:
        n -= 1
    return n


def years_old(born: date, on: date) -> int:
    """Birthdays passed, tried one by one."""
    n = 0
    while add_months(born, 12 * (n + 1)) <= on:
        n += 1
    while add_months(born, 12 * n) > on:
        n -= 1
    return n


def both(values: list[bool | None]) -> bool | None:
    """`and` of three-valued answers."""
    return False if False in values else None if None in values else True


def either(values: list[bool | None]) -> bool | None:
    """`or` of three-valued answers."""
    return True if True in values else None if None in values else False


def turned(value: bool | None) -> bool | None:
    """`not` of a three-valued answer."""
    return None if value is None else not value


@dataclass(frozen=True)
class Facts:
    """One row, and the parameters (None: unset)."""

    row: dict[str, Any]
    params: dict[str, Any]


# --- quantities ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FactQ:
    name: str

    def text(self) -> str:
        return self.name

    def value(self, facts: Facts) -> Any:
        return facts.row[self.name]

    def lacks(self, facts: Facts) -> set[str]:
        return {self.name} if facts.row[self.name] is None else set()


@dataclass(frozen=True)
class ParamQ:
    name: str

    def text(self) -> str:
        return f"param('{self.name}')"

    def value(self, facts: Facts) -> Any:
        return facts.params[self.name]

    def lacks(self, facts: Facts) -> set[str]:
        return {f"param:{self.name}"} if facts.params[self.name] is None else set()


@dataclass(frozen=True)
class DatesQ:
    """whole_months or years_old of two date facts."""

    function: str
    first: FactQ
    second: FactQ

    def text(self) -> str:
        return f"{self.function}({self.first.text()}, {self.second.text()})"

    def value(self, facts: Facts) -> Any:
        a, b = self.first.value(facts), self.second.value(facts)
        if a is None or b is None:
            return None
        return whole_months(a, b) if self.function == "whole_months" else years_old(a, b)

    def lacks(self, facts: Facts) -> set[str]:
        return self.first.lacks(facts) | self.second.lacks(facts)


@dataclass(frozen=True)
class MovedQ:
    """A date fact moved by a parameter of months."""

    day: FactQ
    sign: str
    months: ParamQ

    def text(self) -> str:
        return f"{self.day.text()} {self.sign} {self.months.text()}"

    def value(self, facts: Facts) -> Any:
        day, months = self.day.value(facts), self.months.value(facts)
        return None if day is None or months is None else add_months(day, months if self.sign == "+" else -months)

    def lacks(self, facts: Facts) -> set[str]:
        return self.day.lacks(facts) | self.months.lacks(facts)


# --- answers ---------------------------------------------------------------------------------------------------------------

OPERATORS = {
    "=": lambda a, b: a == b, "<>": lambda a, b: a != b, "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
}  # fmt: skip


@dataclass(frozen=True)
class Compare:
    left: Any
    operator: str
    right: Any

    def text(self) -> str:
        return f"{self.left.text()} {self.operator} {self.right.text()}"

    def value(self, facts: Facts) -> bool | None:
        a, b = self.left.value(facts), self.right.value(facts)
        return None if a is None or b is None else OPERATORS[self.operator](a, b)

    def lacks(self, facts: Facts) -> set[str]:
        return self.left.lacks(facts) | self.right.lacks(facts)


@dataclass(frozen=True)
class Among:
    fact: FactQ
    words: tuple[str, ...]
    outside: bool

    def text(self) -> str:
        words = ", ".join(f"'{word}'" for word in self.words)
        return f"{self.fact.text()} {'not in' if self.outside else 'in'} ({words})"

    def value(self, facts: Facts) -> bool | None:
        value = self.fact.value(facts)
        return None if value is None else (value in self.words) != self.outside

    def lacks(self, facts: Facts) -> set[str]:
        return self.fact.lacks(facts)


@dataclass(frozen=True)
class Yes:
    fact: FactQ

    def text(self) -> str:
        return self.fact.text()

    def value(self, facts: Facts) -> bool | None:
        return self.fact.value(facts)

    def lacks(self, facts: Facts) -> set[str]:
        return self.fact.lacks(facts)


@dataclass(frozen=True)
class Listed:
    param: ParamQ
    fact: FactQ

    def text(self) -> str:
        return f"listed('{self.param.name}', {self.fact.text()})"

    def value(self, facts: Facts) -> bool | None:
        names, value = self.param.value(facts), self.fact.value(facts)
        return None if names is None or value is None else value in names

    def lacks(self, facts: Facts) -> set[str]:
        return self.fact.lacks(facts) or self.param.lacks(facts)


@dataclass(frozen=True)
class InTable:
    rows: tuple[tuple[Any, ...], ...]
    facts: tuple[FactQ, ...]

    def text(self) -> str:
        return f"in_table('paths', {', '.join(fact.text() for fact in self.facts)})"

    def value(self, facts: Facts) -> bool | None:
        known = [fact.value(facts) for fact in self.facts]
        fits = [row for row in self.rows if all(k is None or k == cell for k, cell in zip(known, row, strict=True))]
        return False if not fits else None if None in known else True

    def lacks(self, facts: Facts) -> set[str]:
        return set().union(*(fact.lacks(facts) for fact in self.facts))


@dataclass(frozen=True)
class Not:
    part: Any

    def text(self) -> str:
        return f"not ({self.part.text()})"

    def value(self, facts: Facts) -> bool | None:
        return turned(self.part.value(facts))

    def lacks(self, facts: Facts) -> set[str]:
        return self.part.lacks(facts)


@dataclass(frozen=True)
class Join:
    word: str
    parts: tuple[Any, ...]

    def text(self) -> str:
        return f" {self.word} ".join(f"({part.text()})" for part in self.parts)

    def value(self, facts: Facts) -> bool | None:
        return (both if self.word == "and" else either)([part.value(facts) for part in self.parts])

    def lacks(self, facts: Facts) -> set[str]:
        """Only parts that are themselves unknown can be what is lacking."""
        return set().union(*(part.lacks(facts) for part in self.parts if part.value(facts) is None))


# --- conditions ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LeafC:
    id: str
    when: Any

    def yaml(self) -> dict[str, Any]:
        return {"id": self.id, "when": self.when.text()}

    def value(self, facts: Facts) -> bool | None:
        return self.when.value(facts)

    def blame(self, facts: Facts, flipped: bool, unmet: set[str], missing: set[str]) -> None:
        answer = self.value(facts)
        if answer is None:
            missing |= self.when.lacks(facts)
        elif answer == flipped:
            unmet.add(self.id)


@dataclass(frozen=True)
class GroupC:
    word: str
    parts: tuple[Any, ...]
    given: LeafC | None = None

    def yaml(self) -> dict[str, Any]:
        content: dict[str, Any] = {self.word: [part.yaml() for part in self.parts]}
        return {"given": self.given.yaml(), **content} if self.given else content

    def members(self) -> list[Any]:
        return [*([self.given] if self.given else []), *self.parts]

    def value(self, facts: Facts) -> bool | None:
        return (both if self.word == "all" else either)([part.value(facts) for part in self.members()])

    def blame(self, facts: Facts, flipped: bool, unmet: set[str], missing: set[str]) -> None:
        """Where this group is held against the row: which of its leaves are, seen through `flipped` negations."""
        value = turned(self.value(facts)) if flipped else self.value(facts)
        if value is True:
            return
        if (self.word == "all") != flipped:
            if self.given and not flipped and self.given.value(facts) is False:
                self.given.blame(facts, flipped, unmet, missing)
                return
            for part in self.members():
                part.blame(facts, flipped, unmet, missing)
            return
        for part in self.members():
            answer = turned(part.value(facts)) if flipped else part.value(facts)
            if (value is False and self._speaks(part, facts, flipped)) or (value is None and answer is None):
                part.blame(facts, flipped, unmet, missing)

    def _speaks(self, part: Any, facts: Facts, flipped: bool) -> bool:
        """A failing branch whose `given` is false is passed over, unless no branch is spoken of at all."""
        given = None if flipped else getattr(part, "given", None)
        if given is None or given.value(facts) is not False:
            return True
        return all(getattr(p, "given", None) is not None and p.given.value(facts) is False for p in self.members())


@dataclass(frozen=True)
class NotC:
    part: Any

    def yaml(self) -> dict[str, Any]:
        return {"not": self.part.yaml()}

    def value(self, facts: Facts) -> bool | None:
        return turned(self.part.value(facts))

    def blame(self, facts: Facts, flipped: bool, unmet: set[str], missing: set[str]) -> None:
        self.part.blame(facts, not flipped, unmet, missing)


@dataclass
class Verdict:
    verdict: str
    unmet: set[str]
    missing: set[str]
    limit_used: int | None = None


def judge(
    condition: Any, rows: list[dict[str, Any]], params: dict[str, Any], limit: int, period: tuple[date, date]
) -> list[Verdict]:
    """All rows against the condition, the period of `start_on`, a known `id_number`, and `limit` times a person and year."""
    found = []
    for row in rows:
        facts = Facts(row, params)
        unmet: set[str] = set()
        missing: set[str] = set()
        condition.blame(facts, False, unmet, missing)
        answers = [condition.value(facts)]
        start = row["start_on"]
        answers.append(None if start is None else period[0] <= start <= period[1])
        if answers[-1] is False:
            unmet.add("in_force")
        missing |= {"start_on"} if start is None else set()
        answers.append(None if row["id_number"] is None else True)
        missing |= {"id_number"} if row["id_number"] is None else set()
        answer = both(answers)
        found.append(Verdict({True: "met", False: "unmet", None: "unknown"}[answer], unmet, missing))
    _limit(found, rows, limit)
    return found


def _limit(found: list[Verdict], rows: list[dict[str, Any]], limit: int) -> None:
    """Earliest start first, then input order; only a met line uses one up."""
    used: dict[tuple[str, int], int] = {}
    met = [at for at, verdict in enumerate(found) if verdict.verdict == "met"]
    for at in sorted(met, key=lambda at: (rows[at]["start_on"], at)):
        key = (rows[at]["id_number"], rows[at]["start_on"].year)
        used[key] = used.get(key, 0) + 1
        if used[key] > limit:
            found[at].verdict = "unmet"
            found[at].unmet = {"limit"}
            found[at].missing = set()
        else:
            found[at].limit_used = used[key]
