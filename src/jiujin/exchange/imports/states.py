"""The states of an import by workbook, and every way from one to another."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiujin.core import transitions
from jiujin.core.transitions import Transition


class ImportState(models.TextChoices):
    """Where an import stands."""

    QUEUED = "queued", _("排队")
    READING = "reading", _("核对中")
    PREVIEWED = "previewed", _("待确认")
    CONFIRMED = "confirmed", _("排队写入")
    WRITING = "writing", _("写入中")
    DONE = "done", _("完成")
    REFUSED = "refused", _("读不出来")
    CANCELLED = "cancelled", _("已取消")
    FAILED = "failed", _("中断")


TRANSITIONS = (
    Transition(ImportState.QUEUED, "import_begun", ImportState.READING, "worker"),
    Transition(ImportState.READING, "import_previewed", ImportState.PREVIEWED, "worker"),
    Transition(ImportState.READING, "import_refused", ImportState.REFUSED, "worker"),
    Transition(ImportState.READING, "import_failed", ImportState.FAILED, "worker"),
    Transition(ImportState.PREVIEWED, "import_confirmed", ImportState.CONFIRMED, "owner"),
    Transition(ImportState.PREVIEWED, "import_cancelled", ImportState.CANCELLED, "owner"),
    Transition(ImportState.CONFIRMED, "import_begun", ImportState.WRITING, "worker"),
    Transition(ImportState.WRITING, "import_done", ImportState.DONE, "worker"),
    Transition(ImportState.WRITING, "import_failed", ImportState.FAILED, "worker"),
)
UNDER_WAY = (ImportState.QUEUED, ImportState.READING, ImportState.CONFIRMED, ImportState.WRITING)


def target_of(source: str, event: str) -> ImportState | None:
    """The state an event leads to; None where it cannot happen in that state."""
    try:
        return ImportState(transitions.target_of(TRANSITIONS, source, event))
    except KeyError:
        return None
