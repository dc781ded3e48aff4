"""What the grants of the third programme are asked for beside fairs: network projects and periods of free matching."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room
from jiujin.fairs.errors import FairError
from jiujin.fairs.models import MatchingService, NetworkProject, PublicEvent
from jiujin.fairs.services.record_supported import record_matching_service, record_network_project
from jiujin.web.fairs.fair_page import UNPROCESSABLE, add_error
from jiujin.web.fairs.forms import ProjectForm, ServiceForm

SHOWN_MAX = 50


@in_room(Room.FAIR_CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def supported(request: SignedInRequest) -> HttpResponse:
    """The projects, services and events, and the forms that record the first two."""
    project = ProjectForm(request.POST if "project" in request.POST else None)
    service = ServiceForm(request.POST if "service" in request.POST else None)
    today: dict[str, Any] = {"actor": request.user, "today": timezone.localdate()}
    for form, keep in ((project, record_network_project), (service, record_matching_service)):
        if form.is_bound and form.is_valid():
            try:
                keep(**form.cleaned_data, **today)
            except FairError as error:
                add_error(form, error)
            else:
                messages.success(request, _("已保存。"))
                return redirect("fairs:supported")
    context = {
        "project_form": project,
        "service_form": service,
        "projects": NetworkProject.objects.select_related("agency").order_by("-made_at", "-pk")[:SHOWN_MAX],
        "services": MatchingService.objects.select_related("agency").order_by("-start_on", "pk")[:SHOWN_MAX],
        "events": PublicEvent.objects.select_related("fair", "organisation").order_by("-fair__held_on", "pk")[
            :SHOWN_MAX
        ],
    }
    bound = project.is_bound or service.is_bound
    return render(request, "fairs/supported.html", context, status=UNPROCESSABLE if bound else None)
