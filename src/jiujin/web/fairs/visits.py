"""Visits to enterprises: the list with what is still promised, recording one, and that a promise is kept."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room
from jiujin.core.listing import Cell, Choice, Column, Empty, Filter, Row, Table, page_within, read_ask, rows_span
from jiujin.fairs.errors import FairError
from jiujin.fairs.models import EnterpriseVisit
from jiujin.fairs.queries import promises_open, visits_seen_by
from jiujin.fairs.services.record_visit import keep_promise, record_visit
from jiujin.registry.models import Area
from jiujin.web.fairs.fair_page import UNPROCESSABLE, add_error
from jiujin.web.fairs.forms import DoneForm, VisitForm
from jiujin.web.fairs.scope import own_visit

COLUMNS = (
    Column("employer", gettext_lazy("单位"), can_hide=False),
    Column("state", gettext_lazy("答应的事"), kind="chip"),
    Column("visited_on", gettext_lazy("走访日期"), kind="short", sortable=True),
    Column("township", gettext_lazy("乡镇街道"), kind="short"),
    Column("findings", gettext_lazy("看到了什么"), kind="reason"),
    Column("needs_people", gettext_lazy("缺人"), kind="number"),
    Column("by", gettext_lazy("走访人"), kind="soft"),
)


@in_room(Room.VISITS)
@require_safe
def visits(request: SignedInRequest) -> HttpResponse:
    """The visits of the viewer; shown beside the targets, not added to them."""
    kinds = Filter("kind", [Choice("", _("全部")), Choice("open", _("待办的"))])
    ask = read_ask(request, COLUMNS, (kinds,), sort="-visited_on")
    found = promises_open(request.user) if ask.chosen["kind"] else visits_seen_by(request.user)
    if ask.search:
        found = found.filter(employer__name__icontains=ask.search)
    total = found.count()
    ask = page_within(ask, total)
    rows = found.order_by(("-" if ask.descending else "") + ask.sort, "-pk")[rows_span(ask)]
    table = Table(
        id="visits",
        caption=_("走访企业"),
        columns=COLUMNS,
        ask=ask,
        rows=[_row(visit) for visit in rows],
        total=total,
        filters=(kinds,),
        search_label=_("单位名称"),
        empty=Empty(
            _("没有走访记录"),
            _("走访看到什么、缺什么人、答应了什么，记在这里；答应的事办好才算完。"),
            _("记一次走访"),
            reverse("fairs:new-visit"),
        ),
    )
    return render(request, "fairs/visits.html", {"table": table, "open": promises_open(request.user).count()})


def _row(visit: EnterpriseVisit) -> Row:
    state = Cell("")
    if visit.promised:
        until = visit.promised_until.isoformat() if visit.promised_until else ""
        state = Cell(_("已办结"), "met") if visit.done_on else Cell(_("待办"), "late", note=until)
    cells = {
        "employer": Cell(visit.employer.name),
        "state": state,
        "visited_on": Cell(visit.visited_on.isoformat()),
        "township": Cell(visit.township.name if visit.township else "—"),
        "findings": Cell(visit.findings),
        "needs_people": Cell("" if visit.needs_people is None else f"{visit.needs_people:,}"),
        "by": Cell(visit.made_by.display_name),
    }
    return Row(str(visit.pk), cells, href=reverse("fairs:visit", args=[visit.pk]))


@in_room(Room.VISITS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_visit(request: SignedInRequest) -> HttpResponse:
    """Record a visit."""
    form = VisitForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        township = Area.objects.filter(pk=given.pop("township")).first() if given["township"] else None
        given.pop("township", None)
        try:
            visit = record_visit(**given, township=township, actor=request.user, today=timezone.localdate())
        except FairError as error:
            add_error(form, error)
        else:
            messages.success(request, _("已记下这次走访。"))
            return redirect("fairs:visit", visit.pk)
    return render(request, "fairs/new_visit.html", {"form": form}, status=UNPROCESSABLE if form.is_bound else None)


@in_room(Room.VISITS)
@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: SignedInRequest, visit_id: int) -> HttpResponse:
    """One visit; while something promised is open, the form that closes it."""
    shown = own_visit(request, visit_id)
    form = DoneForm(request.POST or None, initial={"done_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            keep_promise(visit=shown, **form.cleaned_data, actor=request.user, today=timezone.localdate())
        except FairError as error:
            add_error(form, error)
        else:
            messages.success(request, _("已办结。"))
            return redirect("fairs:visit", shown.pk)
    context = {"visit": shown, "form": form, "is_open": bool(shown.promised) and shown.done_on is None}
    return render(request, "fairs/visit.html", context, status=UNPROCESSABLE if form.is_bound else None)
