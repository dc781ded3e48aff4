"""Deletes a check with its files: when its owner asks, or when its days are over."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from jiujin.exchange.models import RosterCheck
from jiujin.exchange.states import OPEN
from jiujin.exchange.storage import CheckFiles

CHECKS_IN_A_SWEEP = 500


@transaction.atomic
def delete_check(*, check: RosterCheck) -> None:
    """Delete the check; its files go when that is kept. A worker that still runs it stops at its next step."""
    files = CheckFiles.of(check)
    RosterCheck.objects.filter(id=check.id).delete()
    transaction.on_commit(files.remove)


def delete_expired_checks(*, now: datetime) -> int:
    """Delete up to CHECKS_IN_A_SWEEP checks older than their days, the oldest first; says how many."""
    before = now - timedelta(days=settings.ROSTER_DAYS_KEPT)
    expired = RosterCheck.objects.filter(created_at__lt=before).exclude(state__in=OPEN).order_by("created_at", "id")
    checks = list(expired[:CHECKS_IN_A_SWEEP])
    for check in checks:
        delete_check(check=check)
    return len(checks)
