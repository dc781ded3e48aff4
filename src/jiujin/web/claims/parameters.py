"""The values that the document leaves to the district: set one with its source, see first what it would change, and who set what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.models import Role, User
from jiujin.accounts.permissions import Room
from jiujin.claims.judging import judge_lines
from jiujin.claims.models import ClaimLine
from jiujin.claims.queries import lines_seen_by
from jiujin.claims.states import OPEN, LineState
from jiujin.core.listing import (
    Cell,
    Choice,
    Column,
    Empty,
    Filter,
    Row,
    Table,
    page_within,
    read_ask,
    rows_span,
    searched_and_sorted,
)
from jiujin.core.models import ParameterSetting
from jiujin.core.plan_in_force import plan_in_force
from jiujin.core.services.set_parameter import MAY_BE_SET, SettingRefused, set_parameter
from jiujin.exchange.forms import HELP
from jiujin.plan import Plan, Scheme, digest_of
from jiujin.plan.models import Parameter, ParameterValue
from jiujin.plan.parameters import typed_value
from jiujin.web.claims.words import clause_order
from jiujin.web.day_input import day_input
from jiujin.web.plan_reader.words import parameters_named, values_words

UNPROCESSABLE = 422
MAY_SET = frozenset({Role.CLERK, Role.LEADER})
TRIED_MAX = 2_000
HISTORY_ROWS = 50
COLUMNS = (
    Column("name", gettext_lazy("参数"), sortable=True, can_hide=False),
    Column("state", gettext_lazy("状态"), kind="chip", sortable=True),
    Column("value", gettext_lazy("现在的取值"), kind="soft"),
    Column("refers", gettext_lazy("按什么规定"), kind="soft"),
    Column("waits", gettext_lazy("等它的明细"), kind="number", sortable=True),
)


class SettingForm(forms.Form):
    """A value, its days, and the paper it rests on."""

    value = forms.CharField(label=gettext_lazy("取值"), max_length=500)
    start_on = forms.DateField(label=gettext_lazy("从哪天起"), required=False, widget=day_input())
    end_on = forms.DateField(label=gettext_lazy("到哪天止"), required=False, widget=day_input())
    source = forms.CharField(
        label=gettext_lazy("依据哪份文件（名称和文号）"),
        max_length=200,
        help_text=gettext_lazy("没有依据的数不能填。"),
    )


@dataclass(frozen=True)
class Effect:
    """What a trial value makes of the lines on their way: counts and fen before and after."""

    tried: int
    is_all: bool
    met_before: int
    met_after: int
    fen_before: int
    fen_after: int


def settable(plan: Plan) -> list[Parameter]:
    """What the district may set here: not what the document states, and no table (that is the pack's)."""
    return [each for each in plan.parameters.values() if each.status in MAY_BE_SET and each.type != "table"]


def waiting_for(viewer: User) -> dict[str, int]:
    """How many lines wait for each parameter that is not set."""
    counts: dict[str, int] = {}
    on_the_way = lines_seen_by(viewer).filter(state__in=[*OPEN, LineState.DRAFT], missing__len__gt=0)
    for missing in on_the_way.order_by().values_list("missing", flat=True).iterator():
        for name in missing:
            if name.startswith("param:"):
                counts[name.removeprefix("param:")] = counts.get(name.removeprefix("param:"), 0) + 1
    return counts


@in_room(Room.CLAIM_QUEUE)
@require_safe
def parameters(request: SignedInRequest) -> HttpResponse:
    """The list: unset ones first."""
    plan = plan_in_force()
    filters = [Filter("state", [Choice("", _("全部")), Choice("unset", _("还没有设定")), Choice("set", _("有取值"))])]
    ask = read_ask(request, COLUMNS, filters)
    wanted = ask.chosen["state"]
    held = [each for each in settable(plan) if not wanted or (wanted == "unset") == (not each.values)]
    counts = waiting_for(request.user)
    rows = [_row(each, plan, counts.get(each.id, 0)) for each in sorted(held, key=lambda each: bool(each.values))]
    kept = searched_and_sorted(rows, ask)
    ask = page_within(ask, len(kept))
    table = Table(
        id="parameters",
        caption=_("区里设定的参数"),
        columns=COLUMNS,
        ask=ask,
        rows=kept[rows_span(ask)],
        total=len(kept),
        empty=Empty(_("方案没有留给区里设定的参数")),
        filters=filters,
        search_label=_("参数、规定"),
    )
    return render(request, "claims/parameters.html", {"table": table})


def _row(parameter: Parameter, plan: Plan, waits: int) -> Row:
    state = (_("有取值"), "met") if parameter.values else (_("还没有设定"), "late")
    cells = {
        "name": Cell(parameter.name),
        "state": Cell(*state),
        "value": Cell(values_words(plan, parameter) or _("没有")),
        "refers": Cell(parameter.refers_to or ""),
        "waits": Cell(f"{waits:,}" if waits else "", order=waits),
    }
    return Row(parameter.id, cells, href=reverse("claims:parameter", args=[parameter.id]))


@in_room(Room.CLAIM_QUEUE)
@require_http_methods(["GET", "HEAD", "POST"])
def parameter(request: SignedInRequest, parameter_id: str) -> HttpResponse:
    """One parameter: try a value, then set it."""
    plan = plan_in_force()
    shown = plan.parameters.get(parameter_id)
    if shown is None:
        raise Http404
    if request.method != "POST":
        return _page(request, plan, shown, SettingForm())
    if request.user.role not in MAY_SET:
        raise PermissionDenied
    form = SettingForm(request.POST)
    if not form.is_valid():
        return _page(request, plan, shown, form, status=UNPROCESSABLE)
    given = form.cleaned_data
    try:
        if request.POST.get("do") != "set":
            typed_value(shown, given["value"])
            effect = effect_of(request.user, plan, with_value(plan, shown, given))
            return _page(request, plan, shown, form, effect=effect)
        set_parameter(
            parameter=shown.id,
            value=given["value"],
            source=given["source"],
            actor=request.user,
            start_on=given["start_on"],
            end_on=given["end_on"],
        )
    except (SettingRefused, ValueError) as error:
        form.add_error("value", str(error))
        return _page(request, plan, shown, form, status=UNPROCESSABLE)
    messages.success(request, _("“%(name)s”已设定，以后的判断都按它；已经定了的不变。") % {"name": shown.name})
    return redirect("claims:parameter", shown.id)


def _page(
    request: SignedInRequest, plan: Plan, shown: Parameter, form: SettingForm, status: int = 200, **more: Any
) -> HttpResponse:
    history = ParameterSetting.objects.filter(plan_id=plan.id, parameter=shown.id).order_by("-pk")[:HISTORY_ROWS]
    names = _names_of(history)
    context = {
        "parameter": shown,
        "clause": plan.clauses[shown.clause],
        "now": values_words(plan, shown),
        "used_by": using(plan, shown.id),
        "may_set": request.user.role in MAY_SET and shown.status in MAY_BE_SET and shown.type != "table",
        "is_stated": shown.status not in MAY_BE_SET,
        "help": HELP.get(shown.type, ""),
        "form": form,
        "history": [(setting, names.get(setting.actor, setting.actor)) for setting in history],
        **more,
    }
    return render(request, "claims/parameter.html", context, status=status)


def _names_of(history: Sequence[ParameterSetting]) -> dict[str, str]:
    ids = [int(each.actor.removeprefix("user:")) for each in history if each.actor.startswith("user:")]
    return {f"user:{user.pk}": user.display_name for user in User.objects.filter(pk__in=ids).order_by("pk")}


def using(plan: Plan, parameter: str) -> list[Scheme]:
    """The schemes whose conditions, amounts or days name the parameter."""
    return [scheme for scheme in clause_order(plan) if parameter in parameters_named(plan, scheme)]


def with_value(plan: Plan, parameter: Parameter, given: dict[str, Any]) -> Plan:
    """The plan as it would be with this value."""
    days: dict[str, Any] = {"from": given["start_on"], "to": given["end_on"], "value": given["value"]}
    value = ParameterValue(**days, source=given["source"], checked_on=timezone.localdate())
    kept = [each for each in parameter.values if (each.start, each.end) != (value.start, value.end)]
    changed = parameter.model_copy(update={"values": [*kept, value], "status": "external"})
    trial = plan.model_copy(update={"parameters": plan.parameters | {parameter.id: changed}})
    return trial.model_copy(update={"digest": digest_of(trial)})


def effect_of(viewer: User, plan: Plan, trial: Plan) -> Effect:
    """Judge the lines on their way by both plans, without writing; at most TRIED_MAX of them, the oldest first."""
    schemes = [scheme.id for scheme in plan.schemes.values()]
    lines = (
        lines_seen_by(viewer).filter(state__in=[*OPEN, LineState.DRAFT], scheme__in=schemes).select_related("person")
    )
    some: list[ClaimLine] = list(lines.order_by("pk")[: TRIED_MAX + 1])
    tried = some[:TRIED_MAX]
    before, after = judge_lines(tried, plan).values(), judge_lines(tried, trial).values()
    return Effect(
        tried=len(tried),
        is_all=len(some) <= TRIED_MAX,
        met_before=sum(each.verdict == "met" for each in before),
        met_after=sum(each.verdict == "met" for each in after),
        fen_before=sum(each.amount_fen or 0 for each in before if each.verdict == "met"),
        fen_after=sum(each.amount_fen or 0 for each in after if each.verdict == "met"),
    )
