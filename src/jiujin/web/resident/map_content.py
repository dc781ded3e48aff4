"""What the map's script is told: points, where one stands, the circle, the outline's address, tiles where they are set."""

from __future__ import annotations

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
from jiujin.web.resident.standing import Standing


def map_content(points: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """The content of one map; each point has `lat`, `lon`, `title`, `line`, and may have `url`, `label` and `kind`."""
    outline = read_outline(settings.PLAN)
    content: dict[str, Any] = {"points": points, **{name: value for name, value in more.items() if value}}
    if outline is not None:
        south, west, north, east = outline.bounds()
        content |= {"outline": reverse("near:outline"), "bounds": [[south, west], [north, east]]}
    if settings.MAP_TILES:
        content["tiles"] = settings.MAP_TILES
    return content


def here_entry(standing: Standing | None) -> dict[str, Any] | None:
    """Where one stands, as the map is told."""
    if standing is None:
        return None
    rough = _("只知道大概位置") if standing.is_rough else _("距离从这里算起")
    return {"lat": standing.lat, "lon": standing.lon, "title": standing.words(), "line": rough}


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
