"""The door to one check: the owner's own, else there is no such page."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404

from jiujin.accounts.access import SignedInRequest
from jiujin.exchange.models import RosterCheck
from jiujin.exchange.queries import check_of
from jiujin.exchange.states import CheckState


def own_check(request: SignedInRequest, check_id: UUID) -> RosterCheck:
    """The check, if it is the asker's; another's looks the same as one that never was."""
    try:
        return check_of(request.user, check_id)
    except RosterCheck.DoesNotExist as error:
        raise Http404 from error


def own_finished_check(request: SignedInRequest, check_id: UUID) -> RosterCheck:
    """The asker's check, if it has verdicts."""
    check = own_check(request, check_id)
    if check.state != CheckState.FINISHED:
        raise Http404
    return check
