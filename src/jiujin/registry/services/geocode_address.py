"""Gives a written address its point by the installed geocoder."""

from __future__ import annotations

from jiujin.core.services.record_event import Actor
from jiujin.registry.errors import AddressNotFound, GeocoderMissing
from jiujin.registry.geocoding import installed_geocoder
from jiujin.registry.models import Address, PointSource
from jiujin.registry.services.set_address import Owner, address_of, area_of, place_address


def geocode_address(*, owner: Owner, actor: Actor) -> Address:
    """The owner's address with the point found. No transaction is open while the geocoder works.

    Raises GeocoderMissing, AddressNotFound, PointUnusable; then nothing is changed.
    """
    geocoder = installed_geocoder()
    if geocoder is None:
        raise GeocoderMissing
    address, area = address_of(owner), area_of(owner)
    if address is None or not address.text:
        raise AddressNotFound
    found = geocoder(text=address.text, area_name=area.name if area else "")
    if found is None:
        raise AddressNotFound
    return place_address(
        owner,
        text=None,
        lat=found.lat,
        lon=found.lon,
        datum=found.datum,
        source=PointSource.GEOCODED,
        actor=actor,
    )
