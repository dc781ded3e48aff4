"""Every vacancy that a reviewer may look at, in any state."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room
from jiujin.core.listing import Ask, Cell, Choice, Column, Empty, Filter, Row, Table, page_within, read_ask, rows_span
from jiujin.core.listing_csv import csv_response
from jiujin.web.hiring.vacancy_list import EXPORT_ROWS_MAX
from jiujin.web.hiring.words import left_words, place_words, vacancy_tone
from jiujin.web.resident.words import wage_words
from jiujin.work.models import Vacancy
from jiujin.work.queries import vacancies_seen_by
from jiujin.work.states import VacancyState

COLUMNS = (
    Column("title", gettext_lazy("岗位"), sortable=True, can_hide=False),
    Column("state", gettext_lazy("状态"), kind="chip"),
    Column("employer", gettext_lazy("单位"), sortable=True),
    Column("area", gettext_lazy("社区村"), sortable=True),
    Column("wage", gettext_lazy("工资"), kind="short", sortable=True),
    Column("hired", gettext_lazy("录用/招聘"), kind="number", sortable=True),
    Column("until", gettext_lazy("招到"), kind="short", sortable=True),
    Column("changed", gettext_lazy("更新"), kind="short", sortable=True),
)
ORDERS = {
    "title": "title",
    "employer": "employer__name",
    "area": "workplace__area__name",
    "wage": "wage_min_fen",
    "hired": "filled_count",
    "until": "open_until",
    "changed": "changed_at",
}


def state_filter(seen: QuerySet[Vacancy]) -> Filter:
    """Every state with its count (one statement)."""
    states = list(VacancyState)
    counts = seen.order_by().aggregate(
        all=Count("pk"), **{str(state): Count("pk", filter=Q(state=state)) for state in states}
    )
    choices = [Choice(str(state), state.label, counts[str(state)]) for state in states]
    return Filter("state", [Choice("", _("全部"), counts["all"]), *choices])


def size_filter() -> Filter:
    """All firms, or only small and micro ones."""
    return Filter(
        "firm", [Choice("", _("所有单位")), Choice("small", _("小微企业")), Choice("unknown", _("大小不知道"))]
    )


def narrowed(seen: QuerySet[Vacancy], ask: Ask) -> QuerySet[Vacancy]:
    """The vacancies asked for, in the order asked for."""
    if ask.chosen["state"]:
        seen = seen.filter(state=ask.chosen["state"])
    if ask.chosen["firm"]:
        seen = seen.filter(is_small_firm=True if ask.chosen["firm"] == "small" else None)
    if ask.search:
        named = Q(title__icontains=ask.search) | Q(employer__name__icontains=ask.search)
        seen = seen.filter(named | Q(workplace__area__name__icontains=ask.search))
    return seen.order_by(("-" if ask.descending else "") + ORDERS[ask.sort], "pk")


@in_room(Room.VACANCY_REVIEW)
@require_safe
def all_vacancies(request: SignedInRequest) -> HttpResponse:
    """The list."""
    seen = vacancies_seen_by(request.user)
    filters = [state_filter(seen), size_filter()]
    ask = read_ask(request, COLUMNS, filters, sort="-changed")
    total = narrowed(seen, ask).count()
    ask = page_within(ask, total)
    table = _table(list(narrowed(seen, ask)[rows_span(ask)]), total, ask, filters)
    return render(request, "hiring/all_vacancies.html", {"table": table})


def _table(rows: Sequence[Vacancy], total: int, ask: Ask, filters: list[Filter]) -> Table:
    return Table(
        id="all-vacancies",
        caption=_("全部岗位"),
        columns=COLUMNS,
        ask=ask,
        rows=[_row(vacancy, timezone.localdate()) for vacancy in rows],
        total=total,
        empty=Empty(_("还没有岗位"), _("单位发布的岗位会出现在这里。")),
        filters=filters,
        search_label=_("岗位、单位、社区村"),
        export_url=reverse("hiring:all-csv") + ask.url(page=1),
    )


def _row(vacancy: Vacancy, today: date) -> Row:
    area = vacancy.workplace.area
    note = left_words(vacancy.open_until, today) if vacancy.state == VacancyState.OPEN else ""
    cells = {
        "title": Cell(vacancy.title, note=place_words(vacancy)),
        "state": Cell(vacancy.get_state_display(), vacancy_tone(vacancy.state)),
        "employer": Cell(vacancy.employer.name),
        "area": Cell(area.name if area else ""),
        "wage": Cell(wage_words(vacancy)),
        "hired": Cell(f"{vacancy.filled_count}/{vacancy.headcount}"),
        "until": Cell(vacancy.open_until.isoformat(), note=note),
        "changed": Cell(timezone.localtime(vacancy.changed_at).strftime("%Y-%m-%d %H:%M")),
    }
    return Row(str(vacancy.pk), cells, href=reverse("hiring:review-one", args=[vacancy.pk]))


@in_room(Room.VACANCY_REVIEW)
@require_safe
def all_csv(request: SignedInRequest) -> HttpResponse:
    """The same list as a file."""
    seen = vacancies_seen_by(request.user)
    ask = read_ask(request, COLUMNS, [state_filter(seen), size_filter()], sort="-changed")
    today = timezone.localdate()
    lines = [
        [str(row.cells[column.key].text) for column in COLUMNS]
        for row in (_row(vacancy, today) for vacancy in narrowed(seen, ask)[:EXPORT_ROWS_MAX])
    ]
    return csv_response(_("全部岗位") + ".csv", [[str(column.label) for column in COLUMNS], *lines])
