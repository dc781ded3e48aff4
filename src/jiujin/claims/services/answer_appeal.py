"""Answers an appeal, by somebody who did not decide on the line; upheld, the line is reviewed again by others."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from jiujin.accounts.models import User
from jiujin.claims.errors import AppealImpossible, MatterAnswered
from jiujin.claims.matters import checked_text
from jiujin.claims.models import Appeal, ClaimLine
from jiujin.claims.services.answer_objection import require_outsider
from jiujin.claims.services.compare_lines import compare_lines, lock_subjects
from jiujin.claims.services.keep_judgement import keep_judgement
from jiujin.claims.services.lock import locked_lines
from jiujin.claims.services.take_step import take_step
from jiujin.claims.states import ENDED, LineState, MatterState
from jiujin.claims.steps import JUDGING, require_step
from jiujin.core.services.record_event import Actor, record_event


@transaction.atomic
def answer_appeal(*, appeal_id: int, upheld: bool, answer: str, actor: Actor, now: datetime) -> Appeal:
    """Answer an appeal. Raises NotAllowed, OwnWork, MatterAnswered, TextMissing, and AppealImpossible where the line's record
    is claimed by another line meanwhile."""
    answer = checked_text(answer)
    appeal = Appeal.objects.select_for_update(of=("self",)).get(pk=appeal_id)
    lock_subjects(ClaimLine.objects.filter(pk=appeal.line_id))
    [line] = locked_lines([appeal.line_id])
    require_step(actor, [line], JUDGING)
    require_outsider(line, actor)
    if appeal.state != MatterState.RAISED:
        raise MatterAnswered
    assert isinstance(actor, User)
    appeal.state = MatterState.UPHELD if upheld else MatterState.DISMISSED
    appeal.answer, appeal.answered_by, appeal.answered_at = answer, actor, now
    appeal.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    record_event(actor=actor, verb="appeal_answered", subject=line, details={"appeal": appeal.pk, "upheld": upheld})
    if upheld and line.state == LineState.REJECTED:
        _reopen(line, answer, actor, now)
    return appeal


def _reopen(line: ClaimLine, answer: str, actor: Actor, now: datetime) -> None:
    again = ClaimLine.objects.filter(
        plan_id=line.plan_id, scheme=line.scheme, record_id=line.record_id, record_id__isnull=False, corrects=None
    )
    if line.corrects_id is None and again.exclude(state__in=ENDED).exists():
        raise AppealImpossible(
            _("第 %(line)s 号明细的记录已经另外申报，申诉不能再恢复它，没有保存。") % {"line": line.pk}
        )
    keep_judgement([line], now=now, take_places=True)
    compare_lines([line])
    take_step([line], "line_reopened", actor=actor, now=now, reasons=answer)
