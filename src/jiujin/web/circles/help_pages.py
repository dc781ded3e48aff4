"""Help for people in difficulty: who has no plan, the plans, whom to ask after a placement; and the two forms."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room
from jiujin.circles.errors import CircleError
from jiujin.circles.models import HelpPlan
from jiujin.circles.programme import follow_ups_due, help_plans_seen_by, without_a_plan
from jiujin.circles.queries import circle_of
from jiujin.circles.services.help_person import make_help_plan, record_follow_up
from jiujin.core.listing import Cell, Choice, Column, Empty, Filter, Row, Table, page_within, read_ask, rows_span
from jiujin.registry.models import Person
from jiujin.values import mask_name
from jiujin.web.circles.programme_forms import FollowUpForm, PlanForm
from jiujin.web.desk.scope import own_person, people_of
from jiujin.web.desk.words import area_words, masked_person, masked_phone
from jiujin.web.fairs.fair_page import UNPROCESSABLE, add_error
from jiujin.work.models import Placement

COLUMNS = (
    Column("name", gettext_lazy("姓名"), can_hide=False),
    Column("state", gettext_lazy("该做什么"), kind="chip"),
    Column("area", gettext_lazy("社区村")),
    Column("about", gettext_lazy("情况"), kind="reason"),
    Column("day", gettext_lazy("日期"), kind="short"),
    Column("phone", gettext_lazy("电话"), kind="short"),
)
FOLLOW_UP, NO_PLAN, PLANNED = "", "without", "planned"


@in_room(Room.PEOPLE)
@require_safe
def help_list(request: SignedInRequest) -> HttpResponse:
    """Whom to ask now, who has no plan, and the plans; each with what to do next."""
    today = timezone.localdate()
    shown = Filter(
        "show", [Choice(FOLLOW_UP, _("该回访的")), Choice(NO_PLAN, _("还没有计划")), Choice(PLANNED, _("有计划的"))]
    )
    ask = read_ask(request, COLUMNS, (shown,))
    which = ask.chosen["show"]
    found: Any = {
        FOLLOW_UP: lambda: follow_ups_due(request.user, today),
        NO_PLAN: lambda: without_a_plan(request.user, today).select_related("home_area__parent").order_by("pk"),
        PLANNED: lambda: help_plans_seen_by(request.user).filter(ended_on=None),
    }[which]()
    row: Any = {FOLLOW_UP: _follow_up_row, NO_PLAN: _person_row, PLANNED: _plan_row}[which]
    total = found.count()
    ask = page_within(ask, total)
    table = Table(
        id="help",
        caption=_("帮扶"),
        columns=COLUMNS,
        ask=ask,
        rows=[row(each) for each in found[rows_span(ask)]],
        total=total,
        filters=(shown,),
        empty=Empty(_("这里没有要做的"), _("就业困难人员上岗以后按方案定的月数回访；没有帮扶计划的，先订一份。")),
    )
    return render(request, "circles/help.html", {"table": table})


def _follow_up_row(placement: Placement) -> Row:
    months: int = placement.due_months  # type: ignore[attr-defined]
    return _line(
        placement.person, Cell(_("满 %(n)s 个月，回访") % {"n": months}, "late"), placement.employer.name,
        placement.start_on, reverse("circles:follow-up", args=[placement.pk]) + f"?months={months}",
    )  # fmt: skip


def _person_row(person: Person) -> Row:
    return _line(person, Cell(_("订一份计划"), "late"), "", None, reverse("circles:help-plan", args=[person.pk]))


def _plan_row(plan: HelpPlan) -> Row:
    state = Cell(_("帮扶中"), "met")
    return _line(plan.person, state, plan.steps, plan.made_on, reverse("circles:help-plan", args=[plan.person_id]))


def _line(person: Person, state: Cell, about: str, day: date | None, href: str) -> Row:
    cells = {
        "name": Cell(masked_person(person)),
        "state": state,
        "area": Cell(area_words(person.home_area)),
        "about": Cell(about),
        "day": Cell(day.isoformat() if day else ""),
        "phone": Cell(masked_phone(person)),
    }
    return Row(str(person.pk), cells, href=href)


@in_room(Room.PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def help_plan(request: SignedInRequest, person_id: int) -> HttpResponse:
    """A person's plans, and the form of a new one, which ends the one before."""
    person, today = own_person(request, person_id), timezone.localdate()
    form = PlanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            make_help_plan(
                person=person, **form.cleaned_data, circle=circle_of(person, today), actor=request.user, today=today
            )
        except CircleError as error:
            add_error(form, error)
        else:
            messages.success(request, _("帮扶计划已保存，原来的那份到此为止。"))
            return redirect("circles:help-plan", person.pk)
    context = {
        "person": person,
        "who": masked_person(person),
        "plans": person.help_plans.select_related("made_by").order_by("-made_on", "-pk"),
        "form": form,
    }
    return render(request, "circles/help_plan.html", context, status=UNPROCESSABLE if form.is_bound else None)


@in_room(Room.PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def follow_up(request: SignedInRequest, placement_id: int) -> HttpResponse:
    """What became of a placement; the form of one asking."""
    placement = Placement.objects.select_related("person", "employer").filter(
        pk=placement_id, person__in=people_of(request.user).values("pk")
    ).first()  # fmt: skip
    if placement is None:
        raise Http404
    today = timezone.localdate()
    form = FollowUpForm(
        request.POST or None, initial={"asked_on": today, "after_months": request.GET.get("months", "1")}
    )
    if request.method == "POST" and form.is_valid():
        try:
            record_follow_up(placement=placement, **form.cleaned_data, actor=request.user, today=today)
        except CircleError as error:
            add_error(form, error)
        else:
            messages.success(request, _("已记下这次回访。"))
            return redirect("circles:help")
    context = {
        "placement": placement,
        "who": mask_name(placement.person.name),
        "asked": placement.follow_ups.order_by("after_months"),
        "form": form,
    }
    return render(request, "circles/follow_up.html", context, status=UNPROCESSABLE if form.is_bound else None)
