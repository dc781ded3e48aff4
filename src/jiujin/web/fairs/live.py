"""What stands on the wall at a fair: the poster with its code, and the numbers as they come in."""

from __future__ import annotations

from typing import Any

import segno
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room
from jiujin.fairs.models import Fair
from jiujin.fairs.queries import fair_figures
from jiujin.values import mask_name
from jiujin.web.fairs.scope import own_fair

LATEST_SHOWN = 8
POLL_SECONDS = 5
CODE_SCALE = 8


@in_room(Room.FAIRS)
@require_safe
def poster(request: SignedInRequest, fair_id: int) -> HttpResponse:
    """A poster to be printed, with the code by which employers and visitors sign in."""
    fair = own_fair(request, fair_id)
    address = request.build_absolute_uri(reverse("fairs:sign-in", args=[fair.sign_in_code]))
    drawn = segno.make(address, error="m", micro=False).svg_inline(scale=CODE_SCALE, omitsize=True)
    context = {
        "fair": fair,
        "address": address,
        "code": mark_safe(drawn),
        "hosts": fair.hosts.select_related("organisation", "township").order_by("-is_credited", "pk"),
    }
    return render(request, "fairs/poster.html", context)


@in_room(Room.FAIRS)
@require_safe
def live(request: SignedInRequest, fair_id: int) -> HttpResponse:
    """The screen of a fair; its numbers come anew every few seconds."""
    fair = own_fair(request, fair_id)
    return render(request, "fairs/live.html", _now(fair))


@in_room(Room.FAIRS)
@require_safe
def live_figures(request: SignedInRequest, fair_id: int) -> HttpResponse:
    """The numbers alone, for the screen."""
    return render(request, "fairs/live_figures.html", _now(own_fair(request, fair_id)))


def _now(fair: Fair) -> dict[str, Any]:
    latest = fair.intents.filter(taken_back_at=None).select_related("person", "employer", "vacancy")
    return {
        "fair": fair,
        "figures": fair_figures(fair),
        "latest": [(i, mask_name(i.person.name)) for i in latest.order_by("-recorded_at", "-pk")[:LATEST_SHOWN]],
        "at": timezone.localtime(),
        "poll": POLL_SECONDS,
    }
