"""Choosing where to search from: where I stand, home, a community, a point on the map."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiujin.accounts.access import in_room
from jiujin.accounts.permissions import Room
from jiujin.registry.models import Area
from jiujin.web.resident import standing as stand
from jiujin.web.resident.forms import AreaForm, WhereForm, posted
from jiujin.web.resident.map_content import here_entry, map_content

UNPROCESSABLE = 422


@in_room(Room.PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def where(request: HttpRequest) -> HttpResponse:
    """The ways to say where; a POST keeps the choice in the session and leads to what is near."""
    person = stand.resident_of(request.user)  # type: ignore[arg-type]
    form = WhereForm(posted(request))
    if request.method == "POST" and form.is_valid() and _stood(request, form):
        return redirect("near:search")
    if request.method == "POST":
        messages.warning(request, _("没有取到位置，仍从原来的地方算起。请再选一次，或选社区、村。"))
    standing = stand.standing_of(request, person)
    context = {
        "form": AreaForm(),
        "standing": standing,
        "home": stand.home_standing(person),
        "is_map": request.GET.get("view") == "map",
        "map": map_content([], here=here_entry(standing)),
    }
    return render(request, "resident/where.html", context, status=UNPROCESSABLE if request.method == "POST" else 200)


def _stood(request: HttpRequest, form: WhereForm) -> bool:
    """Whether the choice could be kept."""
    kind, point = form.cleaned_data["kind"], form.point()
    if kind == "home":
        stand.forget(request)
        return True
    if kind == "community":
        area = Area.objects.filter(code=request.POST.get("area", "")).first()
        standing = stand.community_standing(area)
        if standing is None:
            return False
        stand.keep(request, standing)
        return True
    if point is None:
        return False
    stand.stand_at_point(request, kind, *point)
    return True
