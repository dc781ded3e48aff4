"""Sends an operator's month, counted from records at that moment."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from jiujin.accounts.models import User
from jiujin.circles.measures import counted
from jiujin.circles.models import Engagement, OperatorReport
from jiujin.circles.refusals import AlreadyRecorded, MonthOutside
from jiujin.core.services.record_event import record_event
from jiujin.values import add_months


@transaction.atomic
def send_report(*, engagement: Engagement, month: date, words: str, actor: User, today: date) -> OperatorReport:
    """Send the report of a month that is over and in which the contract ran, once. Raises MonthOutside, AlreadyRecorded."""
    first = month.replace(day=1)
    last = add_months(first, 1) - timedelta(days=1)
    ends = engagement.ended_on or engagement.end_on
    if last >= today or last < engagement.start_on or first > ends:
        raise MonthOutside(first)
    report, is_new = OperatorReport.objects.get_or_create(
        engagement=engagement,
        month=first,
        defaults={"counted": counted(engagement.operator, first, last), "words": words.strip(), "sent_by": actor},
    )
    if not is_new:
        raise AlreadyRecorded(f"{first:%Y-%m} 的月报")
    record_event(actor=actor, verb="operator_reported", subject=report, details={"month": first.isoformat()})
    return report
