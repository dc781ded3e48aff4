"""Reads of roster checks, the viewer first: a person sees their own and nobody else's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import ceil
from uuid import UUID

from django.db.models import QuerySet

from jiujin.accounts.models import User
from jiujin.accounts.permissions import Room, may_enter
from jiujin.exchange.models import RosterCheck
from jiujin.exchange.states import CheckState


def checks_of(viewer: User) -> QuerySet[RosterCheck]:
    """The viewer's own checks, the newest first; none for a role without the room."""
    if not may_enter(viewer, Room.ROSTERS):
        return RosterCheck.objects.none()
    return RosterCheck.objects.filter(owner=viewer).order_by("-created_at", "id")


def check_of(viewer: User, check_id: UUID) -> RosterCheck:
    """One of the viewer's own checks. Raises RosterCheck.DoesNotExist, whether it is another's or nobody's."""
    return checks_of(viewer).get(id=check_id)


def same_file_before(check: RosterCheck) -> RosterCheck | None:
    """The owner's latest earlier check of the very same file, for whichever scheme."""
    same = RosterCheck.objects.filter(owner_id=check.owner_id, file_sm3=check.file_sm3, created_at__lt=check.created_at)
    return same.order_by("-created_at").first()


def waiting_before(check: RosterCheck) -> int:
    """How many checks of anyone wait or run before this one."""
    ahead = RosterCheck.objects.filter(
        state__in=(CheckState.QUEUED, CheckState.RUNNING), created_at__lt=check.created_at
    )
    return ahead.count()


@dataclass(frozen=True)
class Pace:
    """How fast a running check goes: rows a second, and the seconds left of this stage; None while not known."""

    rows_per_second: float | None
    seconds_left: int | None


def pace_of(check: RosterCheck, now: datetime) -> Pace:
    """The pace of the stage a check is in, from its count and the time since the stage began."""
    if not check.stage_at or not check.done_count:
        return Pace(None, None)
    seconds = max((now - check.stage_at).total_seconds(), 0.001)
    rate = check.done_count / seconds
    return Pace(rate, ceil((check.total_count - check.done_count) / rate))
