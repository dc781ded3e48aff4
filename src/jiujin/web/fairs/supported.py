"""What the grants of the third programme are asked for beside fairs: network projects and periods of free matching."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room
from jiujin.fairs.errors import FairError
from jiujin.fairs.models import MatchingService, NetworkProject, PublicEvent
from jiujin.fairs.queries import with_placements_led_to
from jiujin.fairs.services.record_supported import record_matching_service, record_network_project
from jiujin.registry.errors import EvidenceRefused
from jiujin.web.fairs.fair_page import UNPROCESSABLE, add_error
from jiujin.web.fairs.forms import ProjectForm, ServiceForm
from jiujin.web.fairs.paper_pages import PROJECT, SERVICE, keep_fair_paper, papers_for

SHOWN_MAX = 50


@in_room(Room.FAIR_CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def supported(request: SignedInRequest) -> HttpResponse:
    """The projects, services and events, and the forms that record the first two."""
    project = ProjectForm(*_sent(request, "project"))
    service = ServiceForm(*_sent(request, "service"))
    today: dict[str, Any] = {"actor": request.user, "today": timezone.localdate()}
    ways = ((project, record_network_project, PROJECT), (service, record_matching_service, SERVICE))
    for form, keep, kind in ways:
        if form.is_bound and form.is_valid():
            scan = form.cleaned_data.pop("scan")
            try:
                with transaction.atomic():
                    keep_fair_paper(request.user, keep(**form.cleaned_data, **today), scan, kind)
            except (FairError, EvidenceRefused) as error:
                add_error(form, error)
            else:
                messages.success(request, _("已保存。"))
                return redirect("fairs:supported")
    projects = list(NetworkProject.objects.select_related("agency").order_by("-made_at", "-pk")[:SHOWN_MAX])
    periods = MatchingService.objects.select_related("agency").order_by("-start_on", "pk")
    services = list(with_placements_led_to(periods)[:SHOWN_MAX])
    papers = papers_for(request.user).about(projects, services)
    context = {
        "project_form": project,
        "service_form": service,
        "projects": [(each, papers.of(each)) for each in projects],
        "services": [(each, papers.of(each)) for each in services],
        "events": PublicEvent.objects.select_related("fair", "organisation").order_by("-fair__held_on", "pk")[
            :SHOWN_MAX
        ],
    }
    bound = project.is_bound or service.is_bound
    return render(request, "fairs/supported.html", context, status=UNPROCESSABLE if bound else None)


def _sent(request: SignedInRequest, mark: str) -> tuple[Any, Any]:
    """What was sent of the form with that mark; nothing of the other."""
    return (request.POST, request.FILES) if mark in request.POST else (None, None)
