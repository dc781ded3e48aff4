"""Files a claim: its lines as drafts, each judged without taking a place, so that its verdict shows before it is sent."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from jiujin.accounts.models import User
from jiujin.claims.declared import typed_declared
from jiujin.claims.errors import (
    ClaimOfAnother,
    NothingToClaim,
    PayeeDiffers,
    PayeeMissing,
    PayeeUnfit,
    PersonMissing,
    RecordClaimed,
    RecordRefused,
    RecordsOfNobody,
    SchemeUnknown,
)
from jiujin.claims.models import Basis, Claim, ClaimLine, Payer
from jiujin.claims.records import HeldRecord, records_by_id, refused_elsewhere
from jiujin.claims.services.compare_lines import compare_lines
from jiujin.claims.services.keep_judgement import keep_judgement
from jiujin.claims.states import ENDED
from jiujin.claims.steps import COUNTER, require_filer
from jiujin.core.bulk import copy_rows, reserve_ids
from jiujin.core.plan_in_force import plan_in_force
from jiujin.core.services.record_event import Actor, record_event
from jiujin.plan import Plan
from jiujin.plan.models import Scheme
from jiujin.registry.models import Organisation, OrganisationKind, Person

LINES_MAX = 20_000
LINE_FIELDS = [
    field.attname for field in ClaimLine._meta.concrete_fields if field.name != "made_at"
]  # the database says when
SEALED = ("id_number", "phone", "merged_into__id_number", "merged_into__phone")  # nothing here needs them opened
KINDS: Mapping[str, OrganisationKind] = {  # what an organisation must be registered as, by the plan's role of a payee
    "operator": OrganisationKind.OPERATOR,
    "business_entity": OrganisationKind.EMPLOYER,
    "internship_unit": OrganisationKind.INTERNSHIP_BASE,
    "technical_school": OrganisationKind.TECHNICAL_SCHOOL,
    "university": OrganisationKind.UNIVERSITY,
    "hr_agency": OrganisationKind.HR_AGENCY,
    "public_service": OrganisationKind.PUBLIC_SERVICE_AGENCY,
    "grassroots_service": OrganisationKind.PUBLIC_SERVICE_AGENCY,
    "insurer": OrganisationKind.INSURER,
}


@dataclass(frozen=True)
class NewLine:
    """A line to be filed: by a record, or by what is declared. `key` is the client's, so that a line sent twice is one."""

    key: uuid.UUID
    person: Person | None = None
    record_id: int | None = None
    declared: Mapping[str, Any] = field(default_factory=dict)
    area_code: str = ""


@transaction.atomic
def file_claim(
    *,
    claim_id: uuid.UUID,
    scheme: str,
    payee: Organisation | None,
    lines: Sequence[NewLine],
    actor: Actor,
    source: str,
    note: str = "",
    now: datetime | None = None,
) -> Claim:
    """File a claim of one payee for one scheme; the same id again gives the claim that stands, unchanged.

    Raises SchemeUnknown, NotAllowed, PayeeMissing, PayeeUnfit, PayeeDiffers, PersonMissing, FactWrong, RecordClaimed,
    RecordRefused, RecordsOfNobody, NothingToClaim, and ClaimOfAnother where the id is one of another payee or scheme.
    """
    now = now or timezone.now()
    plan = plan_in_force()
    rule = scheme_of(plan, scheme)
    require_filer(actor, payee)
    require_fit(rule, payee)
    if not lines:
        raise NothingToClaim
    if any(line.record_id is not None for line in lines):
        require_own_records(actor, rule)
    claim, is_new = Claim.objects.get_or_create(
        id=claim_id,
        defaults={
            "number": next_number(),
            "plan_id": plan.id,
            "scheme": scheme,
            "payee": payee,
            "year": year_of(plan, now),
            "source": source,
            "note": note[:500],
            "made_by": actor if isinstance(actor, User) else None,
        },
    )
    if not is_new:
        if (claim.scheme, claim.payee_id) != (scheme, payee.pk if payee else None):
            raise ClaimOfAnother
        return claim
    filed = add_lines(claim, lines, actor=actor, now=now, plan=plan)
    if not filed:
        raise NothingToClaim
    record_event(
        actor=actor,
        verb="claim_filed",
        subject=claim,
        details={"scheme": scheme, "source": str(source), "lines": len(filed), "number": claim.number},
    )
    return claim


