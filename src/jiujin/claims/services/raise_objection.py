"""Takes an objection of anybody against a published line; until it is answered the line does not go on."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from jiujin.claims.errors import NoticeClosed
from jiujin.claims.matters import checked_text
from jiujin.claims.models import NoticeLine, Objection
from jiujin.claims.services.lock import locked_lines
from jiujin.claims.services.save_lines import save_lines
from jiujin.claims.states import LineState
from jiujin.core.services.record_event import Actor, record_event


@transaction.atomic
def raise_objection(
    *,
    notice_line_id: int,
    text: str,
    raised_by: str,
    contact: str,
    now: datetime,
    actor: Actor = "system:public_notice",
) -> Objection:
    """Keep the objection and stop the line. Who raises it may stay unnamed; a way to reach them is kept sealed.

    Raises TextMissing, TextTooLong, NoticeClosed, NoticeLine.DoesNotExist.
    """
    shown = NoticeLine.objects.select_related("notice").get(pk=notice_line_id)
    text = checked_text(text)
    [line] = locked_lines([shown.line_id])
    if line.state != LineState.IN_NOTICE or timezone.localdate(now) > shown.notice.closes_on:
        raise NoticeClosed
    objection = Objection.objects.create(
        line=line,
        notice=shown.notice,
        raised_by=raised_by.strip()[:60],
        contact=contact.strip()[:200] or None,
        text=text,
    )
    line.is_stopped = True
    line.version += 1
    save_lines([line], ["is_stopped", "version"])
    record_event(
        actor=actor, verb="objection_raised", subject=line, details={"objection": objection.pk, "version": line.version}
    )
    return objection
