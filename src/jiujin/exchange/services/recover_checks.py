"""Tells of checks whose worker went away in the middle."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_noop

from jiujin.exchange.models import RosterCheck
from jiujin.exchange.states import CheckState, target_of

SILENCE_MAX = timedelta(minutes=10)
BROKEN_OFF = gettext_noop("核对到一半程序停了，没有得出结论；上传的文件还在。请点“再核对一次”。")


def recover_checks(*, now: datetime) -> int:
    """Mark running checks that have not been heard of for SILENCE_MAX as broken off; says how many."""
    silent = RosterCheck.objects.filter(state=CheckState.RUNNING, heard_at__lt=now - SILENCE_MAX)
    return silent.update(state=target_of(CheckState.RUNNING, "failed"), message=BROKEN_OFF, finished_at=now)
