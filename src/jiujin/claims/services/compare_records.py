"""Holds lines against the records of the same person and time: another job, a post or an internship, insurance elsewhere.

What is found here is for the reviewer to look at; nothing of it stops a line.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db import connection

from jiujin.claims.judging import TABLES
from jiujin.claims.marks import Mark
from jiujin.claims.models import ClaimLine
from jiujin.plan import Plan

DAYS = {  # subject → its first and last day, as SQL over its record
    "placement": ("other.start_on", "coalesce(other.left_on, other.end_on)"),
    "public_post": ("other.start_on", "other.end_on"),
    "internship": ("other.start_on", "coalesce(other.ended_on, other.end_on)"),
    "enrolment": ("other.enrolled_on", "CAST(NULL AS DATE)"),
}
TOLD = "unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::date[], %s::date[]) AS told(line, person, record, first_on, last_on)"
MEET = "{first} <= coalesce(told.last_on, 'infinity') AND coalesce({last}, 'infinity') >= told.first_on"
SAME_WORK = (
    f"SELECT DISTINCT told.line, other.id FROM {TOLD} JOIN work_placement AS own ON own.id = told.record"
    " JOIN work_placement AS other ON other.person_id = told.person AND other.id <> own.id"
    " AND other.start_on = own.start_on AND other.employer_id = own.employer_id"
    " AND other.operator_id IS DISTINCT FROM own.operator_id ORDER BY 1, 2"
)
INSURED_ELSEWHERE = (
    f"SELECT DISTINCT told.line, other.id FROM {TOLD} LEFT JOIN work_placement AS own ON own.id = told.record AND {{of_work}}"
    " JOIN work_placement AS other ON other.person_id = told.person AND other.employer_id IS DISTINCT FROM own.employer_id"
    " JOIN work_insurancemonth AS paid ON paid.placement_id = other.id AND paid.kind = 'social'"
    " AND paid.month >= date_trunc('month', told.first_on) AND paid.month <= coalesce(told.last_on, 'infinity')"
    " ORDER BY 1, 2"
)
AT_WORK_OR_NEAR = ("placement", "public_post", "internship")


def record_marks(lines: Sequence[ClaimLine], plan: Plan) -> dict[int, list[Mark]]:
    """What the records of these (judged) lines' people say, as marks by the line's id."""
    found: defaultdict[int, list[Mark]] = defaultdict(list)
    by_subject: defaultdict[str, list[ClaimLine]] = defaultdict(list)
    for line in lines:
        if line.person_id is not None and line.first_on is not None:
            by_subject[plan.scheme(line.scheme).subject].append(line)
    for subject, some in by_subject.items():
        if subject == "placement":
            _add(found, _rows(SAME_WORK, some), "same_work")
        if subject in AT_WORK_OR_NEAR:
            query = INSURED_ELSEWHERE.format(of_work="TRUE" if subject == "placement" else "FALSE")
            _add(found, _rows(query, some), "insured_elsewhere")
    for line_rule, some in _by_exclusion(lines, plan).items():
        rule_id, subject = line_rule
        first, last = DAYS[subject]
        query = (
            f"SELECT DISTINCT told.line, other.id FROM {TOLD} JOIN {TABLES[subject]} AS other"
            f" ON other.person_id = told.person AND {MEET.format(first=first, last=last)} ORDER BY 1, 2"
        )
        _add(found, _rows(query, some), rule_id)
    return found


def _by_exclusion(lines: Sequence[ClaimLine], plan: Plan) -> dict[tuple[str, str], list[ClaimLine]]:
    """The lines by each exclusion of days that concerns them, with the other side's subject, where that is another than theirs."""
    found: defaultdict[tuple[str, str], list[ClaimLine]] = defaultdict(list)
    for line in lines:
        if line.person_id is None or line.first_on is None:
            continue
        told = set()
        own = plan.scheme(line.scheme).subject
        for rule in plan.exclusions.values():
            if line.scheme not in rule.between or rule.when != "days_overlap":
                continue
            other = next(name for name in rule.between if name != line.scheme)
            subject = plan.scheme(other).subject
            if subject != own and subject in DAYS and subject not in told:
                told.add(subject)
                found[rule.id, subject].append(line)
    return found


def _rows(query: str, lines: Sequence[ClaimLine]) -> list[tuple[int, int]]:
    columns = [
        [line.pk for line in lines],
        [line.person_id for line in lines],
        [line.record_id for line in lines],
        [line.first_on for line in lines],
        [line.last_on for line in lines],
    ]
    with connection.cursor() as cursor:
        cursor.execute(query, columns)
        return list(cursor.fetchall())


def _add(found: defaultdict[int, list[Mark]], rows: Sequence[tuple[int, int]], rule: str) -> None:
    """One mark a line and rule, however many records say it."""
    for line_id, record in rows:
        if not any(mark["rule"] == rule and mark["line"] is None for mark in found[line_id]):
            found[line_id].append({"rule": rule, "effect": "mark", "line": None, "record": record, "of": {}})
