"""The states of a roster check and every way from one to another."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiujin.core import transitions
from jiujin.core.transitions import Transition


class CheckState(models.TextChoices):
    """Where a roster check stands."""

    QUEUED = "queued", _("排队")
    RUNNING = "running", _("核对中")
    FINISHED = "finished", _("完成")
    REFUSED = "refused", _("无法核对")
    CANCELLED = "cancelled", _("已取消")
    FAILED = "failed", _("中断")


OPEN = (CheckState.QUEUED, CheckState.RUNNING)
AGAIN = (CheckState.CANCELLED, CheckState.FAILED)


TRANSITIONS = (
    Transition(CheckState.QUEUED, "begun", CheckState.RUNNING, "worker"),
    Transition(CheckState.QUEUED, "cancelled", CheckState.CANCELLED, "owner"),
    Transition(CheckState.RUNNING, "finished", CheckState.FINISHED, "worker"),
    Transition(CheckState.RUNNING, "refused", CheckState.REFUSED, "worker"),
    Transition(CheckState.RUNNING, "cancelled", CheckState.CANCELLED, "worker"),
    Transition(CheckState.RUNNING, "failed", CheckState.FAILED, "worker"),
    Transition(CheckState.CANCELLED, "asked_again", CheckState.QUEUED, "owner"),
    Transition(CheckState.FAILED, "asked_again", CheckState.QUEUED, "owner"),
)


def target_of(source: str, event: str) -> CheckState:
    """The state an event leads to. Raises KeyError where the event cannot happen in that state."""
    return CheckState(transitions.target_of(TRANSITIONS, source, event))
