"""Points of service near where one stands."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jiujin.accounts.access import in_room
from jiujin.accounts.permissions import Room
from jiujin.circles.queries import service_points_near
from jiujin.circles.radius import circle_radius_m
from jiujin.core.current_plan import current_plan
from jiujin.web.resident.forms import AreaForm
from jiujin.web.resident.map_content import MapEntry, circle_entry, here_entry, map_content, marks
from jiujin.web.resident.radii import RADII_M
from jiujin.web.resident.search_page import segments
from jiujin.web.resident.standing import resident_of, standing_of
from jiujin.web.resident.words import distance_words

SHOWN_MAX = 30


@in_room(Room.PUBLIC)
@require_safe
def points(request: HttpRequest) -> HttpResponse:
    """The nearest points of service as a list and on the map; those within the plan's radius say so."""
    standing = standing_of(request, resident_of(request.user))  # type: ignore[arg-type]
    context = {"standing": standing, "segments": segments(None, on="points")}
    if standing is None:
        return render(request, "resident/where_first.html", context | {"form": AreaForm()})
    radius_m = circle_radius_m(current_plan(), timezone.localdate())
    found = list(service_points_near(standing.lat, standing.lon, RADII_M[-1]))[:SHOWN_MAX]
    within = sum(distance_m <= radius_m for _point, distance_m in found)
    shown = marks(
        (
            (point.address, MapEntry(number, point.name, _("直线 %(n)s") % {"n": distance_words(distance_m)}))
            for number, (point, distance_m) in enumerate(found, 1)
        ),
        kind="point",
    )
    context |= {
        "found": found,
        "title": _("%(radius)s内 %(count)s 个服务点") % {"radius": distance_words(radius_m), "count": within},
        "map": map_content(shown, here=here_entry(standing), circle=circle_entry(standing.lat, standing.lon, radius_m)),
    }
    return render(request, "resident/points.html", context)
