"""Takes a claim out again that was carried in by mistake: its lines count no more."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from jiujin.accounts.models import User
from jiujin.claims.errors import NotAllowed, NotCarriedIn, ReasonMissing
from jiujin.claims.models import Claim, ClaimLine, Source
from jiujin.claims.services.carry_in import CARRIERS
from jiujin.claims.services.lock import locked_lines
from jiujin.claims.services.take_step import take_step
from jiujin.claims.states import ENDED, ClaimState, LineState
from jiujin.core.services.record_event import record_event


@transaction.atomic
def take_out_carried(*, claim: Claim, reasons: str, actor: User, now: datetime) -> list[ClaimLine]:
    """Withdraw every line of a carried-in claim; gives them, or none where that was done before. The book is the caller's.

    Raises ReasonMissing, NotAllowed, and NotCarriedIn where a line was corrected, recovered or claimed here.
    """
    if not reasons.strip():
        raise ReasonMissing
    if actor.role not in CARRIERS:
        raise NotAllowed
    held = Claim.objects.select_for_update(of=("self",)).get(pk=claim.pk)
    if held.source != Source.CARRIED_IN:
        raise NotCarriedIn(_("这份申报不是期初结转进来的，不能撤销，没有改动。"))
    if held.state == ClaimState.WITHDRAWN:
        return []
    lines = locked_lines(held.lines.order_by("pk").values_list("pk", flat=True))
    if any(not line.is_carried_in or line.state not in (LineState.PAID, LineState.RECONCILED) for line in lines):
        raise NotCarriedIn(_("其中有明细已经更正或追回，不能整份撤销，没有改动。请逐条更正。"))
    if ClaimLine.objects.filter(corrects__in=lines).exclude(state__in=ENDED).exists():
        raise NotCarriedIn(_("其中有明细正在更正，不能整份撤销，没有改动。请先办完更正。"))
    take_step(lines, "line_taken_out", actor=actor, now=now, reasons=reasons.strip())
    held.state = ClaimState.WITHDRAWN
    held.save(update_fields=["state"])
    record_event(actor=actor, verb="carried_in_taken_out", subject=held, details={"lines": len(lines)})
    return lines
