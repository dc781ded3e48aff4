"""What silence means: when a step's day is over, a reminder, an escalation, or the step counts as taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from jiujin.claims.models import ClaimLine
from jiujin.claims.services.lock import locked_lines
from jiujin.claims.services.take_step import take_step
from jiujin.claims.states import LineState
from jiujin.claims.steps import AWAITS, step_awaited
from jiujin.claims.working_days import working_days_between
from jiujin.core.models import Event
from jiujin.core.plan_in_force import plan_in_force
from jiujin.core.services.record_event import Actor
from jiujin.core.services.record_events import record_events
from jiujin.plan import Plan

BATCH = 1000
VERBS = {"reminder": "line_reminded", "escalation": "line_escalated"}
DEEMED = {LineState.SUBMITTED: "line_accepted"}  # what silence can do by itself: nothing that decides


@dataclass(frozen=True)
class Told:
    """How many lines were reminded of, escalated, and deemed accepted."""

    reminded: int = 0
    escalated: int = 0
    deemed: int = 0


def tell_overdue(*, now: datetime, actor: Actor = "system:overdue") -> Told:
    """Take every line whose day is over: once for each day that it was due on. Each BATCH is a transaction of its own."""
    today, plan = timezone.localdate(now), plan_in_force()
    late = ClaimLine.objects.filter(due_on__lt=today, state__in=[str(state) for state in AWAITS]).order_by("pk")
    counts: defaultdict[str, int] = defaultdict(int)
    ids = list(late.values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        for what, count in _tell(ids[start : start + BATCH], today, now, plan, actor).items():
            counts[what] += count
    return Told(counts["reminder"], counts["escalation"], counts["deemed"])


@transaction.atomic
def _tell(ids: Sequence[int], today: date, now: datetime, plan: Plan, actor: Actor) -> dict[str, int]:
    lines = [line for line in locked_lines(ids) if line.due_on is not None and line.due_on < today]
    groups: defaultdict[str, list[ClaimLine]] = defaultdict(list)
    for line in lines:
        groups[_meaning(line, plan)].append(line)
    if groups["deemed"]:
        take_step(groups["deemed"], "line_accepted", actor=actor, now=now, reasons="逾期未答复，视为受理")
    counts = {"deemed": len(groups["deemed"])}
    for meaning, verb in VERBS.items():
        counts[meaning] = _record(groups[meaning], verb, today, actor)
    return counts


def _meaning(line: ClaimLine, plan: Plan) -> str:
    """What silence means for a line; where it cannot stand for a step, somebody above is told."""
    step = step_awaited(plan.workflow_of(line.scheme), line.state)
    silence = step.silence if step else "reminder"
    if silence == "deemed" and line.state not in DEEMED:
        return "escalation"
    return str(silence)


def _record(lines: Sequence[ClaimLine], verb: str, today: date, actor: Actor) -> int:
    """Write an event about each line that has none for the day it was due on; gives their number."""
    told = Event.objects.filter(
        subject_kind=ClaimLine._meta.label_lower, subject_id__in=[str(line.pk) for line in lines], verb=verb
    )
    done = {(subject, details.get("due_on")) for subject, details in told.values_list("subject_id", "details")}
    new = [line for line in lines if line.due_on is not None and (str(line.pk), line.due_on.isoformat()) not in done]
    record_events(
        actor=actor,
        verb=verb,
        subjects=new,
        details=[
            {
                "due_on": line.due_on.isoformat() if line.due_on else "",
                "days_late": working_days_between(line.due_on, today) if line.due_on else 0,
                "days_in_state": working_days_between(timezone.localdate(line.state_at), today),
                "state": line.state,
            }
            for line in new
        ],
    )
    return len(new)
