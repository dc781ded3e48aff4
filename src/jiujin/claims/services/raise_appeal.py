"""Takes a payee's appeal against a rejection."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiujin.accounts.models import User
from jiujin.claims.errors import AppealImpossible, NotAllowed
from jiujin.claims.matters import checked_text
from jiujin.claims.models import Appeal
from jiujin.claims.services.lock import locked_lines
from jiujin.claims.states import LineState, MatterState
from jiujin.claims.steps import require_payee_of
from jiujin.core.services.record_event import Actor, record_event


@transaction.atomic
def raise_appeal(*, line_id: int, text: str, actor: Actor, now: datetime) -> Appeal:
    """Keep the appeal; one may be open for a line. Raises NotAllowed, TextMissing, AppealImpossible."""
    text = checked_text(text)
    [line] = locked_lines([line_id])
    require_payee_of(actor, line.claim)
    if not isinstance(actor, User):
        raise NotAllowed
    if line.state != LineState.REJECTED:
        raise AppealImpossible(_("第 %(line)s 号明细没有被驳回，不用申诉。") % {"line": line.pk})
    if line.due_on is not None and timezone.localdate(now) > line.due_on:
        raise AppealImpossible(
            _("申诉期到 %(day)s 为止，已经过了，没有保存。还可以依法申请行政复议或提起诉讼。")
            % {"day": line.due_on.isoformat()}
        )
    if line.appeals.filter(state=MatterState.RAISED).exists():
        raise AppealImpossible(_("第 %(line)s 号明细的申诉正在处理，没有再收一份。") % {"line": line.pk})
    appeal = Appeal.objects.create(line=line, text=text, raised_by=actor)
    record_event(actor=actor, verb="appeal_raised", subject=line, details={"appeal": appeal.pk})
    return appeal
