"""The job of vacancies, run every night by `jiujin work`."""

from __future__ import annotations

from django.db import close_old_connections, connection
from procrastinate.contrib.django import app

from jiujin.work.services.close_vacancy import lapse_vacancies

QUEUE = "work"


@app.periodic(cron="13 0 * * *")
@app.task(name="work.lapse_vacancies", queue=QUEUE, queueing_lock="work.lapse_vacancies")
def lapse_nightly(timestamp: int) -> None:
    """Close the vacancies whose last day is over."""
    if not connection.in_atomic_block:
        close_old_connections()
    lapse_vacancies()
