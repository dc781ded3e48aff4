"""An identity number as the desk takes it: a demonstration takes its invented numbers too."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from jiujin.values import IdNumber, check_id_number


def checked_number(text: str) -> IdNumber:
    """What the number says. Raises IdNumberError."""
    return check_id_number(text, demo=settings.DEMO, on=timezone.localdate())
