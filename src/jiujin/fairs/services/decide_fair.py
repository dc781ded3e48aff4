"""Approves a fair, closes it as held, or cancels it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from jiujin.accounts.models import User
from jiujin.fairs.errors import FairInPast, FieldWrong, NobodyCame, NotItsDay, OwnFair
from jiujin.fairs.models import Fair
from jiujin.fairs.services.take_step import locked_fair, take_step


@transaction.atomic
def approve_fair(*, fair: Fair, actor: User, now: datetime, today: date) -> Fair:
    """Let another person approve what was planned. Raises OwnFair, FairInPast, StepImpossible."""
    held = locked_fair(fair)
    if held.made_by_id == actor.pk:
        raise OwnFair
    if held.until_on < today:
        raise FairInPast(held.until_on)
    take_step(held, "fair_approved", actor=actor, approved_by=actor, approved_at=now)
    return held


@transaction.atomic
def close_fair(*, fair: Fair, actor: User, today: date) -> Fair:
    """Say that a fair was held, from its first day on; an employer must have signed in.

    Raises NotItsDay, NobodyCame, StepImpossible.
    """
    held = locked_fair(fair)
    if today < held.held_on:
        raise NotItsDay(held.held_on, held.until_on)
    came = held.employers.filter(signed_in_at__isnull=False).count()
    take_step(held, "fair_held", actor=actor, details={"employers": came})
    if not came:
        raise NobodyCame
    return held


@transaction.atomic
def cancel_fair(*, fair: Fair, reasons: str, actor: User) -> Fair:
    """Cancel a fair that was not held, with the reason. Raises FieldWrong, StepImpossible."""
    if not reasons.strip():
        raise FieldWrong("reasons", "取消要写明原因")
    held = locked_fair(fair)
    take_step(held, "fair_cancelled", actor=actor, reasons=reasons.strip()[:300])
    return held
