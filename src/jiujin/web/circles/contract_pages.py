"""How a circle is run: the pilot and its source, the street's decision, the operator's contract, its months and indicators."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.models import Role
from jiujin.accounts.permissions import Room
from jiujin.circles.errors import CircleError
from jiujin.circles.measures import MEASURES, scored
from jiujin.circles.models import Circle, Engagement, OperatorReport
from jiujin.circles.programme import engagements_of
from jiujin.circles.queries import may_change_circles
from jiujin.circles.services.engage_operator import (
    accept_engagement,
    decide_mode,
    end_engagement,
    engage_operator,
    mark_pilot,
)
from jiujin.circles.services.send_report import send_report
from jiujin.registry.errors import EvidenceRefused
from jiujin.registry.models import Organisation
from jiujin.web.circles.pages import own_circle
from jiujin.web.circles.paper_pages import circle_papers
from jiujin.web.circles.programme_forms import AcceptForm, DecisionForm, EngageForm, PilotForm, ReportForm
from jiujin.web.fairs.fair_page import UNPROCESSABLE, add_error
from jiujin.web.papers import keep_paper

CONTRACTS_SHOWN = 10
REPORTS_SHOWN = 12
Keep = Callable[[dict[str, Any]], str]


@in_room(Room.CIRCLES)
@require_safe
def contracts(request: SignedInRequest, circle_id: int) -> HttpResponse:
    """How one circle is run."""
    return _page(request, own_circle(request, circle_id))


def _page(request: SignedInRequest, circle: Circle, status: int | None = None, **bound: forms.Form) -> HttpResponse:
    today, may_change = timezone.localdate(), may_change_circles(request.user)
    shown = list(engagements_of(request.user, circle)[:CONTRACTS_SHOWN])
    pilot = getattr(circle.community, "pilot", None)
    decisions = list(circle.decisions.order_by("-decided_on", "pk"))
    papers = circle_papers(request.user).about([pilot] if pilot else [], decisions, shown)
    context: dict[str, Any] = {
        "circle": circle,
        "pilot": pilot,
        "pilot_papers": papers.of(pilot) if pilot else None,
        "decisions": [(each, papers.of(each)) for each in decisions],
        "contracts": [(each, scored(each, today), _reports(each), papers.of(each)) for each in shown],
        "people": _people_of(circle.operator),
        "points": circle.operator.service_points.order_by("pk") if circle.operator else [],
        "may_change": may_change,
        "may_report": request.user.role == Role.OPERATOR,
        "report_form": ReportForm(),
    }
    if may_change:
        context |= {
            "pilot_form": PilotForm(),
            "decision_form": DecisionForm(),
            "engage_form": EngageForm(),
            "accept_form": AcceptForm(),
        }
    return render(request, "circles/contracts.html", context | bound, status=status)


def _people_of(operator: Organisation | None) -> list[str]:
    """Who acts for the operator, by the name on their account."""
    if operator is None:
        return []
    return list(operator.memberships.order_by("pk").values_list("user__display_name", flat=True))


def _reports(engagement: Engagement) -> list[tuple[OperatorReport, list[tuple[Any, int]]]]:
    reports = engagement.reports.order_by("-month")[:REPORTS_SHOWN]
    return [
        (report, [(MEASURES[name].label, number) for name, number in report.counted.items() if name in MEASURES])
        for report in reports
    ]


def _kept(request: SignedInRequest, circle: Circle, form: forms.Form, name: str, keep: Keep) -> HttpResponse:
    if form.is_valid():
        try:
            with transaction.atomic():
                said = keep(form.cleaned_data)
        except (CircleError, EvidenceRefused) as error:
            add_error(form, error)
        else:
            messages.success(request, said)
            return redirect("circles:contracts", circle.pk)
    return _page(request, circle, status=UNPROCESSABLE, **{name: form})


@in_room(Room.CIRCLE_CHANGES)
@require_POST
def pilot(request: SignedInRequest, circle_id: int) -> HttpResponse:
    """Mark the circle's community as a pilot."""
    circle = own_circle(request, circle_id)

    def keep(given: dict[str, Any]) -> str:
        scan = given.pop("scan")
        keep_paper(request.user, mark_pilot(community=circle.community, **given, actor=request.user), scan)
        return _("已标明为试点。")

    return _kept(request, circle, PilotForm(request.POST, request.FILES), "pilot_form", keep)


@in_room(Room.CIRCLE_CHANGES)
@require_POST
def decision(request: SignedInRequest, circle_id: int) -> HttpResponse:
    """Record the street's own decision."""
    circle = own_circle(request, circle_id)

    def keep(given: dict[str, Any]) -> str:
        scan = given.pop("scan")
        decided = decide_mode(circle=circle, **given, actor=request.user, today=timezone.localdate())
        keep_paper(request.user, decided, scan)
        return _("已登记街道的决定。")

    return _kept(request, circle, DecisionForm(request.POST, request.FILES), "decision_form", keep)


@in_room(Room.CIRCLE_CHANGES)
@require_POST
def engage(request: SignedInRequest, circle_id: int) -> HttpResponse:
    """Engage an operator."""
    circle, form = own_circle(request, circle_id), EngageForm(request.POST, request.FILES)

    def keep(given: dict[str, Any]) -> str:
        operator = Organisation.objects.get(pk=given["operator"])
        contract = engage_operator(circle=circle, operator=operator, **form.chosen(), actor=request.user)
        keep_paper(request.user, contract, given["scan"])
        return _("已登记运营合同。")

    return _kept(request, circle, form, "engage_form", keep)


@in_room(Room.CIRCLE_CHANGES)
@require_POST
def accept(request: SignedInRequest, circle_id: int) -> HttpResponse:
    """Accept the work of a contract, or end it early."""
    circle, form = own_circle(request, circle_id), AcceptForm(request.POST, request.FILES)

    def keep(given: dict[str, Any]) -> str:
        engagement, said = _its(request, circle, given["engagement"]), _("已登记验收。")
        if "end" in request.POST:
            end_engagement(engagement=engagement, ended_on=given["on"], actor=request.user)
            said = _("合同已提前结束。")
        else:
            accept_engagement(
                engagement=engagement, accepted_on=given["on"], words=given["words"], actor=request.user,
                today=timezone.localdate(),
            )  # fmt: skip
        keep_paper(request.user, engagement, given["scan"])
        return said

    return _kept(request, circle, form, "accept_form", keep)


@in_room(Room.CIRCLES)
@require_POST
def report(request: SignedInRequest, circle_id: int) -> HttpResponse:
    """The operator sends a month, counted from records."""
    if request.user.role != Role.OPERATOR:
        raise PermissionDenied
    circle = own_circle(request, circle_id)

    def keep(given: dict[str, Any]) -> str:
        year, month = map(int, given["month"].split("-"))
        send_report(
            engagement=_its(request, circle, given["engagement"]), month=date(year, month, 1), words=given["words"],
            actor=request.user, today=timezone.localdate(),
        )  # fmt: skip
        return _("月报已上报，数字照系统里的记录。")

    return _kept(request, circle, ReportForm(request.POST), "report_form", keep)


def _its(request: SignedInRequest, circle: Circle, pk: int) -> Engagement:
    """A contract of the circle. Raises Http404."""
    found = engagements_of(request.user, circle).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
