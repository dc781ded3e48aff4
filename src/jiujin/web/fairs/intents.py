"""The intents that wait for a word what became of them, and the page that takes it."""

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
from jiujin.fairs.models import FairIntent
from jiujin.fairs.queries import intents_seen_by
from jiujin.fairs.services.record_intent import follow_intent, take_back_intent
from jiujin.values import mask_name
from jiujin.web.desk.words import masked_phone
from jiujin.web.fairs.fair_page import UNPROCESSABLE, add_error
from jiujin.web.fairs.forms import FollowForm, set_choices
from jiujin.web.fairs.scope import own_intent
from jiujin.work.models import Placement

COLUMNS = (
    Column("name", gettext_lazy("求职者"), can_hide=False),
    Column("state", gettext_lazy("进展"), kind="chip"),
    Column("employer", gettext_lazy("单位")),
    Column("vacancy", gettext_lazy("岗位")),
    Column("fair", gettext_lazy("招聘会")),
    Column("recorded_at", gettext_lazy("登记时间"), kind="short", sortable=True),
    Column("phone", gettext_lazy("电话"), kind="short"),
)


@in_room(Room.FAIR_WORK)
@require_safe
def intents(request: SignedInRequest) -> HttpResponse:
    """The viewer's intents, those that nobody followed up first."""
    states = Filter("state", [Choice("", _("待跟进")), Choice("placed", _("已就业")), Choice("over", _("没有就业"))])
    ask = read_ask(request, COLUMNS, (states,), sort="recorded_at")
    found = intents_seen_by(request.user)
    found = {
        "": found.filter(followed_on=None),
        "placed": found.filter(placement__isnull=False),
        "over": found.filter(followed_on__isnull=False, placement=None),
    }[ask.chosen["state"]]
    fair = request.GET.get("fair", "")
    if fair.isascii() and fair.isdigit():
        found = found.filter(fair=fair)
    if ask.search:
        found = found.filter(employer__name__icontains=ask.search)
    total = found.count()
    ask = page_within(ask, total)
    rows = found.order_by(("-" if ask.descending else "") + ask.sort, "pk")[rows_span(ask)]
    table = Table(
        id="intents",
        caption=_("意向跟进"),
        columns=COLUMNS,
        ask=ask,
        rows=[_row(intent) for intent in rows],
        total=total,
        filters=(states,),
        search_label=_("单位名称"),
        empty=Empty(_("没有意向在等跟进"), _("招聘会上登记的意向会出现在这里，跟进到就业，或写明没有就业的原因。")),
    )
    return render(request, "fairs/intents.html", {"table": table})


def _row(intent: FairIntent) -> Row:
    state = Cell(_("待跟进"), "late")
    if intent.placement_id:
        state = Cell(_("已就业"), "met")
    elif intent.followed_on:
        state = Cell(_("没有就业"), "unmet", note=intent.outcome)
    cells = {
        "name": Cell(mask_name(intent.person.name)),
        "state": state,
        "employer": Cell(intent.employer.name),
        "vacancy": Cell(intent.vacancy.title if intent.vacancy else "—"),
        "fair": Cell(intent.fair.name),
        "recorded_at": Cell(timezone.localtime(intent.recorded_at).strftime("%Y-%m-%d %H:%M")),
        "phone": Cell(masked_phone(intent.person)),
    }
    return Row(str(intent.pk), cells, href=reverse("fairs:intent", args=[intent.pk]))


@in_room(Room.FAIR_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def intent(request: SignedInRequest, intent_id: int) -> HttpResponse:
    """One intent: follow it to a placement, say why not, or take it back."""
    shown = own_intent(request, intent_id)
    form = FollowForm(request.POST or None, initial={"followed_on": timezone.localdate()})
    placements = Placement.objects.filter(
        person=shown.person, employer=shown.employer, start_on__gte=shown.fair.held_on
    ).order_by("start_on", "pk")
    listed = [(str(p.pk), _("%(day)s 上岗") % {"day": p.start_on.isoformat()}) for p in placements]
    set_choices(form, "placement", [("", _("没有")), *listed])
    if "take_back" in request.POST:
        return _taken_back(request, shown)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        chosen = placements.filter(pk=given["placement"]).first() if given["placement"] else None
        try:
            follow_intent(
                intent=shown, placement=chosen, outcome=given["outcome"], followed_on=given["followed_on"],
                actor=request.user, today=timezone.localdate(),
            )  # fmt: skip
        except FairError as error:
            add_error(form, error)
        else:
            messages.success(request, _("已记下跟进结果。"))
            return redirect("fairs:intents")
    context = {"intent": shown, "who": mask_name(shown.person.name), "form": form}
    return render(request, "fairs/intent.html", context, status=UNPROCESSABLE if form.is_bound else None)


def _taken_back(request: SignedInRequest, shown: FairIntent) -> HttpResponse:
    try:
        take_back_intent(intent=shown, actor=request.user, now=timezone.now())
    except FairError as error:
        messages.warning(request, str(error))
        return redirect("fairs:intent", shown.pk)
    messages.success(request, _("已撤回，不再计数；记录保留。"))
    return redirect("fairs:intents")
