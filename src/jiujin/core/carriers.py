"""What carries text messages out. None is installed: a district sets its own by `JIUJIN_MESSAGE_CARRIER`."""

from __future__ import annotations

from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class NotCarried(Exception):
    """A message that the carrier did not take; its text says why, without the number or the message."""


class Carrier(Protocol):
    """A way for text messages to leave: a callable, named by its dotted path in the setting."""

    def __call__(self, *, to: str, text: str) -> None:
        """Send one message. Raises NotCarried."""


def installed_carrier() -> Carrier | None:
    """The carrier of this installation; None where messages stay in the outbox (in a demonstration, always)."""
    if settings.DEMO or not settings.MESSAGE_CARRIER:
        return None
    carrier: Carrier = import_string(settings.MESSAGE_CARRIER)
    return carrier
