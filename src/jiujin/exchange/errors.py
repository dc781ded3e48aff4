"""What can go wrong with a roster check; each error's text is a sentence for a person, in the page's language."""

from __future__ import annotations

from django.utils.translation import gettext as _


class CheckError(Exception):
    """Base of the errors here."""


class FileNotAccepted(CheckError):
    """An upload that is no workbook, or empty."""


class CheckCancelled(CheckError):
    """The owner asked to stop while it ran, or deleted it."""


class CheckStateChanged(CheckError):
    """What was asked cannot happen in the state the check is in."""

    def __init__(self, state_label: str) -> None:
        message = _("这次核对已是“%(state)s”，没有改动。请刷新看最新的情况。")
        super().__init__(message % {"state": state_label})


class PlanChanged(CheckError):
    """The plan has lost the scheme or a parameter that a check was asked for."""
