"""The outline of a plan's district (`outline.geojson` of the pack): a picture, and the bound of invented points."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jiujin.plan.load import find_plan

OUTLINE_FILE = "outline.geojson"
Ring = tuple[tuple[float, float], ...]  # (longitude, latitude) in degrees, the last point as the first


@dataclass(frozen=True)
class Outline:
    """The rings of a district, and where they come from."""

    rings: tuple[Ring, ...]
    source: str
    licence: str

    def contains(self, lat: float, lon: float) -> bool:
        """Whether a point lies inside: an odd number of edges lies east of it."""
        edges = self._edges
        edges = edges[(edges[:, 1] > lat) != (edges[:, 3] > lat)]
        lon_a, lat_a, lon_b, lat_b = edges.T
        east = lon < lon_a + (lat - lat_a) * (lon_b - lon_a) / (lat_b - lat_a)
        return bool(np.count_nonzero(east) % 2)

    @cached_property
    def _edges(self) -> NDArray[np.float64]:
        """A row an edge: longitude and latitude of its first end, then of its second."""
        return np.array([(*first, *second) for ring in self.rings for first, second in pairwise(ring)], np.float64)

    def bounds(self) -> tuple[float, float, float, float]:
        """South, west, north, east."""
        lons, lats = zip(*(point for ring in self.rings for point in ring), strict=True)
        return min(lats), min(lons), max(lats), max(lons)


def read_outline(wanted: str | Path) -> Outline | None:
    """The outline of a pack by id or folder; None where it has none. Raises PlanNotFound."""
    file = find_plan(wanted) / OUTLINE_FILE
    if not file.is_file():
        return None
    feature = json.loads(file.read_text(encoding="utf-8"))
    shape, about = feature["geometry"], feature["properties"]
    polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
    rings = tuple(tuple((float(lon), float(lat)) for lon, lat in ring) for polygon in polygons for ring in polygon)
    return Outline(rings, about["source"], about["licence"])
