"""Applications to the organisation's vacancies as a table: all of them, or of one vacancy."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, F, Q, QuerySet
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
from jiujin.web.hiring.scope import for_employers, own_vacancy
from jiujin.web.hiring.vacancy_list import EXPORT_ROWS_MAX, WAITING
from jiujin.web.hiring.words import application_tone, fit_of
from jiujin.web.resident.words import distance_words
from jiujin.work.models import Application, Vacancy
from jiujin.work.queries import applications_to
from jiujin.work.states import ApplicationState

COLUMNS = (
    Column("name", gettext_lazy("姓名"), kind="short", sortable=True, can_hide=False),
    Column("state", gettext_lazy("状态"), kind="chip"),
    Column("vacancy", gettext_lazy("岗位"), sortable=True),
    Column("distance", gettext_lazy("住得多远（直线）"), kind="number", sortable=True),
    Column("fit", gettext_lazy("合不合要求"), kind="reason"),
    Column("note", gettext_lazy("留言"), kind="reason"),
    Column("sent", gettext_lazy("投递时间"), kind="short", sortable=True),
)
ORDERS = {"name": "person__name", "vacancy": "vacancy__title", "distance": "distance_m", "sent": "sent_at"}
GROUPS: dict[str, tuple[str, ...]] = {
    "waiting": WAITING,
    "accepted": (ApplicationState.ACCEPTED,),
    "hired": (ApplicationState.HIRED,),
    "declined": (ApplicationState.DECLINED,),
}


def state_filter(mine: QuerySet[Application]) -> Filter:
    """By what has to be done, each with its count (one statement)."""
    counts = mine.order_by().aggregate(
        all=Count("pk"), **{key: Count("pk", filter=Q(state__in=states)) for key, states in GROUPS.items()}
    )
    labels = {
        "": _("全部"), "waiting": _("待答复"), "accepted": _("约见面"), "hired": _("已录用"), "declined": _("未录用"),
    }  # fmt: skip
    return Filter("state", [Choice(key, label, counts[key or "all"]) for key, label in labels.items()])


def narrowed(mine: QuerySet[Application], ask: Ask) -> QuerySet[Application]:
    """The applications asked for, in the order asked for; an unknown distance comes last."""
    if ask.chosen["state"]:
        mine = mine.filter(state__in=GROUPS[ask.chosen["state"]])
    if ask.search:
        mine = mine.filter(Q(person__name__icontains=ask.search) | Q(vacancy__title__icontains=ask.search))
    mine = mine.select_related("vacancy__occupation", "person__wish")
    order = F(ORDERS[ask.sort])
    return mine.order_by(order.desc(nulls_last=True) if ask.descending else order.asc(nulls_last=True), "pk")


def applications_table(rows: Sequence[Application], total: int, ask: Ask, its_filter: Filter) -> Table:
    """One page of applications."""
    return Table(
        id="applications",
        caption=_("收到的申请"),
        columns=COLUMNS,
        ask=ask,
        rows=[_row(application) for application in rows],
        total=total,
        empty=Empty(
            _("还没有人投递"),
            _("岗位发布以后，附近的居民投递，会出现在这里。也可以在岗位页邀请附近的求职者。"),
            _("看我的岗位"),
            reverse("hiring:vacancies"),
        ),
        filters=[its_filter],
        search_label=_("姓名、岗位"),
        export_url=reverse("hiring:applications-csv") + ask.url(page=1),
    )


def _row(application: Application) -> Row:
    fit = fit_of(application.vacancy, getattr(application.person, "wish", None))
    cells = {
        "name": Cell(application.person.name),
        "state": Cell(application.get_state_display(), application_tone(application.state)),
        "vacancy": Cell(application.vacancy.title),
        "distance": Cell(distance_words(application.distance_m) or _("不知道")),
        "fit": Cell(fit.words),
        "note": Cell(application.note),
        "sent": Cell(timezone.localtime(application.sent_at).strftime("%Y-%m-%d %H:%M")),
    }
    return Row(str(application.pk), cells, href=reverse("hiring:application", args=[application.pk]))


def asked_vacancy(request: SignedInRequest) -> Vacancy | None:
    """The vacancy to which the list is limited by `?vacancy=`."""
    asked = request.GET.get("vacancy", "")
    return own_vacancy(request.user, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None


def _mine(request: SignedInRequest, vacancy: Vacancy | None) -> QuerySet[Application]:
    mine = applications_to(request.user)
    return mine.filter(vacancy=vacancy) if vacancy else mine


@for_employers
@require_safe
def applications(request: SignedInRequest, organisation: Organisation) -> HttpResponse:
    """Who applied."""
    vacancy = asked_vacancy(request)
    mine = _mine(request, vacancy)
    its_filter = state_filter(mine)
    ask = read_ask(request, COLUMNS, [its_filter], sort="-sent")
    total = narrowed(mine, ask).count()
    ask = page_within(ask, total)
    table = applications_table(list(narrowed(mine, ask)[rows_span(ask)]), total, ask, its_filter)
    return render(request, "hiring/applications.html", {"table": table, "vacancy": vacancy})


@for_employers
@require_safe
def applications_csv(request: SignedInRequest, organisation: Organisation) -> HttpResponse:
    """The same list as a file, without telephone numbers."""
    mine = _mine(request, asked_vacancy(request))
    ask = read_ask(request, COLUMNS, [state_filter(mine)], sort="-sent")
    head = [str(column.label) for column in COLUMNS]
    lines = [
        [str(row.cells[column.key].text) for column in COLUMNS]
        for row in map(_row, narrowed(mine, ask)[:EXPORT_ROWS_MAX])
    ]
    return csv_response(_("收到的申请") + ".csv", [head, *lines])
