"""Moves lines from one state to another: the only place that does, with the decision and the event of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import connection

from jiujin.accounts.models import User
from jiujin.claims.errors import LineExcluded, LineStopped, OwnWork, StepDone, StepImpossible
from jiujin.claims.marks import mark_words
from jiujin.claims.models import ClaimLine, Decision
from jiujin.claims.services.keep_judgement import JUDGED_FIELDS
from jiujin.claims.services.save_lines import save_lines
from jiujin.claims.states import FORWARD, LINE, TAKES_PLACE, Transition, transition_of
from jiujin.claims.steps import due_after, is_open
from jiujin.core.bulk import among, copy_new
from jiujin.core.plan_in_force import plan_in_force
from jiujin.core.services.record_event import Actor
from jiujin.core.services.record_events import record_events
from jiujin.plan import Plan

MOVED_FIELDS = ("state", "state_at", "due_on", "version", "limit_ordinal")
STEP_FIELDS = tuple(dict.fromkeys([*MOVED_FIELDS, *JUDGED_FIELDS, "marks", "risk", "is_stopped", "declared", "person"]))
DECISION_FIELDS = (
    "line_id", "event", "source", "target", "decides", "by_id", "reasons", "meeting", "facts", "proofs", "verdict", "unmet",
    "missing", "amount_fen", "limit_ordinal", "plan_digest", "line_version",
)  # fmt: skip


def take_step(
    lines: Sequence[ClaimLine],
    event: str,
    *,
    actor: Actor,
    now: datetime,
    reasons: str = "",
    meeting: str = "",
    due_on: date | None = None,
    as_they_are: bool = False,
) -> list[Decision]:
    """Move lines that the caller has locked along `event`, and save them with whatever else the caller set on them.

    `as_they_are` says that nothing else was set: less is then written. A line that leaves the states in which it takes a place
    gives its place under the limit back. `due_on` is the last day for what the line then waits for: without one, as the plan's
    workflow says. Raises StepImpossible where a line's state or workflow does not allow the event (StepDone where it happened
    before), LineStopped and LineExcluded where a line must not go on, OwnWork where the event decides and the actor made the
    line or decided on it since it was sent.
    """
    assert connection.in_atomic_block
    plan = plan_in_force()
    ways = [_way(line, event, plan) for line in lines]
    if any(way.decides for way in ways):
        _refuse_own_work(lines, actor)
    decisions, due = [], {}
    for line, way in zip(lines, ways, strict=True):
        key = (line.scheme, way.target)
        if key not in due:
            due[key] = due_on or due_after(plan, *key, now)
        line.state, line.state_at, line.due_on = way.target, now, due[key]
        line.version += 1
        if way.target not in TAKES_PLACE:
            line.limit_ordinal = None
        decisions.append(_decision(line, way, actor, reasons, meeting))
    save_lines(lines, MOVED_FIELDS if as_they_are else STEP_FIELDS)
    copy_new(decisions, DECISION_FIELDS)
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


def _way(line: ClaimLine, event: str, plan: Plan) -> Transition:
    try:
        way = transition_of(line.state, event)
    except KeyError:
        done = any((way.event, way.target) == (event, line.state) for way in LINE)
        raise (StepDone if done else StepImpossible)(line.pk, line.state, event) from None
    if way.skips and not is_open(way, plan.workflow_of(line.scheme)):
        raise StepImpossible(line.pk, line.state, event)
    if event in FORWARD:
        _refuse_stopped(line)
    return way


def _refuse_stopped(line: ClaimLine) -> None:
    """What an objection or another line holds up does not go on."""
    if line.is_stopped:
        raise LineStopped(line.pk)
    for mark in line.marks:
        if mark["effect"] == "stop":
            raise LineExcluded(line.pk, mark_words(mark))


def _refuse_own_work(lines: Sequence[ClaimLine], actor: Actor) -> None:
    if not isinstance(actor, User):
        return
    for line in lines:
        if actor.pk in (line.made_by_id, line.claim.made_by_id, line.claim.submitted_by_id):
            raise OwnWork(line.pk)
    earlier = Decision.objects.filter(line__in=among(line.pk for line in lines)).order_by("pk")
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