def scheme_of(plan: Plan, scheme: str) -> Scheme:
    """The plan's scheme. Raises SchemeUnknown."""
    if scheme not in plan.schemes:
        raise SchemeUnknown(scheme)
    return plan.scheme(scheme)


def require_fit(scheme: Scheme, payee: Organisation | None) -> None:
    """Raise PayeeMissing or PayeeUnfit unless the scheme pays this organisation."""
    if payee is None:
        if scheme.payee.fact:
            raise PayeeMissing
        return
    kind = KINDS.get(scheme.payee.role)
    if kind is not None and kind not in payee.kinds:
        raise PayeeUnfit(payee.name, str(kind.label))


def require_own_records(actor: Actor, scheme: Scheme) -> None:
    """Raise RecordsOfNobody where no record says whom the scheme pays, unless the office says so."""
    if not scheme.payee.fact and isinstance(actor, User) and actor.role != COUNTER:
        raise RecordsOfNobody


def year_of(plan: Plan, now: datetime) -> int:
    """The year whose money a claim asks for: the plan's, or else this one."""
    start = plan.header.period.start
    return start.year if start else timezone.localdate(now).year


def next_number() -> str:
    """The next claim's number, of a sequence that goes up whatever fails."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('claims_claim_number')")
        return f"SB{cursor.fetchone()[0]:08d}"


def add_lines(claim: Claim, lines: Sequence[NewLine], *, actor: Actor, now: datetime, plan: Plan) -> list[ClaimLine]:
    """Add lines to a claim, as drafts with their verdicts; a key that some line has already is passed over."""
    made = judged_drafts(claim, lines, actor=actor, now=now, plan=plan)
    keep_drafts(claim, made)
    return made


def judged_drafts(
    claim: Claim, lines: Sequence[NewLine], *, actor: Actor, now: datetime, plan: Plan
) -> list[ClaimLine]:
    """The lines as drafts that are judged and compared, with ids of their own, and not saved yet."""
    made = drafts(claim, lines, actor=actor, now=now, plan=plan)
    keep_judgement(made, now=now, take_places=False, plan=plan)
    compare_lines(made, plan=plan)
    return made


def drafts(claim: Claim, lines: Sequence[NewLine], *, actor: Actor, now: datetime, plan: Plan) -> list[ClaimLine]:
    """The lines of a claim that have no key of another line, checked, with ids and places of their own."""
    rule = plan.scheme(claim.scheme)
    held = set(ClaimLine.objects.filter(key__in=[line.key for line in lines]).values_list("key", flat=True))
    new = [line for line in {line.key: line for line in lines}.values() if line.key not in held]
    if not new:
        return []
    records = _checked_records(claim, rule, [line.record_id for line in new if line.record_id is not None])
    first = next_position(claim)
    people = _people(new, records)
    made = [
        _made(claim, rule, plan, line, first + at, records.get(line.record_id or 0), people)
        for at, line in enumerate(new)
    ]
    for line, pk in zip(made, reserve_ids(ClaimLine, len(made)), strict=True):
        line.pk, line.state_at = pk, now
        line.made_by = actor if isinstance(actor, User) else None
    return made


def next_position(claim: Claim) -> int:
    """The place of the next line of a claim (which the caller holds)."""
    return (ClaimLine.objects.filter(claim=claim.pk).aggregate(last=Max("position"))["last"] or 0) + 1


def keep_drafts(claim: Claim, made: Sequence[ClaimLine]) -> None:
    """Save new lines. Raises RecordClaimed where another claim took a record at the same moment."""
    try:
        with transaction.atomic():
            copy_rows(ClaimLine, LINE_FIELDS, ([getattr(line, name) for name in LINE_FIELDS] for line in made))
            return
    except IntegrityError as error:
        if "one_living_line_a_record" not in str(error):
            raise
    raise RecordClaimed(_numbers_of(claim, [line.record_id for line in made if line.record_id is not None]))


def _checked_records(claim: Claim, scheme: Scheme, ids: Sequence[int]) -> dict[int, HeldRecord]:
    """The records of these ids. Raises PayeeDiffers where one is somebody else's, RecordClaimed where a line has one, and
    RecordRefused where whoever pays said no.
    """
    records = records_by_id(scheme, ids)
    payee = claim.payee.name if claim.payee else ""
    for wanted in ids:
        record = records.get(wanted)
        if record is None or (scheme.payee.fact and record.payee_id != claim.payee_id):
            raise PayeeDiffers(_("记录"), str(wanted), payee)
    if numbers := _numbers_of(claim, ids):
        raise RecordClaimed(numbers)
    if refused := refused_elsewhere(scheme, ids):
        raise RecordRefused(refused)
    return records


def _numbers_of(claim: Claim, ids: Sequence[int]) -> list[str]:
    """The numbers of the claims in which living lines of the same scheme claim these records."""
    lines = ClaimLine.objects.filter(plan_id=claim.plan_id, scheme=claim.scheme, record_id__in=ids, corrects=None)
    return list(lines.exclude(state__in=ENDED).order_by("pk").values_list("claim__number", flat=True))


def _people(lines: Sequence[NewLine], records: Mapping[int, HeldRecord]) -> dict[int, tuple[Person, str]]:
    """Everybody named, as the registry has them now (a merged record's other half), with their home's area."""
    named = {line.person.pk for line in lines if line.person} | {record.person_id for record in records.values()}
    people = Person.objects.filter(pk__in=[pk for pk in named if pk is not None]).select_related("merged_into")
    people = people.defer(*SEALED)
    found = {}
    for person in people:
        asked = person.pk
        while person.merged_into is not None:
            person = person.merged_into
        found[asked] = (person, person.home_area_id or "")
    return found


def _made(
    claim: Claim,
    scheme: Scheme,
    plan: Plan,
    line: NewLine,
    position: int,
    record: HeldRecord | None,
    people: Mapping[int, tuple[Person, str]],
) -> ClaimLine:
    person_id = record.person_id if record else line.person.pk if line.person else None
    person, home = people[person_id] if person_id is not None else (None, "")
    if person is None and scheme.identity == "id_number":
        raise PersonMissing(position)
    return ClaimLine(
        claim=claim,
        key=line.key,
        position=position,
        plan_id=claim.plan_id,
        scheme=claim.scheme,
        payee=claim.payee,
        payer=Payer.CITY if scheme.decided_by == "city" else Payer.DISTRICT,
        person=person,
        area_code=line.area_code or home or (claim.payee.area_id if claim.payee else None) or "",
        basis=Basis.RECORDS if record else Basis.DECLARED,
        record_id=record.id if record else None,
        declared={} if record else checked_declared(plan, scheme, claim.payee, line.declared),
    )


def checked_declared(
    plan: Plan, scheme: Scheme, payee: Organisation | None, declared: Mapping[str, Any]
) -> dict[str, Any]:
    """What is declared, typed, with the payee named where the scheme asks for it. Raises FactWrong, PayeeDiffers."""
    typed = typed_declared(plan, scheme, declared)
    if payee is None:
        return typed
    named: dict[str, Any] = {scheme.payee.fact: payee.name} if scheme.payee.fact else {}
    if scheme.identity == "credit_code" and payee.credit_code:
        named["credit_code"] = payee.credit_code
    for fact, value in named.items():
        if typed.setdefault(fact, value) != value:
            raise PayeeDiffers(plan.facts[fact].label, str(typed[fact]), payee.name)
    return typed
