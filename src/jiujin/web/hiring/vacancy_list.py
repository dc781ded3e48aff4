"""The organisation's vacancies as a table."""

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

from jiujin.accounts.access import SignedInRequest
from jiujin.core.listing import Ask, Cell, Choice, Column, Empty, Filter, Row, Table, page_within, read_ask, rows_span
from jiujin.core.listing_csv import csv_response
from jiujin.registry.models import Organisation
from jiujin.web.hiring.scope import for_employers
from jiujin.web.hiring.words import left_words, place_words, vacancy_tone
from jiujin.web.resident.words import wage_words
from jiujin.work.models import Vacancy
from jiujin.work.queries import vacancies_of
from jiujin.work.states import ApplicationState, VacancyState

COLUMNS = (
    Column("title", gettext_lazy("岗位"), sortable=True, can_hide=False),
    Column("state", gettext_lazy("状态"), kind="chip"),
    Column("waiting", gettext_lazy("待答复"), kind="number", sortable=True),
    Column("hired", gettext_lazy("录用/招聘"), kind="number", sortable=True),
    Column("wage", gettext_lazy("工资"), kind="short", sortable=True),
    Column("until", gettext_lazy("招到"), kind="short", sortable=True),
    Column("changed", gettext_lazy("更新"), kind="short", sortable=True),
)
ORDERS = {
    "title": "title",
    "waiting": "waiting",
    "hired": "filled_count",
    "wage": "wage_min_fen",
    "until": "open_until",
    "changed": "changed_at",
}
GROUPS: dict[str, tuple[str, ...]] = {
    "open": (VacancyState.OPEN,),
    "mine": (VacancyState.DRAFT, VacancyState.REFUSED, VacancyState.PAUSED),
    "review": (VacancyState.IN_REVIEW,),
    "ended": (VacancyState.FILLED, VacancyState.CLOSED),
}
WAITING = (ApplicationState.SENT, ApplicationState.SEEN)
EXPORT_ROWS_MAX = 20_000


def state_filter(mine: QuerySet[Vacancy]) -> Filter:
    """By what has to be done, each with its count (one statement)."""
    counts = mine.order_by().aggregate(
        all=Count("pk"), **{key: Count("pk", filter=Q(state__in=states)) for key, states in GROUPS.items()}
    )
    labels = {
        "": _("全部"), "open": _("招聘中"), "mine": _("要我处理"), "review": _("待审核"), "ended": _("已结束"),
    }  # fmt: skip
    return Filter("state", [Choice(key, label, counts[key or "all"]) for key, label in labels.items()])


def with_waiting(vacancies: QuerySet[Vacancy]) -> QuerySet[Vacancy]:
    """The vacancies with how many applications wait for an answer."""
    return vacancies.annotate(
        waiting=Count("applications", filter=Q(applications__state__in=WAITING, applications__folded_into=None))
    )


def narrowed(mine: QuerySet[Vacancy], ask: Ask) -> QuerySet[Vacancy]:
    """The vacancies asked for, in the order asked for."""
    if ask.chosen["state"]:
        mine = mine.filter(state__in=GROUPS[ask.chosen["state"]])
    if ask.search:
        named = Q(title__icontains=ask.search) | Q(workplace__name__icontains=ask.search)
        mine = mine.filter(named | Q(occupation__name__icontains=ask.search))
    return with_waiting(mine).order_by(("-" if ask.descending else "") + ORDERS[ask.sort], "pk")


def vacancies_table(rows: Sequence[Vacancy], total: int, ask: Ask, its_filter: Filter, today: date) -> Table:
    """One page of the organisation's vacancies."""
    return Table(
        id="vacancies",
        caption=_("我的岗位"),
        columns=COLUMNS,
        ask=ask,
        rows=[_row(vacancy, today) for vacancy in rows],
        total=total,
        empty=Empty(
            _("还没有发过岗位"),
            _("两分钟写完一页，检查没有问题，附近的居民马上看得到。"),
            _("发布岗位"),
            reverse("hiring:new"),
        ),
        filters=[its_filter],
        search_label=_("岗位、地点、职业"),
        export_url=reverse("hiring:vacancies-csv") + ask.url(page=1),
    )


def _row(vacancy: Vacancy, today: date) -> Row:
    waiting: int = vacancy.waiting  # type: ignore[attr-defined]
    answers = reverse("hiring:applications") + f"?vacancy={vacancy.pk}&state=waiting"
    cells = {
        "title": Cell(vacancy.title, note=place_words(vacancy)),
        "state": Cell(vacancy.get_state_display(), vacancy_tone(vacancy.state)),
        "waiting": Cell(f"{waiting:,}" if waiting else "", href=answers if waiting else ""),
        "hired": Cell(f"{vacancy.filled_count}/{vacancy.headcount}"),
        "wage": Cell(wage_words(vacancy)),
        "until": Cell(vacancy.open_until.isoformat(), note=_note(vacancy, today)),
        "changed": Cell(timezone.localtime(vacancy.changed_at).strftime("%Y-%m-%d %H:%M")),
    }
    return Row(str(vacancy.pk), cells, href=reverse("hiring:vacancy", args=[vacancy.pk]))


def _note(vacancy: Vacancy, today: date) -> str:
    return left_words(vacancy.open_until, today) if vacancy.state == VacancyState.OPEN else ""


@for_employers
@require_safe
def vacancies(request: SignedInRequest, organisation: Organisation) -> HttpResponse:
    """Every vacancy of the organisation."""
    mine = vacancies_of(request.user)
    its_filter = state_filter(mine)
    ask = read_ask(request, COLUMNS, [its_filter], sort="-changed")
    total = narrowed(mine, ask).count()
    ask = page_within(ask, total)
    rows = list(narrowed(mine, ask)[rows_span(ask)])
    table = vacancies_table(rows, total, ask, its_filter, timezone.localdate())
    return render(request, "hiring/vacancies.html", {"table": table, "organisation": organisation})


@for_employers
@require_safe
def vacancies_csv(request: SignedInRequest, organisation: Organisation) -> HttpResponse:
    """The same list as a file."""
    mine = vacancies_of(request.user)
    ask = read_ask(request, COLUMNS, [state_filter(mine)], sort="-changed")
    head = [
        _("岗位"), _("地点"), _("职业"), _("状态"), _("待答复"), _("已录用"), _("招聘人数"), _("工资"), _("招到"),
    ]  # fmt: skip
    lines = [
        [
            vacancy.title,
            place_words(vacancy),
            vacancy.occupation.name if vacancy.occupation else "",
            str(vacancy.get_state_display()),
            str(vacancy.waiting),  # type: ignore[attr-defined]
            str(vacancy.filled_count),
            str(vacancy.headcount),
            wage_words(vacancy),
            vacancy.open_until.isoformat(),
        ]
        for vacancy in narrowed(mine, ask)[:EXPORT_ROWS_MAX]
    ]
    return csv_response(_("岗位") + ".csv", [head, *lines])
