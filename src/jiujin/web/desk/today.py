"""Today: what waits for somebody, as figures that open their records."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.models import User
from jiujin.accounts.permissions import Room
from jiujin.core.bounded_counts import COUNTED_MAX, bounded_counts
from jiujin.core.listing import Ask, Empty, Row, Table, page_within, read_ask
from jiujin.core.listing_csv import csv_response
from jiujin.registry.models import Person
from jiujin.web.desk.people import panel_of
from jiujin.web.desk.scope import people_of
from jiujin.web.desk.today_lists import BY_KEY, LISTS, TodayList, ordered, page_of, rows_of, sought

EXPORT_ROWS_MAX = 5000
FIGURE_MAX = 100  # how far a list is counted that is not open


@in_room(Room.PEOPLE)
@require_safe
def today(request: SignedInRequest) -> HttpResponse:
    """The figures, the records of the one that is open, and beside them the first row's person, where they are people."""
    day, people = timezone.localdate(), people_of(request.user)
    asked = BY_KEY.get(request.GET.get("list", ""))
    counted_far = asked or LISTS[0]
    figures = figures_of(request.user, people, day, open_list=counted_far)
    its = asked or _first_waiting(figures)
    ask = read_ask(request, its.columns, sort=its.sort)
    found = sought(its, its.find(request.user, people, day), ask)
    counted = _counted(its, figures)
    if ask.search or (its != counted_far and counted > FIGURE_MAX):
        (counted,) = bounded_counts([found])
    ask = page_within(ask, min(counted, COUNTED_MAX))
    page = page_of(its, found, ask, day, counted=counted)
    rows, names = rows_of(its, page, day)
    first = next(iter(its.people_of(page)), None)
    context = {
        "figures": figures,
        "list": its,
        "table": _table(its, ask, rows, counted),
        "panel": panel_of(first, names) if first else None,
        "today": day,
    }
    return render(request, "desk/today.html", context)


def figures_of(
    viewer: User, people: QuerySet[Person], day: date, *, open_list: TodayList = LISTS[0]
) -> list[dict[str, Any]]:
    """Each list's count, its words and its address; where there is `more`, the count is only how far it was counted, which is
    further for the one that is open.
    """
    address = reverse("desk:today")
    bounds = [COUNTED_MAX if its == open_list else FIGURE_MAX for its in LISTS]
    counts = bounded_counts([its.find(viewer, people, day) for its in LISTS], bounds)
    return [
        {
            "key": its.key,
            "label": its.label,
            "number": min(count, bound),
            "more": count > bound,
            "url": f"{address}?list={its.key}",
        }
        for its, bound, count in zip(LISTS, bounds, counts, strict=True)
    ]


def _counted(its: TodayList, figures: list[dict[str, Any]]) -> int:
    """How many a list has by its figure; one more than the bound where there are more."""
    (figure,) = (each for each in figures if each["key"] == its.key)
    return int(figure["number"]) + bool(figure["more"])


def _first_waiting(figures: list[dict[str, Any]]) -> TodayList:
    """The first list that has something."""
    return next((BY_KEY[figure["key"]] for figure in figures if figure["number"]), LISTS[0])


def _table(its: TodayList, ask: Ask, rows: list[Row], counted: int) -> Table:
    return Table(
        id="today",
        caption=its.label,
        columns=its.columns,
        ask=ask,
        rows=rows,
        total=counted,
        counted_max=COUNTED_MAX,
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
    found = its.find(request.user, people_of(request.user), day)
    found = ordered(its, sought(its, found, ask), ask, day)[:EXPORT_ROWS_MAX]
    return csv_response(f"{its.label}.csv", _lines(its, list(found), day))


def _lines(its: TodayList, found: list[Any], day: date) -> Iterator[list[str]]:
    yield [str(column.label) for column in its.columns]
    for row in rows_of(its, found, day)[0]:
        yield [f"{row.cells[c.key].text} {row.cells[c.key].note}".strip() for c in its.columns]
