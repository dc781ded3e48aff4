"""What lies within metres of a point: in SQL, by the same formula and radius of the earth as everywhere else.

A point exactly on the radius is in. A box of degrees comes first, so that the index on points does the most of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, degrees, pi, radians, sin
from typing import Any

from jiujin.values.datum import EARTH_RADIUS_M

BOX_SLACK_DEGREES = 1e-9  # a point on the radius must not fall out of the box by rounding
APART_SQL = "sin(radians(CASE WHEN abs({a}.{axis} - %({axis})s) < 1e-12 THEN 0 ELSE {a}.{axis} - %({axis})s END) / 2)"
DISTANCE_SQL = (  # haversine; a difference below a micrometre is none, for PostgreSQL refuses what underflows:
    f"2 * {EARTH_RADIUS_M!r} * asin(least(1, sqrt(power({{lat_apart}}, 2)"  # its square, and radians() of 1e-310
    " + cosd(%(lat)s) * cosd({a}.lat) * power({lon_apart}, 2))))"
)
BOX_SQL = "{a}.lat BETWEEN %(south)s AND %(north)s AND ({a}.lon BETWEEN %(west)s AND %(east)s OR %(any_lon)s)"


@dataclass(frozen=True)
class Reach:
    """A point and how far from it, in metres."""

    lat: float
    lon: float
    radius_m: float

    def parameters(self) -> dict[str, Any]:
        """What `within_sql` names."""
        south, west, north, east = self.box()
        return {
            "lat": self.lat, "lon": self.lon, "radius_m": self.radius_m, "south": south, "north": north, "west": west,
            "east": east, "any_lon": west < -180 or east > 180,
        }  # fmt: skip

    def box(self) -> tuple[float, float, float, float]:
        """South, west, north, east of a box of degrees that holds all within reach."""
        angle = self.radius_m / EARTH_RADIUS_M
        high = degrees(angle) + BOX_SLACK_DEGREES
        south, north = self.lat - high, self.lat + high
        if south <= -90 or north >= 90 or angle >= pi / 2:
            return south, -181.0, north, 181.0
        wide = degrees(asin(min(1.0, sin(angle) / cos(radians(self.lat))))) + BOX_SLACK_DEGREES
        return south, self.lon - wide, north, self.lon + wide


def distance_sql(alias: str) -> str:
    """Metres from the reach's point to an address of this alias."""
    apart = {f"{axis}_apart": APART_SQL.format(a=alias, axis=axis) for axis in ("lat", "lon")}
    return DISTANCE_SQL.format(a=alias, **apart)


def within_sql(alias: str) -> str:
    """The condition that an address of this alias lies within reach."""
    return f"{BOX_SQL.format(a=alias)} AND {distance_sql(alias)} <= %(radius_m)s"
