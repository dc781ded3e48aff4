"""Puts a cancelled or broken-off check in the queue again."""

from __future__ import annotations

from django.db import transaction

from jiujin.exchange.errors import CheckStateChanged
from jiujin.exchange.models import RosterCheck
from jiujin.exchange.queue import put_in_queue
from jiujin.exchange.states import target_of


@transaction.atomic
def retry_check(*, check: RosterCheck) -> None:
    """Queue the same file again. Raises CheckStateChanged where it is not cancelled or broken off."""
    now = RosterCheck.objects.select_for_update().get(id=check.id)
    if not now.may_run_again:
        raise CheckStateChanged(now.get_state_display())
    now.state = target_of(now.state, "asked_again")
    now.cancel_asked = False
    now.message = now.stage = ""
    now.done_count = now.total_count = 0
    now.started_at = now.stage_at = now.heard_at = now.finished_at = None
    now.save()
    put_in_queue(now.id)
