"""Sends lines of a claim to the office."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiujin.accounts.models import User
from jiujin.claims.errors import NotConfirmed, NothingToSend, OutsideWindow, StepDone
from jiujin.claims.marks import mark_words
from jiujin.claims.models import Claim, ClaimLine, Source
from jiujin.claims.services.compare_lines import compare_lines, lock_subjects
from jiujin.claims.services.keep_judgement import keep_judgement
from jiujin.claims.services.lock import locked_lines
from jiujin.claims.services.take_step import take_step
from jiujin.claims.states import ClaimState, LineState
from jiujin.claims.steps import require_payee_of
from jiujin.core.plan_in_force import plan_in_force
from jiujin.core.services.record_event import Actor, record_event
from jiujin.plan import Plan


@dataclass(frozen=True)
class Sent:
    """What went, and what stayed a draft: by the line's id, the sentence why."""

    claim: Claim
    lines: list[ClaimLine]
    kept: dict[int, str] = field(default_factory=dict)


@transaction.atomic
def submit_claim(
    *, claim: Claim, actor: Actor, now: datetime, ids: Iterable[int] | None = None, confirmed: bool = False
) -> Sent:
    """Send the drafts of a claim: those named, or else all that are not unmet. Each takes its place under its limit now.

    `confirmed` says that the payee confirms what a screening found. A line that another one excludes stays a draft, and the rest go. Raises NotAllowed, NotConfirmed, OutsideWindow, StepDone
    where all that is named was sent before, and NothingToSend where nothing can go.
    """
    plan = plan_in_force()
    claim = Claim.objects.select_for_update(of=("self",)).select_related("payee").get(pk=claim.pk)
    require_payee_of(actor, claim)
    if not confirmed:
        require_confirmed(claim)
    require_window(plan, claim.scheme, timezone.localdate(now))
    drafts = _drafts(claim, ids)
    lock_subjects(drafts)
    lines = [line for line in locked_lines([line.pk for line in drafts]) if line.state == LineState.DRAFT]
    keep_judgement(lines, now=now, take_places=True, plan=plan)
    compare_lines(lines, plan=plan)
    kept = {line.pk: why for line in lines if (why := _why_not(line, named=ids is not None))}
    going = [line for line in lines if line.pk not in kept]
    if not going:
        raise NothingToSend(kept)
    take_step(going, "line_submitted", actor=actor, now=now)
    if claim.state != ClaimState.SUBMITTED:
        claim.state, claim.submitted_at = ClaimState.SUBMITTED, now
        claim.submitted_by = actor if isinstance(actor, User) else None
        claim.save(update_fields=["state", "submitted_at", "submitted_by"])
    record_event(actor=actor, verb="claim_submitted", subject=claim, details={"lines": len(going), "kept": len(kept)})
    return Sent(claim, going, kept)


def require_confirmed(claim: Claim) -> None:
    """Raise NotConfirmed where a screening found the lines and the payee has not confirmed them."""
    if claim.source == Source.SCREENING and claim.state == ClaimState.DRAFT:
        raise NotConfirmed


def require_window(plan: Plan, scheme: str, today: date) -> None:
    """Raise OutsideWindow where the plan lets the scheme be sent on other days of the year."""
    windows = plan.workflow_of(scheme).windows
    day = f"{today:%m-%d}"
    if windows and not any(_within(day, window.start, window.end) for window in windows):
        raise OutsideWindow([(window.start, window.end) for window in windows])


def _within(day: str, start: str, end: str) -> bool:
    return start <= day <= end if start <= end else day >= start or day <= end


def _drafts(claim: Claim, ids: Iterable[int] | None) -> Sequence[ClaimLine]:
    lines = claim.lines.order_by("pk").only("pk", "state", "claim_id", "person_id", "payee_id")
    if ids is None:
        return list(lines.filter(state=LineState.DRAFT))
    named = list(lines.filter(pk__in=list(ids)))
    drafts = [line for line in named if line.state == LineState.DRAFT]
    if named and not drafts:
        raise StepDone(named[0].pk, named[0].state, "line_submitted")
    return drafts


def _why_not(line: ClaimLine, *, named: bool) -> str:
    """Why a draft stays; blank where it goes. An unmet line goes only where it is named."""
    for mark in line.marks:
        if mark["effect"] == "stop":
            return mark_words(mark)
    if named or line.verdict != "unmet":
        return ""
    return _("第 %(line)s 号明细按现在的事实不符合，没有提交") % {"line": line.pk}
