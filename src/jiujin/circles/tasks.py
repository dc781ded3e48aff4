"""The circles' job, run every night by `jiujin work`."""

from __future__ import annotations

from django.db import close_old_connections, connection
from django.utils import timezone
from procrastinate.contrib.django import app

from jiujin.circles.errors import MatchingUnderWay
from jiujin.circles.services.match_everyone import match_everyone

QUEUE = "circles"


@app.periodic(cron="37 2 * * *")
@app.task(name="circles.match_everyone", queue=QUEUE, queueing_lock="circles.match_everyone")
def match_nightly(timestamp: int) -> None:
    """Make the lists of the day."""
    if not connection.in_atomic_block:
        close_old_connections()
    try:
        match_everyone(day=timezone.localdate())
    except MatchingUnderWay:
        return  # someone started it by hand a moment ago
