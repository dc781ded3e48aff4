"""Points on the earth: one datum inside, the three others converted at the door, and distance on the mean sphere.

Inside, a point is WGS84 degrees. CGCS2000 differs from it by centimetres and is taken as the same. GCJ-02 is the shifted datum of
Chinese web maps, BD-09 is Baidu's second shift on top of it; neither has an official text. The formulas are those that public
projects agree on (eviltransform, gcoord, PRCoords); the tests hold them to the pairs those projects publish.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from math import asin, atan2, cos, hypot, isfinite, pi, radians, sin, sqrt
from typing import Final

EARTH_RADIUS_M: Final = 6_371_008.8  # mean radius of the GRS80 ellipsoid, (2a + b) / 3
CHINA_LAT: Final = (3.0, 54.0)  # from 曾母暗沙 to the Heilong Jiang, in whole degrees
CHINA_LON: Final = (73.0, 136.0)
SHIFTED_LAT: Final = (0.8293, 55.8271)  # where GCJ-02 shifts at all: the box of the published formula
SHIFTED_LON: Final = (72.004, 137.8347)
SHIFT_AXIS_M: Final = 6_378_245.0  # Krasovsky 1940, which the shift is laid on
SHIFT_ECCENTRICITY_2: Final = 0.00669342162296594323
BAIDU_TURN: Final = pi * 3000 / 180
INVERSE_PRECISION_DEG: Final = 1e-10  # some 0.01 mm
INVERSE_ROUNDS_MAX: Final = 20


class Datum(StrEnum):
    """What the degrees of a point are measured on."""

    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"
    GCJ02 = "gcj02"
    BD09 = "bd09"


class PointInvalid(ValueError):
    """A point that cannot be used; `code` says in one word why, `message` is a Chinese sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def check_point(lat: float, lon: float) -> tuple[float, float]:
    """The same point, if it is one in China.

    Raises PointInvalid with the code `point_missing`, `point_zero`, `point_swapped`, `point_range` or `point_outside`.
    """
    if not (isfinite(lat) and isfinite(lon)):
        raise PointInvalid("point_missing", "坐标不是数：请填十进制的纬度和经度，如 31.75、116.52")
    if lat == 0 and lon == 0:
        raise PointInvalid("point_zero", "坐标是 (0, 0)，多半是没有取到位置：请重新选点，或留空")
    if in_china(lat, lon):
        return lat, lon
    if in_china(lon, lat):
        raise PointInvalid("point_swapped", f"纬度 {lat:g}、经度 {lon:g} 像是写反了：请把两列对调")
    if abs(lat) > 90 or abs(lon) > 180:
        raise PointInvalid(
            "point_range", f"纬度 {lat:g}、经度 {lon:g} 超出范围：纬度在 -90 到 90 之间，经度在 -180 到 180 之间"
        )
    raise PointInvalid("point_outside", f"纬度 {lat:g}、经度 {lon:g} 不在中国境内：请核对坐标")


def in_china(lat: float, lon: float) -> bool:
    """Whether the point lies in the box round China; neighbours inside the box are not told apart."""
    return CHINA_LAT[0] <= lat <= CHINA_LAT[1] and CHINA_LON[0] <= lon <= CHINA_LON[1]


