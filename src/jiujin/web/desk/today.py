"""Today: what waits for somebody, as figures that open their records."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.models import User
from jiujin.accounts.permissions import Room
from jiujin.core.listing import Ask, Empty, Table, page_within, read_ask, rows_span
from jiujin.core.listing_csv import csv_response
from jiujin.web.desk.people import panel_of
from jiujin.web.desk.scope import own_person
from jiujin.web.desk.today_lists import BY_KEY, LISTS, TodayList, ordered, rows_of

EXPORT_ROWS_MAX = 5000


@in_room(Room.PEOPLE)
@require_safe
def today(request: SignedInRequest) -> HttpResponse:
    """Six figures, and the records of the one that is open."""
    day = timezone.localdate()
    figures = figures_of(request.user, day)
    its = _asked_list(request, figures)
    table = _table(request, its, day)
    context = {
        "figures": figures,
        "list": its,
        "table": table,
        "panel": _first_panel(request, its, table),
        "today": day,
    }
    return render(request, "desk/today.html", context)


def _first_panel(request: SignedInRequest, its: TodayList, table: Table) -> dict[str, Any] | None:
    """What stands beside the list before a row is chosen: the first row's person, where the list is of people."""
    if its.of_people and table.rows:
        return panel_of(request, own_person(request, int(table.rows[0].key)))
    return None


def figures_of(viewer: User, day: date) -> list[dict[str, Any]]:
    """Each list's count, its words and its address."""
    address = reverse("desk:today")
    return [
        {
            "key": its.key,
            "label": its.label,
            "number": its.find(viewer, day).count(),
            "url": f"{address}?list={its.key}",
        }
        for its in LISTS
    ]


def _asked_list(request: SignedInRequest, figures: list[dict[str, Any]]) -> TodayList:
    """The list the address asks for; else the first that has something."""
    asked = BY_KEY.get(request.GET.get("list", ""))
    waiting = next((figure["key"] for figure in figures if figure["number"]), LISTS[0].key)
    return asked or BY_KEY[waiting]


def _table(request: SignedInRequest, its: TodayList, day: date) -> Table:
    ask: Ask = read_ask(request, its.columns, sort=its.sort)
    found = ordered(its, its.find(request.user, day), ask)
    total = found.count()
    ask = page_within(ask, total)
    return Table(
        id="today",
        caption=its.label,
        columns=its.columns,
        ask=ask,
        rows=rows_of(its, found[rows_span(ask)], day),
        total=total,
        empty=Empty(_("这里今天没有事"), its.empty),
        search_label=_("姓名、社区、单位、岗位"),
        export_url=f"{reverse('desk:today-csv')}{ask.url(list=its.key, page=1)}",
    )


@in_room(Room.PEOPLE)
@require_safe
def today_csv(request: SignedInRequest) -> HttpResponse:
    """One list as a file, masked as on the screen."""
    its, day = BY_KEY.get(request.GET.get("list", ""), LISTS[0]), timezone.localdate()
    ask = read_ask(request, its.columns, sort=its.sort)
    found = ordered(its, its.find(request.user, day), ask)[:EXPORT_ROWS_MAX]
    return csv_response(f"{its.label}.csv", _lines(its, found, day))


def _lines(its: TodayList, found: Any, day: date) -> Iterator[list[str]]:
    yield [str(column.label) for column in its.columns]
    for row in rows_of(its, found, day):
        yield [f"{row.cells[c.key].text} {row.cells[c.key].note}".strip() for c in its.columns]
