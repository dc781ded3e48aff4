"""Stops a check that waits or runs."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from jiujin.exchange.errors import CheckStateChanged
from jiujin.exchange.models import RosterCheck
from jiujin.exchange.states import CheckState, target_of


@transaction.atomic
def cancel_check(*, check: RosterCheck) -> None:
    """Cancel a queued check at once; ask a running one to stop at its next step. Raises CheckStateChanged."""
    now = RosterCheck.objects.select_for_update().get(id=check.id)
    if now.state == CheckState.QUEUED:
        now.state = target_of(CheckState.QUEUED, "cancelled")
        now.finished_at = timezone.now()
    elif now.state == CheckState.RUNNING:
        now.cancel_asked = True
    else:
        raise CheckStateChanged(now.get_state_display())
    now.save(update_fields=["state", "finished_at", "cancel_asked"])
