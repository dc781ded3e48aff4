"""Holds lines against every other line and record of the same person and time, and marks what it finds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from jiujin.claims.marks import Mark
from jiujin.claims.models import ClaimLine, Risk
from jiujin.claims.services.compare_records import record_marks
from jiujin.claims.services.lock_keys import PEOPLE, lock_keys
from jiujin.claims.states import TAKES_PLACE
from jiujin.core.plan_in_force import plan_in_force
from jiujin.plan import Plan
from jiujin.plan.models import Exclusion

MoreMarks = Callable[[Sequence[ClaimLine]], Mapping[int, Sequence[Mark]]]
more_marks: list[
    MoreMarks
] = []  # what rooms above find (one account for several payees): they add theirs when they load


def compare_lines(lines: Sequence[ClaimLine], *, plan: Plan | None = None) -> None:
    """Set `marks` and `risk` of lines that were judged (the caller saves them).

    Marks are as `claims.marks` has them. Of two lines given that stop each other, the earlier one goes on.
    """
    plan = plan or plan_in_force()
    beside = _lines_beside(lines)
    found: dict[int, list[Mark]] = {}
    for line in lines:
        marks = [mark for other in beside[_subject(line)] if (mark := _against(line, other, plan))]
        found[line.pk] = marks
        if not any(mark["effect"] == "stop" for mark in marks):
            beside[_subject(line)].append(line)
    for more in (record_marks(lines, plan), _more(lines)):
        for line_id, marks in more.items():
            found[line_id] += marks
    for line in lines:
        line.marks = found[line.pk]
        line.risk = Risk.MARKED if line.marks else Risk.CLEAR


def lock_subjects(lines: Iterable[ClaimLine]) -> None:
    """Nobody else compares lines of the same people (or of the same organisation itself) until the transaction ends."""
    lock_keys(PEOPLE, (_subject(line) for line in lines))


def _subject(line: ClaimLine) -> str:
    """Whose the line is: a person's, or an organisation's where it claims for itself."""
    return f"person {line.person_id}" if line.person_id is not None else f"payee {line.payee_id}"


def _lines_beside(lines: Sequence[ClaimLine]) -> defaultdict[str, list[ClaimLine]]:
    """Other lines that stand, by whose they are; neither those given nor those that they correct."""
    people = {line.person_id for line in lines if line.person_id is not None}
    payees = {line.payee_id for line in lines if line.person_id is None}
    own = {line.pk for line in lines} | {line.corrects_id for line in lines}
    found: defaultdict[str, list[ClaimLine]] = defaultdict(list)
    standing = ClaimLine.objects.filter(state__in=TAKES_PLACE).select_related("claim").order_by("pk")
    fields = (
        "pk", "person_id", "payee_id", "scheme", "plan_id", "first_on", "last_on", "record_id", "corrects_id", "claim__number",
    )  # fmt: skip
    others = [*standing.filter(person__in=people).only(*fields)] if people else []
    others += [*standing.filter(person=None, payee__in=payees).only(*fields)] if payees else []
    for other in others:
        if other.pk not in own:
            found[_subject(other)].append(other)
    return found


def _against(line: ClaimLine, other: ClaimLine, plan: Plan) -> Mark | None:
    """What stands between a line and another one of the same person: the plan's exclusions, the scheme's own overlap."""
    if other.scheme == line.scheme:
        return _own_overlap(line, other, plan)
    for rule in plan.exclusions.values():
        if {line.scheme, other.scheme} == set(rule.between) and _meets(rule, line, other):
            return _mark(rule.id, rule.effect, other)
    return None


def _own_overlap(line: ClaimLine, other: ClaimLine, plan: Plan) -> Mark | None:
    overlap = plan.scheme(line.scheme).overlap
    if overlap is not None and _days_meet(line, other):
        return _mark("overlap", "stop", other)
    if line.person_id is not None and line.first_on is not None and line.first_on == other.first_on:
        return _mark("same_start", "mark", other)
    return None


def _meets(rule: Exclusion, line: ClaimLine, other: ClaimLine) -> bool:
    if rule.when == "days_overlap":
        return _days_meet(line, other)
    if line.first_on is None or other.first_on is None:
        return False
    if rule.when == "same_start":
        return line.first_on == other.first_on
    return line.first_on.year == other.first_on.year


def _days_meet(line: ClaimLine, other: ClaimLine) -> bool:
    """Whether two lines take up a day in common; without a last day a line goes on."""
    if line.first_on is None or other.first_on is None:
        return False
    return line.first_on <= (other.last_on or date.max) and other.first_on <= (line.last_on or date.max)


def _mark(rule: str, effect: str, other: ClaimLine) -> Mark:
    of = {"scheme": other.scheme, "number": other.claim.number}
    return {"rule": rule, "effect": effect, "line": other.pk, "of": of}


def _more(lines: Sequence[ClaimLine]) -> dict[int, list[Mark]]:
    found: defaultdict[int, list[Mark]] = defaultdict(list)
    for look in more_marks:
        for line_id, marks in look(lines).items():
            found[line_id] += marks
    return found
