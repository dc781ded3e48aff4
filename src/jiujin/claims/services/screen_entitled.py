"""Finds who is entitled and has not claimed, and fills the claims in; nothing is sent before the payee confirms it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.db import connection, transaction

from jiujin.claims.judging import program_of
from jiujin.claims.models import Basis, Claim, ClaimLine, RecordGap, Source
from jiujin.claims.records import HeldRecord, table_of, unclaimed, unclaimed_records
from jiujin.claims.services.claim_from_records import line_of
from jiujin.claims.services.file_claim import (
    KINDS,
    LINES_MAX,
    judged_drafts,
    keep_drafts,
    next_number,
    scheme_of,
    year_of,
)
from jiujin.claims.states import ClaimState, LineState
from jiujin.core.plan_in_force import plan_in_force
from jiujin.core.services.record_event import Actor, record_event
from jiujin.plan import Plan
from jiujin.plan.models import Scheme
from jiujin.registry.models import Organisation
from jiujin.rules.records import judge_records


def screen_entitled(*, scheme: str, actor: Actor, now: datetime) -> list[Claim]:
    """Judge every record of the scheme that no living line claims, and put those that are met into a draft claim of their payee:
    the one that still waits, or another. What lacks one thing alone is written down as a RecordGap. Where no record says whom
    the scheme pays (the insurer), one claim without a payee waits for the office to name it.

    Each payee's claim is a transaction of its own. Gives the claims that got lines. Raises SchemeUnknown.
    """
    plan = plan_in_force()
    rule = scheme_of(plan, scheme)
    met, gaps = _judged(plan, rule)
    records = {record.id: record for record in unclaimed_records(plan, rule)}
    _keep_gaps(plan, rule, gaps, records, now)
    found = [records[record_id] for record_id in met if record_id in records]
    claims = [_fill_in(plan, rule, payee, some, actor, now) for payee, some in _by_payee(rule, found)]
    return [claim for claim in claims if claim is not None]


def _by_payee(
    scheme: Scheme, records: Sequence[HeldRecord]
) -> Iterator[tuple[Organisation | None, Sequence[HeldRecord]]]:
    """The records of each payee that the scheme may pay; all of them for nobody where no record names the payee."""
    if not scheme.payee.fact:
        if records:
            yield None, records
        return
    held: defaultdict[int, list[HeldRecord]] = defaultdict(list)
    for record in records:
        if record.payee_id is not None:
            held[record.payee_id].append(record)
    payees = Organisation.objects.in_bulk(held)
    for payee_id in sorted(payees):
        if _is_fit(scheme, payees[payee_id]):
            yield payees[payee_id], held[payee_id]


def _is_fit(scheme: Scheme, payee: Organisation) -> bool:
    kind = KINDS.get(scheme.payee.role)
    return kind is None or kind in payee.kinds


def _judged(plan: Plan, scheme: Scheme) -> tuple[list[int], dict[int, str]]:
    """The records that are met (earliest first where they share a limit), and those that lack one fact alone."""
    program = program_of(plan, scheme.id, Basis.RECORDS)
    with connection.cursor() as cursor:
        table = judge_records(cursor, program, table_of(scheme), where=unclaimed(plan, scheme), detail=False)
    met, gaps = [], {}
    for row in table.select(["ord", "verdict", "missing"]).to_pylist():
        if row["verdict"] == "met":
            met.append(row["ord"])
        elif row["verdict"] == "unknown" and len(row["missing"]) == 1 and not row["missing"][0].startswith("param:"):
            gaps[row["ord"]] = row["missing"][0]
    return met, gaps


@transaction.atomic
def _keep_gaps(
    plan: Plan, scheme: Scheme, gaps: Mapping[int, str], records: Mapping[int, HeldRecord], now: datetime
) -> None:
    """Replace what the screening before found."""
    RecordGap.objects.filter(plan_id=plan.id, scheme=scheme.id).delete()
    RecordGap.objects.bulk_create(
        (
            RecordGap(
                plan_id=plan.id,
                scheme=scheme.id,
                record_id=record_id,
                person_id=records[record_id].person_id,
                payee_id=records[record_id].payee_id if scheme.payee.fact else None,
                missing=missing,
                found_at=now,
            )
            for record_id, missing in gaps.items()
            if record_id in records and records[record_id].person_id is not None
        ),
        batch_size=5000,
    )


@transaction.atomic
def _fill_in(
    plan: Plan,
    scheme: Scheme,
    payee: Organisation | None,
    records: Sequence[HeldRecord],
    actor: Actor,
    now: datetime,
) -> Claim | None:
    """Add what is met to the payee's waiting claim; a line that another one keeps from being met or sent is left out."""
    waiting = Claim.objects.select_for_update(of=("self",)).filter(
        plan_id=plan.id, scheme=scheme.id, payee=payee, source=Source.SCREENING, state=ClaimState.DRAFT
    )
    claim = waiting.order_by("made_at", "pk").first() or Claim(
        number=next_number(),
        plan_id=plan.id,
        scheme=scheme.id,
        payee=payee,
        year=year_of(plan, now),
        source=Source.SCREENING,
    )
    room = max(LINES_MAX - ClaimLine.objects.filter(claim=claim.pk).count(), 0)
    found = [line_of(claim.pk, record) for record in records[:room]]
    lines = _within_limits(
        [line for line in judged_drafts(claim, found, actor=actor, now=now, plan=plan) if _can_go(line)]
    )
    if not lines:
        return None
    if claim._state.adding:
        claim.save(force_insert=True)
    keep_drafts(claim, lines)
    record_event(actor=actor, verb="entitled_found", subject=claim, details={"lines": len(lines)})
    return claim


def _within_limits(lines: Sequence[ClaimLine]) -> list[ClaimLine]:
    """The lines for which the limit has room beside the drafts that wait to be confirmed."""
    waiting = ClaimLine.objects.filter(
        scheme__in={line.scheme for line in lines},
        limit_key__in={line.limit_key for line in lines} - {""},
        state=LineState.DRAFT,
        claim__source=Source.SCREENING,
    )
    held = Counter(waiting.order_by().values_list("limit_key", flat=True))
    kept = []
    for line in lines:
        if not line.limit_key or line.limit_max is None or held[line.limit_key] < line.limit_max:
            held[line.limit_key] += 1
            kept.append(line)
    return kept


def _can_go(line: ClaimLine) -> bool:
    return line.verdict == "met" and not any(mark["effect"] == "stop" for mark in line.marks)
