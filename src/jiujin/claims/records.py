"""Whose the records are that claims rest on: the person, and the organisation that is paid, by the plan's subjects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import connection

from jiujin.claims.judging import TABLES
from jiujin.claims.states import ENDED
from jiujin.plan import Plan
from jiujin.plan.models import Scheme
from jiujin.registry.models import Organisation

BY_AGENCY = ("CAST(NULL AS BIGINT)", "subject.agency_id")
WHOSE: dict[str, tuple[str, str]] = {  # subject → the person and the payee, as SQL over its record
    "placement": ("subject.person_id", "subject.operator_id"),
    "public_post": (
        "subject.person_id",
        "(SELECT post.entity_id FROM circles_welfarepost AS post WHERE post.id = subject.post_id)",
    ),
    "internship": ("subject.person_id", "subject.unit_id"),
    "enrolment": ("subject.person_id", "subject.school_id"),
    "signature": ("subject.person_id", "subject.university_id"),
    "network_project": BY_AGENCY,
    "matching_service": BY_AGENCY,
    "public_event": ("CAST(NULL AS BIGINT)", "subject.organisation_id"),
}
NOT_CLAIMED = (
    "NOT EXISTS (SELECT 1 FROM claims_claimline AS line WHERE line.plan_id = '{plan}' AND line.scheme = '{scheme}'"
    f" AND line.record_id = subject.id AND line.state NOT IN ({', '.join(repr(str(state)) for state in ENDED)}))"
)

DECIDED_ELSEWHERE = {  # subject → a record for which whoever pays has said no already
    "enrolment": (
        "EXISTS (SELECT 1 FROM schools_cityreply AS reply WHERE reply.intake_id = subject.intake_id"
        " AND jsonb_exists(reply.refused, CAST(subject.id AS TEXT)))"
    ),
}


@dataclass(frozen=True)
class HeldRecord:
    """A record: its id, its person (None: the organisation itself is the subject), and who is paid for it."""

    id: int
    person_id: int | None
    payee_id: int | None


def table_of(scheme: Scheme) -> str:
    """The table of the scheme's records."""
    return TABLES[scheme.subject]


def records_by_id(scheme: Scheme, ids: Iterable[int]) -> dict[int, HeldRecord]:
    """The records of these ids that there are."""
    wanted = ", ".join(str(int(held)) for held in ids)
    return {record.id: record for record in _records(scheme, f"subject.id IN ({wanted})")} if wanted else {}


def refused_elsewhere(scheme: Scheme, ids: Iterable[int]) -> int:
    """Of how many of these records whoever pays has said no already."""
    refused = DECIDED_ELSEWHERE.get(scheme.subject)
    wanted = ", ".join(str(int(held)) for held in ids)
    return len(list(_records(scheme, f"subject.id IN ({wanted}) AND {refused}"))) if refused and wanted else 0


def unclaimed(plan: Plan, scheme: Scheme, payee: Organisation | None = None) -> str:
    """A condition over `subject`: no living line of the scheme claims the record, whoever pays has not refused it, and it is
    this payee's (None: anybody's).
    """
    free = NOT_CLAIMED.format(plan=plan.id, scheme=scheme.id)
    if scheme.subject in DECIDED_ELSEWHERE:
        free += f" AND NOT {DECIDED_ELSEWHERE[scheme.subject]}"
    _, paid = WHOSE[scheme.subject]
    return f"{free} AND {paid} = {int(payee.pk)}" if payee is not None and scheme.payee.fact else free


def unclaimed_records(plan: Plan, scheme: Scheme, payee: Organisation | None = None) -> list[HeldRecord]:
    """The records that `unclaimed` speaks of, oldest first."""
    return list(_records(scheme, unclaimed(plan, scheme, payee)))


def _records(scheme: Scheme, where: str) -> Iterator[HeldRecord]:
    person, payee = WHOSE[scheme.subject]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT subject.id, {person}, {payee} FROM {table_of(scheme)} AS subject WHERE {where} ORDER BY subject.id"
        )
        for row in cursor.fetchall():
            yield HeldRecord(*row)
