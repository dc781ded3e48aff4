"""What the map's script is told: points, where one stands, the circle, the outline's address, tiles where they are set."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from jiujin.accounts.access import in_room
from jiujin.accounts.permissions import Room
from jiujin.plan.outline import read_outline
from jiujin.registry.models import Address
from jiujin.web.resident.standing import Standing


@dataclass(frozen=True)
class MapEntry:
    """What a mark's bubble says of one thing: its number in the list, a title, a line, where it leads."""

    number: int
    title: str
    line: str
    url: str = ""


def map_content(points: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """The content of one map: marks (see `mark`), and `here` and `circle` where there are such."""
    outline = read_outline(settings.PLAN)
    content: dict[str, Any] = {"points": points, **{name: value for name, value in more.items() if value}}
    if outline is not None:
        south, west, north, east = outline.bounds()
        content |= {"outline": reverse("near:outline"), "bounds": [[south, west], [north, east]]}
    if settings.MAP_TILES:
        content["tiles"] = settings.MAP_TILES
    return content


def mark(lat: float, lon: float, entries: list[MapEntry], *, kind: str = "") -> dict[str, Any]:
    """One mark of the map: what stands at one point, by the numbers that it has in the list."""
    label = str(entries[0].number) if len(entries) == 1 else f"{entries[0].number}…"
    title = entries[0].title if len(entries) == 1 else _("这里有 %(count)s 个") % {"count": len(entries)}
    return {
        "lat": lat,
        "lon": lon,
        "label": label,
        "kind": kind,
        "title": title,
        "entries": [
            {"title": f"{entry.number}. {entry.title}", "line": entry.line, "url": entry.url} for entry in entries
        ],
    }


def marks(placed: Iterable[tuple[Address | None, MapEntry]], *, kind: str = "") -> list[dict[str, Any]]:
    """The marks of entries with their addresses, one a point; whatever has no point is on the list alone."""
    at: dict[tuple[float, float], list[MapEntry]] = {}
    for address, entry in placed:
        if address is not None and address.lat is not None and address.lon is not None:
            at.setdefault((address.lat, address.lon), []).append(entry)
    return [mark(lat, lon, entries, kind=kind) for (lat, lon), entries in at.items()]


def here_entry(standing: Standing | None) -> dict[str, Any] | None:
    """Where one stands, as the map is told."""
    if standing is None:
        return None
    rough = _("只知道大概位置") if standing.is_rough else _("距离从这里算起")
    title = standing.words()
    return {"lat": standing.lat, "lon": standing.lon, "title": title, "entries": [{"title": title, "line": rough}]}


def circle_entry(lat: float, lon: float, radius_m: float) -> dict[str, float]:
    """A ring, as the map is told."""
    return {"lat": lat, "lon": lon, "radius_m": radius_m}


@in_room(Room.PUBLIC)
@require_safe
@cache_control(public=True, max_age=3600)
def outline(request: HttpRequest) -> HttpResponse:
    """The outline of the plan's district as GeoJSON; an empty collection where the pack has none."""
    held = read_outline(settings.PLAN)
    if held is None:
        return JsonResponse({"type": "FeatureCollection", "features": []})
    shape = {"type": "MultiPolygon", "coordinates": [[ring] for ring in held.rings]}
    about = {"source": held.source, "licence": held.licence}
    return JsonResponse({"type": "Feature", "properties": about, "geometry": shape})
