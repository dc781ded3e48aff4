"""The first page of money: what stands where, what waits for somebody, and the budgets of a year."""

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
from jiujin.accounts.permissions import Room
from jiujin.core.bounded_counts import bounded_counts
from jiujin.core.current_plan import current_plan
from jiujin.core.listing import Cell, Choice, Column, Empty, Filter, Row, Table, Words, read_ask, searched_and_sorted
from jiujin.funds.queries import (
    PurseBalance,
    accounts_seen_by,
    balances,
    batches_waiting,
    city_waiting,
    recoveries_seen_by,
    recoveries_wanted,
    waiting,
    years,
)
from jiujin.funds.states import BatchState, RecoveryState
from jiujin.ledger import Stage
from jiujin.web.funds.doors import may_change
from jiujin.web.funds.words import (
    area_name,
    area_names,
    money,
    number_of,
    scheme_names,
    stage_parts,
    stages_of,
    together,
)

COLUMNS = (
    Column("scheme", gettext_lazy("补贴项目"), sortable=True, can_hide=False),
    Column("area", gettext_lazy("区域"), sortable=True),
    Column("granted", gettext_lazy("预算（元）"), kind="money", sortable=True),
    Column("budget", gettext_lazy("可用（元）"), kind="money", sortable=True),
    Column("committed", gettext_lazy("已批准（元）"), kind="money", sortable=True),
    Column("payable", gettext_lazy("待拨付（元）"), kind="money", sortable=True),
    Column("in_transit", gettext_lazy("在途（元）"), kind="money"),
    Column("paid", gettext_lazy("已拨付（元）"), kind="money", sortable=True),
    Column("recoverable", gettext_lazy("待追回（元）"), kind="money"),
)

TASKS_COUNTED_MAX = 10**7  # in one statement, and to the end: what waits for money is no million


@in_room(Room.FUNDS)
@require_safe
def overview(request: SignedInRequest) -> HttpResponse:
    """Budgets of a year with what became of them, and the work that waits."""
    held = years(request.user)
    year = number_of(request.GET.get("year")) or (held[0] if held else _plan_year())
    found = balances(request.user, year)
    context: dict[str, Any] = {
        "year": year,
        "parts": [part for part in stage_parts(together(found)) if part.key != Stage.RECOVERABLE or part.amount_fen],
        "granted_fen": sum(one.granted_fen for one in found),
        "table": _table(request, found, held),
        "tasks": _tasks(request),
        "may_change": may_change(request),
    }
    return render(request, "funds/overview.html", context)


def _plan_year() -> int:
    """The year that the plan is for; where it names no first day, this one."""
    start = current_plan().header.period.start
    return start.year if start else timezone.localdate().year


def _tasks(request: SignedInRequest) -> list[tuple[Words, int, str]]:
    """What waits: in words, how many, and where."""
    viewer, states = request.user, batches_waiting(request.user)
    lines, batches, recoveries = reverse("funds:lines"), reverse("funds:batches"), reverse("funds:recoveries")
    approved, scheduled, accounts, by_city, demanded, wanted = bounded_counts(
        [
            waiting(viewer),
            waiting(viewer, "scheduled"),
            accounts_seen_by(viewer).filter(confirmed_at=None, ended_at=None),
            city_waiting(viewer),
            recoveries_seen_by(viewer, RecoveryState.DEMANDED),
            recoveries_wanted(viewer).filter(is_booked=True),
        ],
        at_most=TASKS_COUNTED_MAX,
    )
    to_release = states.get(BatchState.CHECKED, 0) + states.get(BatchState.RELEASED_ONCE, 0)
    tasks = [
        (_("笔已批准，等排入拨付"), approved, lines),
        (_("笔待拨付，等编批次"), scheduled, f"{lines}?stage=scheduled"),
        (_("个批次等放行"), to_release, f"{batches}?state=checked"),
        (_("个批次已放行，等送出"), states.get(BatchState.RELEASED, 0), f"{batches}?state=released"),
        (_("个批次已送出，等回盘"), states.get(BatchState.SENT, 0), f"{batches}?state=sent"),
        (_("个收款账号等第二个人确认"), accounts, reverse("funds:accounts")),
        (_("笔市级拨付，等登记凭证"), by_city, reverse("funds:city")),
        (_("笔等追回到账"), demanded, f"{recoveries}?state=demanded"),
        (_("笔更正后多付了，等要求追回"), wanted, recoveries),
    ]
    return [task for task in tasks if task[1]]


def _table(request: SignedInRequest, found: list[PurseBalance], held: Any) -> Table:
    filters = [Filter("year", [Choice(str(year), str(year)) for year in held])] if len(held) > 1 else []
    ask = read_ask(request, COLUMNS, filters)
    schemes, areas = scheme_names(), area_names([one.purse.area_code for one in found])
    rows = [
        Row(
            str(one.purse.pk),
            {
                "scheme": Cell(schemes.get(one.purse.scheme, one.purse.scheme), note=one.purse.fund_class),
                "area": Cell(area_name(one.purse.area_code, areas)),
                "granted": money(one.granted_fen),
                **{stage: money(amount_fen) for stage, amount_fen in stages_of(one).items()},
            },
            href=reverse("funds:purse", args=[one.purse.pk]),
        )
        for one in found
    ]
    shown = searched_and_sorted(rows, ask)
    empty = Empty(
        _("这一年还没有预算"),
        _("批准一笔补贴之前，先按补贴项目下达预算；可以给全区，也可以分到乡镇街道。"),
        _("下达预算") if may_change(request) else "",
        reverse("funds:grant") if may_change(request) else "",
    )
    return Table("purses", _("预算"), COLUMNS, ask, shown, len(shown), empty, filters, _("项目或区域"))
