"""Datum conversions are held to the pairs that public projects publish, and to their own inverse."""

from __future__ import annotations

from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiujin.values.datum import Datum, PointInvalid, check_point, distance_m, from_wgs84, to_wgs84

HALF_TURN_M = 20_015_114.352  # pi × 6,371,008.8 m
# github.com/googollee/eviltransform, go/transform_test.go: WGS84 and GCJ-02 (latitude, longitude) to five decimals.
EVILTRANSFORM = [
    ((31.1774276, 121.5272106), (31.17530398364597, 121.531541859215)),
    ((22.543847, 113.912316), (22.540796131694766, 113.9171764808363)),
    ((39.911954, 116.377817), (39.91334545536069, 116.38404722455657)),
]
# github.com/hujiulong/gcoord, test/fixtures/china-cities.json: WGS84, GCJ-02 and BD-09 of city seats, seven decimals.
GCOORD = [
    ((33.0133556, 114.0164322), (33.0115324, 114.022306), (33.0176697, 114.0287781)),
    ((31.4784436, 92.0499619), (31.4762063, 92.0512438), (31.4824421, 92.0576832)),
    ((41.8032629, 123.4253306), (41.8057023, 123.4314787), (41.8114013, 123.438095)),
    ((21.9828281, 108.6503952), (21.9799392, 108.6541485), (21.9856319, 108.6607283)),
    ((39.7319946, 98.4937175), (39.7328234, 98.4943595), (39.7388949, 98.5008441)),
    ((43.9312805, 116.0414035), (43.9334573, 116.0482308), (43.9397782, 116.0546232)),
    ((30.9477988, 117.8059091), (30.9455211, 117.8112693), (30.9515411, 117.8177498)),
]
# github.com/wandergis/coordtransform, test/app.js: the same point read as GCJ-02, its BD-09 (latitude, longitude).
COORDTRANSFORM = ((39.915, 116.404), (39.92133699351021, 116.41036949371029))

in_china = st.tuples(st.floats(3, 54), st.floats(73, 136))


def near(one: tuple[float, float], other: tuple[float, float]) -> float:
    return distance_m(*one, *other)


@pytest.mark.parametrize(("wgs84", "gcj02"), EVILTRANSFORM)
def test_gcj02_agrees_with_the_published_pairs_of_eviltransform(
    wgs84: tuple[float, float], gcj02: tuple[float, float]
) -> None:
    assert from_wgs84(*wgs84, Datum.GCJ02) == pytest.approx(gcj02, abs=5e-6)
    assert near(to_wgs84(*gcj02, Datum.GCJ02), wgs84) < 0.5


@pytest.mark.parametrize(("wgs84", "gcj02", "bd09"), GCOORD)
def test_both_shifts_agree_with_the_published_cities_of_gcoord(
    wgs84: tuple[float, float], gcj02: tuple[float, float], bd09: tuple[float, float]
) -> None:
    assert near(from_wgs84(*wgs84, Datum.GCJ02), gcj02) < 1  # the file's WGS84 was itself found to about a metre
    assert near(to_wgs84(*gcj02, Datum.GCJ02), wgs84) < 1
    assert near(to_wgs84(*bd09, Datum.BD09), wgs84) < 1
    assert near(from_wgs84(*to_wgs84(*gcj02, Datum.GCJ02), Datum.BD09), bd09) < 0.1


def test_bd09_agrees_with_the_published_pair_of_coordtransform() -> None:
    gcj02, bd09 = COORDTRANSFORM
    assert from_wgs84(*to_wgs84(*gcj02, Datum.GCJ02), Datum.BD09) == pytest.approx(bd09, abs=1e-9)


@given(in_china, st.sampled_from(list(Datum)))
def test_there_and_back_stays_within_a_metre(point: tuple[float, float], datum: Datum) -> None:
    assert near(to_wgs84(*from_wgs84(*point, datum), datum), point) <= 0.001
    assert near(from_wgs84(*to_wgs84(*point, datum), datum), point) <= 0.001


@given(in_china)
def test_a_forgotten_conversion_moves_a_home_by_hundreds_of_metres(point: tuple[float, float]) -> None:
    assert 30 < near(from_wgs84(*point, Datum.GCJ02), point) < 1500
    assert from_wgs84(*point, Datum.CGCS2000) == point


@given(st.floats(-89, -1), st.floats(-179, 179))
def test_gcj02_shifts_nothing_outside_its_box(lat: float, lon: float) -> None:
    assert from_wgs84(lat, lon, Datum.GCJ02) == (lat, lon)
    assert to_wgs84(lat, lon, Datum.GCJ02) == (lat, lon)
    assert near(to_wgs84(*from_wgs84(lat, lon, Datum.BD09), Datum.BD09), (lat, lon)) < 0.001


@pytest.mark.parametrize(
    ("one", "other", "expected_m"),
    [
        ((0.0, 0.0), (0.0, 180.0), HALF_TURN_M),
        ((90.0, 0.0), (-90.0, 77.0), HALF_TURN_M),
        ((90.0, 10.0), (90.0, -120.0), 0.0),
        ((0.0, 179.5), (0.0, -179.5), HALF_TURN_M / 180),
        ((0.0, 0.0), (1.0, 0.0), HALF_TURN_M / 180),
        ((36.12, -86.67), (33.94, -118.4), 2_886_448.4),  # Rosetta Code's haversine task, on our radius
    ],
)
def test_distance_is_the_great_circle(one: tuple[float, float], other: tuple[float, float], expected_m: float) -> None:
    assert distance_m(*one, *other) == pytest.approx(expected_m, abs=0.5)
    assert distance_m(*other, *one) == pytest.approx(expected_m, abs=0.5)


@pytest.mark.parametrize(
    ("lat", "lon", "code", "says"),
    [
        (nan, 116.5, "point_missing", "不是数"),
        (31.7, inf, "point_missing", "不是数"),
        (0.0, 0.0, "point_zero", "(0, 0)"),
        (116.52, 31.75, "point_swapped", "写反"),
        (76.0, 39.47, "point_swapped", "写反"),  # 喀什: a latitude of 76 is possible, but not here
        (31.7, 1165.2, "point_range", "超出范围"),
        (-91.0, 10.0, "point_range", "超出范围"),
        (48.86, 2.35, "point_outside", "不在中国境内"),
    ],
)
def test_a_point_that_cannot_be_used_says_why(lat: float, lon: float, code: str, says: str) -> None:
    with pytest.raises(PointInvalid, match=r".") as refused:
        check_point(lat, lon)
    assert refused.value.code == code
    assert says in refused.value.message


@given(in_china)
def test_a_point_in_china_passes_unchanged(point: tuple[float, float]) -> None:
    assert check_point(*point) == point
