"""Answers an objection, by somebody who did not decide on the line."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.db import transaction

from jiujin.accounts.models import User
from jiujin.claims.errors import MatterAnswered, NotAllowed, OwnWork
from jiujin.claims.matters import checked_text
from jiujin.claims.models import ClaimLine, Decision, Objection
from jiujin.claims.services.keep_judgement import keep_judgement
from jiujin.claims.services.lock import locked_lines
from jiujin.claims.services.save_lines import save_lines
from jiujin.claims.services.take_step import take_step
from jiujin.claims.states import LineState, MatterState
from jiujin.claims.steps import JUDGING, require_step
from jiujin.core.services.record_event import Actor, record_event


@transaction.atomic
def answer_objection(
    *,
    objection_id: int,
    upheld: bool,
    answer: str,
    actor: Actor,
    now: datetime,
    then: Literal["returned", "rejected"] = "returned",
) -> Objection:
    """Answer an objection. Upheld, the line is returned for correction or rejected; dismissed, it goes on when none is open.

    Raises NotAllowed, OwnWork, MatterAnswered, TextMissing.
    """
    answer = checked_text(answer)
    objection = Objection.objects.select_for_update(of=("self",)).get(pk=objection_id)
    [line] = locked_lines([objection.line_id])
    require_step(actor, [line], JUDGING)
    require_outsider(line, actor)
    if objection.state != MatterState.RAISED:
        raise MatterAnswered
    assert isinstance(actor, User)
    objection.state = MatterState.UPHELD if upheld else MatterState.DISMISSED
    objection.answer, objection.answered_by, objection.answered_at = answer, actor, now
    objection.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    record_event(
        actor=actor, verb="objection_answered", subject=line, details={"objection": objection.pk, "upheld": upheld}
    )
    if line.state == LineState.IN_NOTICE:
        _carry_out(line, upheld, answer, then, actor, now)
    return objection


def _carry_out(line: ClaimLine, upheld: bool, answer: str, then: str, actor: Actor, now: datetime) -> None:
    if upheld:
        line.is_stopped = False
        keep_judgement([line], now=now, take_places=False)
        take_step([line], f"line_{then}", actor=actor, now=now, reasons=answer)
        return
    line.is_stopped = line.objections.filter(state=MatterState.RAISED).exists()
    line.version += 1
    save_lines([line], ["is_stopped", "version"])


def require_outsider(line: ClaimLine, actor: Actor) -> None:
    """Raise OwnWork where the actor made the line or ever decided on it, NotAllowed where they are nobody."""
    if not isinstance(actor, User):
        raise NotAllowed
    own = actor.pk in (line.made_by_id, line.claim.made_by_id, line.claim.submitted_by_id)
    if own or Decision.objects.filter(line=line, decides=True, by=actor).exists():
        raise OwnWork(line.pk)