def distance_m(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance in metres on the mean radius (haversine); degrees in."""
    across_lat, across_lon = sin(radians(lat2 - lat1) / 2), sin(radians(lon2 - lon1) / 2)
    half_chord_2 = across_lat * across_lat + cos(radians(lat1)) * cos(radians(lat2)) * (across_lon * across_lon)
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(half_chord_2)))


def to_wgs84(lat: float, lon: float, datum: Datum) -> tuple[float, float]:
    """The WGS84 degrees of a point given on `datum`, to well under a millimetre of the forward formula."""
    match datum:
        case Datum.GCJ02:
            return _unshift(lat, lon)
        case Datum.BD09:
            return _unshift(*_undo(_baidu_from_gcj, lat, lon))
        case Datum.WGS84 | Datum.CGCS2000:
            return lat, lon


def from_wgs84(lat: float, lon: float, datum: Datum) -> tuple[float, float]:
    """The degrees on `datum` of a WGS84 point; outside the shifted box GCJ-02 is WGS84, as published."""
    match datum:
        case Datum.GCJ02:
            return _shift(lat, lon)
        case Datum.BD09:
            return _baidu_from_gcj(*_shift(lat, lon))
        case Datum.WGS84 | Datum.CGCS2000:
            return lat, lon


def _is_shifted(lat: float, lon: float) -> bool:
    return SHIFTED_LAT[0] <= lat <= SHIFTED_LAT[1] and SHIFTED_LON[0] <= lon <= SHIFTED_LON[1]


def _shift(lat: float, lon: float) -> tuple[float, float]:
    """WGS84 to GCJ-02."""
    return _shift_anywhere(lat, lon) if _is_shifted(lat, lon) else (lat, lon)


def _unshift(lat: float, lon: float) -> tuple[float, float]:
    """GCJ-02 to WGS84: the point whose shift gives this one; what comes from outside the box was never shifted."""
    found = _undo(_shift_anywhere, lat, lon)
    return found if _is_shifted(*found) else (lat, lon)


def _undo(convert: Callable[[float, float], tuple[float, float]], lat: float, lon: float) -> tuple[float, float]:
    """The point that `convert` takes to (lat, lon). Each round leaves under a hundredth of the error: both shifts vary that slowly."""
    guess_lat, guess_lon = lat, lon
    for _ in range(INVERSE_ROUNDS_MAX):
        there_lat, there_lon = convert(guess_lat, guess_lon)
        off_lat, off_lon = there_lat - lat, there_lon - lon
        guess_lat, guess_lon = guess_lat - off_lat, guess_lon - off_lon
        if abs(off_lat) < INVERSE_PRECISION_DEG and abs(off_lon) < INVERSE_PRECISION_DEG:
            break
    return guess_lat, guess_lon


def _shift_anywhere(lat: float, lon: float) -> tuple[float, float]:
    north_m, east_m = _shift_m(lon - 105, lat - 35)
    flat = 1 - SHIFT_ECCENTRICITY_2 * sin(radians(lat)) ** 2
    meridian_m = SHIFT_AXIS_M * (1 - SHIFT_ECCENTRICITY_2) / flat**1.5
    parallel_m = SHIFT_AXIS_M / sqrt(flat) * cos(radians(lat))
    return lat + north_m / meridian_m * 180 / pi, lon + east_m / parallel_m * 180 / pi


def _shift_m(x: float, y: float) -> tuple[float, float]:
    """Metres north and east, from degrees east of 105° and north of 35°: a polynomial and three waves each."""
    wave = 20 * sin(6 * pi * x) + 20 * sin(2 * pi * x)
    north = wave + 20 * sin(pi * y) + 40 * sin(pi * y / 3) + 160 * sin(pi * y / 12) + 320 * sin(pi * y / 30)
    east = wave + 20 * sin(pi * x) + 40 * sin(pi * x / 3) + 150 * sin(pi * x / 12) + 300 * sin(pi * x / 30)
    root = sqrt(abs(x))
    return (
        -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + north * 2 / 3,
        300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + east * 2 / 3,
    )


def _baidu_from_gcj(lat: float, lon: float) -> tuple[float, float]:
    """GCJ-02 to BD-09: turned and stretched a little about (0, 0), then moved."""
    reach = hypot(lon, lat) + 0.00002 * sin(lat * BAIDU_TURN)
    angle = atan2(lat, lon) + 0.000003 * cos(lon * BAIDU_TURN)
    return reach * sin(angle) + 0.006, reach * cos(angle) + 0.0065
