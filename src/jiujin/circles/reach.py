"""Where a circle is."""

from __future__ import annotations

from jiujin.circles.errors import BaseUnknown
from jiujin.circles.models import Circle
from jiujin.work.nearby.reach import Reach


def base_of(circle: Circle) -> tuple[float, float]:
    """A circle's base: its point of service, else the middle of its community (a reading). Raises BaseUnknown."""
    point = circle.base_point
    if point is not None and point.address is not None and point.address.lat is not None:
        assert point.address.lon is not None
        return point.address.lat, point.address.lon
    if circle.community.lat is None or circle.community.lon is None:
        raise BaseUnknown
    return circle.community.lat, circle.community.lon


def reach_of(circle: Circle) -> Reach:
    """A circle's base and radius. Raises BaseUnknown."""
    return Reach(*base_of(circle), circle.radius_m)
