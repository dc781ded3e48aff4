"""A date as the browser's own picker takes and gives it, whatever the language of the page."""

from __future__ import annotations

from django import forms


def day_input() -> forms.DateInput:
    """An input of type date; its value is ISO 8601, which no locale may change."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
