"""The list of fairs, with what they come to and how far the plan's targets are."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.models import User
from jiujin.accounts.permissions import Room, may_enter
from jiujin.core.current_plan import current_plan
from jiujin.core.listing import Cell, Choice, Column, Empty, Filter, Row, Table, page_within, read_ask, rows_span
from jiujin.core.target_figures import figure_of
from jiujin.fairs.models import Fair, FairKind, FairState
from jiujin.fairs.queries import FairFigures, fairs_seen_by, figures_of

TARGETS_CLAUSE = "2.3"  # the targets of the third programme are those of this part of the document
COLUMNS = (
    Column("name", gettext_lazy("招聘会"), sortable=True, can_hide=False),
    Column("state", gettext_lazy("状态"), kind="chip"),
    Column("held_on", gettext_lazy("日期"), kind="short", sortable=True),
    Column("kind", gettext_lazy("形式"), kind="short"),
    Column("place", gettext_lazy("地点")),
    Column("employers", gettext_lazy("到场单位"), kind="number"),
    Column("visitors", gettext_lazy("到场的人"), kind="number"),
    Column("intents", gettext_lazy("意向"), kind="number"),
    Column("placements", gettext_lazy("促成就业"), kind="number"),
)
TONES = {
    FairState.PLANNED: "late",
    FairState.APPROVED: "unknown",
    FairState.HELD: "met",
    FairState.CANCELLED: "unmet",
}


@in_room(Room.FAIRS)
@require_safe
def fairs(request: SignedInRequest) -> HttpResponse:
    """The fairs that the viewer sees."""
    state = Filter("state", [Choice("", _("全部")), *(Choice(s.value, s.label) for s in FairState)])
    kind = Filter("kind", [Choice("", _("全部形式")), *(Choice(k.value, k.label) for k in FairKind)])
    ask = read_ask(request, COLUMNS, (state, kind), sort="-held_on")
    found = fairs_seen_by(request.user)
    for name, value in ask.chosen.items():
        if value:
            found = found.filter(**{name: value})
    if ask.search:
        found = found.filter(name__icontains=ask.search)
    total = found.count()
    ask = page_within(ask, total)
    rows = list(found.order_by(("-" if ask.descending else "") + ask.sort, "-pk")[rows_span(ask)])
    figures = figures_of(rows)
    may_plan = may_enter(request.user, Room.FAIR_CHANGES)
    table = Table(
        id="fairs",
        caption=_("招聘会"),
        columns=COLUMNS,
        ask=ask,
        rows=[_row(fair, figures[fair.pk]) for fair in rows],
        total=total,
        filters=(state, kind),
        search_label=_("招聘会名称"),
        empty=Empty(
            _("还没有招聘会"),
            _("计划好的招聘会由另一人批准，之后参会单位和求职者扫码签到。"),
            *((_("计划一场招聘会"), reverse("fairs:new")) if may_plan else ()),
        ),
    )
    return render(request, "fairs/fairs.html", {"table": table, "may_plan": may_plan, "targets": targets(request.user)})


def _row(fair: Fair, figures: FairFigures) -> Row:
    cells = {
        "name": Cell(fair.name),
        "state": Cell(fair.get_state_display(), TONES[FairState(fair.state)]),
        "held_on": Cell(fair.held_on.isoformat()),
        "kind": Cell(fair.get_kind_display()),
        "place": Cell(fair.place or "—"),
        "employers": Cell(f"{figures.employers:,}"),
        "visitors": Cell(f"{figures.visitors:,}"),
        "intents": Cell(f"{figures.intents:,}"),
        "placements": Cell(f"{figures.placements:,}"),
    }
    return Row(str(fair.pk), cells, href=reverse("fairs:fair", args=[fair.pk]))


def targets(viewer: User) -> list[dict[str, Any]]:
    """The targets of this programme with what was counted in the viewer's area; shown to who sees the plan's figures."""
    plan, day = current_plan(), timezone.localdate()
    shown = []
    for target in plan.targets.values():
        if target.clause.startswith(f"{TARGETS_CLAUSE}-"):
            figure = figure_of(plan, target.id, day)
            shown.append({"target": target, "counted": figure.counted, "asked": figure.asked})
    return shown
