"""One fair: its facts and figures, who takes part, what it cost, what was signed, and the steps it may take."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room, may_enter
from jiujin.fairs.costs import cost_kinds
from jiujin.fairs.errors import FairError
from jiujin.fairs.models import Fair, FairKind, FairState
from jiujin.fairs.queries import cost_fen, fair_figures, signatures_at
from jiujin.fairs.services.decide_fair import approve_fair, cancel_fair, close_fair
from jiujin.fairs.services.plan_fair import change_fair, plan_fair
from jiujin.fairs.services.record_cost import record_cost
from jiujin.fairs.services.record_signature import record_signature
from jiujin.fairs.services.record_supported import make_public_event
from jiujin.fairs.services.sign_in import sign_in_employer
from jiujin.fairs.services.take_part import leave_fair, take_part
from jiujin.registry.errors import EvidenceRefused
from jiujin.registry.models import Organisation
from jiujin.values import mask_name
from jiujin.web.fairs.forms import CostForm, EventForm, FairForm, PartForm, SignatureForm
from jiujin.web.fairs.paper_pages import AGREEMENT, COST, EVENT, keep_fair_paper, papers_for
from jiujin.web.fairs.scope import hosted_fair, may_change, own_fair
from jiujin.work.queries import open_vacancies

UNPROCESSABLE = 422
SHOWN_MAX = 200


@in_room(Room.FAIR_CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """Plan a fair."""
    form = FairForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            fair = plan_fair(**form.chosen(), actor=request.user, today=timezone.localdate())
        except FairError as error:
            add_error(form, error)
        else:
            messages.success(request, _("已计划“%(name)s”，请另一位工作人员批准。") % {"name": fair.name})
            return redirect("fairs:fair", fair.pk)
    return render(request, "fairs/new.html", {"form": form}, status=UNPROCESSABLE if form.is_bound else None)


@in_room(Room.FAIR_CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: SignedInRequest, fair_id: int) -> HttpResponse:
    """Change a fair that waits for its approval."""
    fair = hosted_fair(request, fair_id)
    form = FairForm(request.user, request.POST or None, initial=FairForm.initial_of(fair))
    if request.method == "POST" and form.is_valid():
        try:
            change_fair(fair=fair, **form.chosen(), actor=request.user, today=timezone.localdate())
        except FairError as error:
            add_error(form, error)
        else:
            messages.success(request, _("已保存。"))
            return redirect("fairs:fair", fair.pk)
    context = {"form": form, "fair": fair, "too_late": fair.state != FairState.PLANNED}
    return render(request, "fairs/new.html", context, status=UNPROCESSABLE if form.is_bound else None)


def add_error(form: forms.Form, error: Exception) -> None:
    """Put a refusal at its field, where the form has it."""
    field = getattr(error, "field", None)
    form.add_error(field if field in form.fields else None, str(error))


@in_room(Room.FAIRS)
@require_safe
def fair(request: SignedInRequest, fair_id: int) -> HttpResponse:
    """One fair."""
    return _page(request, own_fair(request, fair_id))


def _page(request: SignedInRequest, shown: Fair, status: int | None = None, **bound: forms.Form) -> HttpResponse:
    host = may_change(request.user, shown)
    labels = {kind.id: kind.label for kind in cost_kinds().values()}
    context: dict[str, Any] = {
        "fair": shown,
        "figures": fair_figures(shown),
        "hosts": shown.hosts.select_related("organisation", "township").order_by("-is_credited", "pk"),
        "parts": shown.employers.select_related("employer").order_by("booth", "pk")[:SHOWN_MAX],
        "may_change": host,
        "may_record": may_enter(request.user, Room.FAIR_WORK) and shown.state in (FairState.APPROVED, FairState.HELD),
        "is_open": shown.state in (FairState.PLANNED, FairState.APPROVED),
        "is_campus": shown.kind == FairKind.CAMPUS,
        "event": getattr(shown, "public_event", None),
    }
    if host:
        costs, signed = list(shown.costs.order_by("paid_on", "pk")), list(signatures_at(shown)[:SHOWN_MAX])
        made = context["event"]
        papers = papers_for(request.user).about([shown], costs, signed, [made] if made else [])
        context |= {
            "costs": [(cost, labels.get(cost.kind, cost.kind), papers.of(cost)) for cost in costs],
            "cost_fen": cost_fen(shown),
            "signatures": [(s, mask_name(s.person.name), papers.of(s)) for s in signed],
            "fair_papers": papers.of(shown),
            "event_papers": papers.of(made) if made else None,
            "part_form": PartForm(),
            "cost_form": CostForm(),
            "signature_form": SignatureForm(),
            "event_form": EventForm(),
        }
    return render(request, "fairs/fair.html", context | bound, status=status)


# --- steps ---------------------------------------------------------------------------------------------------------------


@in_room(Room.FAIR_CHANGES)
@require_POST
def decide(request: SignedInRequest, fair_id: int) -> HttpResponse:
    """Approve, close as held, or cancel."""
    shown, today = own_fair(request, fair_id), timezone.localdate()
    try:
        if "approve" in request.POST:
            approve_fair(fair=shown, actor=request.user, now=timezone.now(), today=today)
            messages.success(request, _("已批准，可以扫码签到了。"))
        elif "held" in request.POST:
            close_fair(fair=hosted_fair(request, fair_id), actor=request.user, today=today)
            messages.success(request, _("已记为已举办，计入目标。"))
        elif "cancel" in request.POST:
            reasons = request.POST.get("reasons", "")
            cancel_fair(fair=hosted_fair(request, fair_id), reasons=reasons, actor=request.user)
            messages.success(request, _("已取消。"))
    except FairError as error:
        messages.warning(request, str(error))
    return redirect("fairs:fair", shown.pk)


# --- who takes part --------------------------------------------------------------------------------------------------------


@in_room(Room.FAIR_CHANGES)
@require_POST
def employers(request: SignedInRequest, fair_id: int) -> HttpResponse:
    """Add an employer, take one out, or sign one in at the desk."""
    shown = hosted_fair(request, fair_id)
    key = request.POST.get("out") or request.POST.get("here") or ""
    if key:
        return _in_or_out(request, shown, key)

    def keep(given: dict[str, Any]) -> str:
        brought = open_vacancies().filter(employer=given["employer"]) if given["brings_all"] else []
        take_part(
            fair=shown, employer=given["employer"], booth=given["booth"], vacancies=list(brought), actor=request.user
        )
        return _("已加入参会单位。")

    return _kept(request, shown, PartForm(request.POST), "part_form", keep)


def _in_or_out(request: SignedInRequest, shown: Fair, key: str) -> HttpResponse:
    employer = (
        Organisation.objects.filter(pk=key, fairs__fair=shown).first() if key.isascii() and key.isdigit() else None
    )
    if employer is None:
        messages.warning(request, _("没有找到这家单位，没有改动。请刷新页面再试。"))
        return redirect("fairs:fair", shown.pk)
    try:
        if "out" in request.POST:
            leave_fair(fair=shown, employer=employer, actor=request.user)
            messages.success(request, _("已移出参会单位。"))
        else:
            now = timezone.now()
            sign_in_employer(fair=shown, employer=employer, key=uuid4(), at=now, actor=request.user, now=now)
            messages.success(request, _("“%(name)s”已签到。") % {"name": employer.name})
    except FairError as error:
        messages.warning(request, str(error))
    return redirect("fairs:fair", shown.pk)


def _kept(
    request: SignedInRequest, shown: Fair, form: forms.Form, name: str, keep: Callable[[dict[str, Any]], str]
) -> HttpResponse:
    """Keep what a form of the page says, or show the page again with what is wrong."""
    if form.is_valid():
        try:
            with transaction.atomic():
                said = keep(form.cleaned_data)
        except (FairError, EvidenceRefused) as error:
            add_error(form, error)
        else:
            messages.success(request, said)
            return redirect("fairs:fair", shown.pk)
    return _page(request, shown, status=UNPROCESSABLE, **{name: form})


# --- costs, agreements, the event ------------------------------------------------------------------------------------------


@in_room(Room.FAIR_CHANGES)
@require_POST
def costs(request: SignedInRequest, fair_id: int) -> HttpResponse:
    """Record a cost by its voucher."""
    shown = hosted_fair(request, fair_id)

    def keep(given: dict[str, Any]) -> str:
        cost = record_cost(
            fair=shown, kind=given["kind"], amount_fen=given["amount"], voucher_number=given["voucher_number"],
            paid_on=given["paid_on"], actor=request.user, today=timezone.localdate(),
        )  # fmt: skip
        keep_fair_paper(request.user, cost, given["scan"], COST)
        return _("已记下这笔开支。")

    return _kept(request, shown, CostForm(request.POST, request.FILES), "cost_form", keep)


@in_room(Room.FAIR_CHANGES)
@require_POST
def signatures(request: SignedInRequest, fair_id: int) -> HttpResponse:
    """Record a tripartite agreement."""
    shown = hosted_fair(request, fair_id)

    def keep(given: dict[str, Any]) -> str:
        scan = given.pop("scan")
        signature = record_signature(fair=shown, **given, actor=request.user, today=timezone.localdate())
        keep_fair_paper(request.user, signature, scan, AGREEMENT)
        return _("已记下这份三方协议。")

    return _kept(request, shown, SignatureForm(request.POST, request.FILES), "signature_form", keep)


@in_room(Room.FAIR_CHANGES)
@require_POST
def event(request: SignedInRequest, fair_id: int) -> HttpResponse:
    """Make the event that a grant is asked for."""
    shown = hosted_fair(request, fair_id)

    def keep(given: dict[str, Any]) -> str:
        scan = given.pop("scan")
        made = make_public_event(fair=shown, **given, actor=request.user)
        keep_fair_paper(request.user, made, scan, EVENT)
        return _("已生成专项活动记录，人数和成本照这场招聘会的记录。")

    return _kept(request, shown, EventForm(request.POST, request.FILES), "event_form", keep)
