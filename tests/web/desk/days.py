"""Days of the desk's tests."""

from __future__ import annotations

from datetime import date

BORN = date(1990, 1, 1)
