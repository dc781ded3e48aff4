"""Opening a circle, moving its base with a look at the effect first, and saying who looks after it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.models import Role, User
from jiujin.accounts.permissions import Room
from jiujin.circles.errors import CircleError
from jiujin.circles.models import Duty
from jiujin.circles.services.assign_specialist import assign_specialist, relieve_specialist
from jiujin.circles.services.open_circle import open_circle
from jiujin.circles.services.set_base import preview_base, set_base
from jiujin.web.circles.forms import BaseForm, CircleForm, chosen_records
from jiujin.web.circles.pages import own_circle

UNPROCESSABLE = 422


@in_room(Room.CIRCLE_CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """Open a circle."""
    form = CircleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            circle = open_circle(**form.chosen(), actor=request.user)
        except CircleError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("就业圈已建好，圈内的人和单位已算出。"))
            return redirect("circles:circle", circle.pk)
    status = UNPROCESSABLE if form.is_bound else None
    return render(request, "circles/new.html", {"form": form}, status=status)


@in_room(Room.CIRCLE_CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def base(request: SignedInRequest, circle_id: int) -> HttpResponse:
    """Set the base, the radius and the operator; the first button only says who would come and go."""
    circle, day = own_circle(request, circle_id), timezone.localdate()
    form = BaseForm(circle, request.POST or None)
    context: dict[str, Any] = {"circle": circle, "form": form}
    if request.method == "POST" and form.is_valid():
        chosen = {**chosen_records(form.cleaned_data), "radius_m": form.cleaned_data["radius_m"]}
        try:
            if "look" in request.POST:
                operator = chosen.pop("operator")
                context |= {"effect": preview_base(circle=circle, day=day, **chosen), "operator": operator}
                return render(request, "circles/base.html", context)
            changed = set_base(circle=circle, day=day, actor=request.user, **chosen)
        except CircleError as error:
            form.add_error(None, str(error))
        else:
            words = {"came": changed.people_in, "went": changed.people_out}
            messages.success(request, _("已保存：%(came)s 人进圈，%(went)s 人出圈。") % words)
            return redirect("circles:circle", circle.pk)
    return render(request, "circles/base.html", context, status=UNPROCESSABLE if form.is_bound else None)


@in_room(Room.CIRCLE_CHANGES)
@require_POST
def specialists(request: SignedInRequest, circle_id: int) -> HttpResponse:
    """Assign a specialist or a post-holder, or relieve one."""
    circle, day = own_circle(request, circle_id), timezone.localdate()
    key = request.POST.get("user", "")
    known = User.objects.filter(role=Role.SPECIALIST, pk=key).first() if key.isascii() and key.isdigit() else None
    if known is None:
        raise Http404
    if "relieve" in request.POST:
        relieve_specialist(circle=circle, user=known, day=day, actor=request.user)
        messages.success(request, _("已不再由这位专员负责。"))
    else:
        try:
            duty = Duty.POST_HOLDER if request.POST.get("duty") == Duty.POST_HOLDER else Duty.SPECIALIST
            assign_specialist(circle=circle, user=known, start_on=day, duty=duty, actor=request.user)
            messages.success(request, _("已指派。"))
        except CircleError as error:
            messages.warning(request, str(error))
    return redirect("circles:circle", circle.pk)
