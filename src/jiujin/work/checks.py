"""The check before a vacancy is public."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from jiujin.work.models import Vacancy

STOP: Final = "stop"
REVIEW: Final = "review"
Finding = dict[str, Any]


def check_vacancy(vacancy: Vacancy, *, day: date) -> list[Finding]:
    """What speaks against publishing the vacancy on a day: `code`, `severity`, `text`, `clause`, `words`, `mend` each."""
    return []
