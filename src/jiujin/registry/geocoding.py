"""What turns a written address into a point. None is installed: a district names its own by `JIUJIN_GEOCODER`.

An address is personal data. What is named here decides whether it leaves the building; a district's own map service does not let
it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from jiujin.values.datum import Datum


@dataclass(frozen=True)
class FoundPoint:
    """Where an address is, in degrees on the geocoder's own datum."""

    lat: float
    lon: float
    datum: Datum


class Geocoder(Protocol):
    """A way from a written address to a point: a callable, named by its dotted path in the setting."""

    def __call__(self, *, text: str, area_name: str) -> FoundPoint | None:
        """The point of the address within the named area; None where it does not know it or cannot be reached."""


def installed_geocoder() -> Geocoder | None:
    """The geocoder of this installation, if it has one (a demonstration never has)."""
    if settings.DEMO or not settings.GEOCODER:
        return None
    geocoder: Geocoder = import_string(settings.GEOCODER)
    return geocoder
