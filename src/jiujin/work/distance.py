"""How far a person's home is from a place of work, where both have points."""

from __future__ import annotations

from jiujin.registry.models import Person, Workplace
from jiujin.values.datum import distance_m


def distance_home_m(person: Person, workplace: Workplace) -> int | None:
    """Great-circle metres, rounded; None where a point is not known."""
    home, place = person.home, workplace.address
    if home is None or place is None or None in (home.lat, home.lon, place.lat, place.lon):
        return None
    assert home.lat is not None and home.lon is not None and place.lat is not None and place.lon is not None
    return round(distance_m(home.lat, home.lon, place.lat, place.lon))
