"""Puts the owner of a record where the record says, if that is anywhere else than where it is."""

from __future__ import annotations

from math import isclose
from typing import Any, Final

from jiujin.core.services.record_event import Actor
from jiujin.exchange.imports.records import Place
from jiujin.registry.models import PointSource
from jiujin.registry.services.set_address import address_of, converted_point, place_address
from jiujin.values.datum import Datum

SAME_DEGREES: Final = 1e-7  # a centimetre


def put_place(owner: Any, record: Place, *, actor: Actor) -> bool:
    """Whether anything changed. Raises PointUnusable, FieldInvalid."""
    has_point = record.lat is not None or record.lon is not None
    if not has_point and record.address is None:
        return False
    held = address_of(owner)
    datum = Datum(record.datum or Datum.WGS84)
    if has_point:
        lat, lon = converted_point(record.lat, record.lon, datum)
        is_there = held is not None and held.lat is not None and held.lon is not None
        same_point = is_there and isclose(held.lat, lat, abs_tol=SAME_DEGREES) and isclose(held.lon, lon, abs_tol=SAME_DEGREES)  # type: ignore[union-attr,arg-type]  # fmt: skip
    else:
        same_point = True
    same_text = record.address is None or (held is not None and held.text == " ".join(record.address.split()))
    if same_point and same_text:
        return False
    point = (record.lat, record.lon) if has_point else (None, None)
    if not has_point and held is not None and held.lat is not None and not held.is_rough:
        point, datum = (held.lat, held.lon), Datum.WGS84  # the words alone are new: the point stays
        source = PointSource(held.point_source)
    else:
        source = PointSource.IMPORTED
    place_address(owner, text=record.address, lat=point[0], lon=point[1], datum=datum, source=source, actor=actor)
    return True
