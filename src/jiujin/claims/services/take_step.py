"""Moves lines from one state to another: the only place that does, with the decision and the event of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import connection

from jiujin.accounts.models import User
from jiujin.claims.errors import OwnWork, StepImpossible
from jiujin.claims.models import ClaimLine, Decision
from jiujin.claims.services.keep_judgement import JUDGED_FIELDS
from jiujin.claims.states import TAKES_PLACE, Transition, transition_of
from jiujin.core.services.record_event import Actor
from jiujin.core.services.record_events import record_events

STEP_FIELDS = (*JUDGED_FIELDS, "state", "state_at", "due_on", "version", "marks", "risk", "is_stopped", "declared")


def take_step(
    lines: Sequence[ClaimLine],
    event: str,
    *,
    actor: Actor,
    now: datetime,
    reasons: str = "",
    meeting: str = "",
    due_on: date | None = None,
) -> list[Decision]:
    """Move lines that the caller has locked along `event`, and save them with whatever else the caller set on them.

    A line that leaves the states in which it takes a place gives its place under the limit back. Raises StepImpossible
    where a line's state does not allow the event, OwnWork where the event decides and the actor made the line or decided
    on it since it was sent.
    """
    assert connection.in_atomic_block
    ways = [_way(line, event) for line in lines]
    if any(way.decides for way in ways):
        _refuse_own_work(lines, actor)
    decisions = []
    for line, way in zip(lines, ways, strict=True):
        line.state, line.state_at, line.due_on = way.target, now, due_on
        line.version += 1
        if way.target not in TAKES_PLACE:
            line.limit_ordinal = None
        decisions.append(_decision(line, way, actor, reasons, meeting))
    ClaimLine.objects.bulk_update(lines, STEP_FIELDS, batch_size=500)
    decisions = Decision.objects.bulk_create(decisions, batch_size=1000)
    record_events(
        actor=actor,
        verb=event,
        subjects=lines,
        details=[
            {
                "decision": decision.pk,
                "verdict": decision.verdict,
                "amount_fen": decision.amount_fen,
                "plan": line.plan_digest,
            }
            for line, decision in zip(lines, decisions, strict=True)
        ],
    )
    return decisions


def _way(line: ClaimLine, event: str) -> Transition:
    try:
        return transition_of(line.state, event)
    except KeyError:
        raise StepImpossible(line.pk, line.state, event) from None


def _refuse_own_work(lines: Sequence[ClaimLine], actor: Actor) -> None:
    if not isinstance(actor, User):
        return
    for line in lines:
        if actor.pk in (line.made_by_id, line.claim.made_by_id, line.claim.submitted_by_id):
            raise OwnWork(line.pk)
    earlier = Decision.objects.filter(line__in=[line.pk for line in lines]).order_by("pk")
    decided: set[int] = set()
    for line_id, event, decides, by in earlier.values_list("line_id", "event", "decides", "by_id"):
        if event == "line_submitted":
            decided.discard(line_id)
        elif decides and by == actor.pk:
            decided.add(line_id)
    for line_id in sorted(decided):
        raise OwnWork(line_id)


def _decision(line: ClaimLine, way: Transition, actor: Actor, reasons: str, meeting: str) -> Decision:
    return Decision(
        line=line,
        event=way.event,
        source=way.source,
        target=way.target,
        decides=way.decides,
        by=actor if isinstance(actor, User) else None,
        reasons=reasons,
        meeting=meeting,
        facts=line.facts,
        proofs=line.proofs,
        verdict=line.verdict,
        unmet=line.unmet,
        missing=line.missing,
        amount_fen=line.amount_fen,
        limit_ordinal=line.limit_ordinal,
        plan_digest=line.plan_digest,
        line_version=line.version,
    )
