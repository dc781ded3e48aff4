"""The list of circles, one circle with its map, and the people in it who have no point of service near."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.models import Role, User
from jiujin.accounts.permissions import Room, may_enter
from jiujin.circles.errors import BaseUnknown
from jiujin.circles.models import Circle, CircleFirm, Duty
from jiujin.circles.queries import (
    CircleCounts,
    ServiceReach,
    circle_counts,
    circles_seen_by,
    count_history,
    counts_of,
    may_change_circles,
    people_in_circle,
    people_served_by,
    service_points_near,
    share_with_service_point,
    work_in_circle,
)
from jiujin.circles.reach import reach_of
from jiujin.core.current_plan import current_plan
from jiujin.core.listing import Ask, Cell, Column, Empty, Row, Table, page_within, read_ask, rows_span
from jiujin.plan.models import Reading
from jiujin.registry.models import Person, Workplace
from jiujin.values import mask_name
from jiujin.web.resident.map_content import MapEntry, circle_entry, map_content, marks
from jiujin.work.models import MatchRun
from jiujin.work.nearby.radius import RADIUS_PARAMETER
from jiujin.work.nearby.reasons import distance_words

COLUMNS = (
    Column("name", gettext_lazy("就业圈"), sortable=True, can_hide=False),
    Column("community", gettext_lazy("社区")),
    Column("operator", gettext_lazy("运营机构")),
    Column("people", gettext_lazy("劳动者"), kind="number"),
    Column("small_firms", gettext_lazy("小微企业"), kind="number"),
    Column("state", gettext_lazy("状态"), kind="chip"),
    Column("start_on", gettext_lazy("开始"), kind="short", sortable=True),
)
FIRM_COLUMNS = (
    Column("name", gettext_lazy("单位"), can_hide=False),
    Column("size", gettext_lazy("规模"), kind="chip"),
    Column("distance_m", gettext_lazy("离基点（直线）"), kind="short", sortable=True),
    Column("start_on", gettext_lazy("进圈"), kind="short", sortable=True),
)
PEOPLE_COLUMNS = (
    Column("name", gettext_lazy("姓名"), can_hide=False),
    Column("area", gettext_lazy("社区村")),
)


def own_circle(request: SignedInRequest, circle_id: int) -> Circle:
    """The circle, if the viewer sees it. Raises Http404."""
    found = circles_seen_by(request.user).filter(pk=circle_id).first()
    if found is None:
        raise Http404
    return found


@in_room(Room.CIRCLES)
@require_safe
def circles(request: SignedInRequest) -> HttpResponse:
    """The circles of the viewer, with their counts of today and how far the nightly batch is."""
    ask = read_ask(request, COLUMNS, sort="start_on")
    found = circles_seen_by(request.user)
    if ask.search:
        found = found.filter(name__icontains=ask.search)
    total = found.count()
    ask = page_within(ask, total)
    rows = list(found.order_by(("-" if ask.descending else "") + ask.sort, "pk")[rows_span(ask)])
    counts = counts_of(rows, timezone.localdate())
    may_change = may_change_circles(request.user)
    empty = Empty(
        _("还没有就业圈"),
        _("就业圈以一个城市社区为基点，圈内的劳动者和小微企业是重点服务对象。"),
        *((_("建一个就业圈"), reverse("circles:new")) if may_change else ()),
    )
    table = Table(
        id="circles",
        caption=_("就业圈"),
        columns=COLUMNS,
        ask=ask,
        rows=[_row(circle, counts[circle.pk]) for circle in rows],
        total=total,
        empty=empty,
        search_label=_("就业圈的名称"),
    )
    context = {"table": table, "may_change": may_change, "run": MatchRun.objects.order_by("-day").first()}
    return render(request, "circles/circles.html", context)


def _row(circle: Circle, counts: CircleCounts) -> Row:
    ended = circle.end_on is not None
    return Row(
        str(circle.pk),
        {
            "name": Cell(circle.name),
            "community": Cell(circle.community.name),
            "operator": Cell(circle.operator.name if circle.operator else _("没有")),
            "people": Cell(f"{counts.people:,}"),
            "small_firms": Cell(f"{counts.small_firms:,}"),
            "state": Cell(_("已结束") if ended else _("运行中"), "" if ended else "good"),
            "start_on": Cell(circle.start_on.isoformat()),
        },
        href=reverse("circles:circle", args=[circle.pk]),
    )


@in_room(Room.CIRCLES)
@require_safe
def circle(request: SignedInRequest, circle_id: int) -> HttpResponse:
    """One circle: its counts and their history, its firms as a list and on the map, its points of service and specialists."""
    shown, today = own_circle(request, circle_id), timezone.localdate()
    context: dict[str, Any] = {
        "circle": shown,
        "counts": circle_counts(shown, today),
        "history": count_history(shown, today),
        "table": _firms(request, shown),
        "may_change": may_change_circles(request.user),
        "may_see_people": may_enter(request.user, Room.PEOPLE),
        "specialists": shown.specialists.filter(end_on=None).select_related("user").order_by("start_on", "pk"),
        "duties": Duty.choices,
        "to_assign": _to_assign(shown) if may_change_circles(request.user) else [],
        "reached": share_with_service_point(people_in_circle(shown), shown.radius_m),
        "radius": distance_words(shown.radius_m),
        "readings": _unconfirmed_readings(),
    }
    context |= _place(shown, context["table"])
    return render(request, "circles/circle.html", context)


def _unconfirmed_readings() -> list[Reading]:
    """The readings behind what a circle is that nobody has confirmed yet."""
    plan = current_plan()
    clause = plan.clauses[plan.parameters[RADIUS_PARAMETER].clause]
    return [plan.readings[name] for name in clause.readings if plan.readings[name].decided_by is None]


def _place(shown: Circle, table: Table) -> dict[str, Any]:
    """Where a circle is, with its points of service; without a base the page says what to do."""
    try:
        reach = reach_of(shown)
    except BaseUnknown as error:
        return {"no_base": str(error), "points": []}
    points = service_points_near(reach.lat, reach.lon, reach.radius_m)
    named = [
        (point.address, MapEntry(number, point.name, str(point.get_kind_display())))
        for number, (point, _distance_m) in enumerate(points, 1)
    ]
    ring = circle_entry(reach.lat, reach.lon, reach.radius_m)
    work = work_in_circle(shown, timezone.localdate())
    return {
        "points": points,
        "work": work,
        "map": map_content([*_firm_marks(table), *marks(named, kind="point")], circle=ring),
    }


def _firm_marks(table: Table) -> list[dict[str, Any]]:
    """The firms of the list's page, with the number of their row, at their open places of work."""
    names = {int(row.key): (number, row.cells["name"].text) for number, row in enumerate(table.rows, 1)}
    places = Workplace.objects.filter(organisation__in=names, is_open=True, address__lat__isnull=False)
    return marks(
        (place.address, MapEntry(names[place.organisation_id][0], str(names[place.organisation_id][1]), place.name))
        for place in places.select_related("address").order_by("pk")
    )


def _firms(request: SignedInRequest, shown: Circle) -> Table:
    ask = read_ask(request, FIRM_COLUMNS, sort="distance_m")
    held = CircleFirm.objects.filter(circle=shown, end_on=None).select_related("organisation")
    if ask.search:
        held = held.filter(organisation__name__icontains=ask.search)
    total = held.count()
    ask = page_within(ask, total)
    rows = held.order_by(("-" if ask.descending else "") + ask.sort, "pk")[rows_span(ask)]
    return Table(
        id="firms",
        caption=_("圈内单位"),
        columns=FIRM_COLUMNS,
        ask=ask,
        rows=[_firm_row(firm) for firm in rows],
        total=total,
        empty=Empty(_("圈里还没有单位"), _("有工作地点的用人单位，位置落在圈内就会出现在这里，每晚更新。")),
        search_label=_("单位名称"),
    )


def _firm_row(firm: CircleFirm) -> Row:
    size = {True: Cell(_("小微"), "good"), False: Cell(_("不是小微")), None: Cell(_("还不知道"), "warn")}[firm.is_small]
    cells = {
        "name": Cell(firm.organisation.name),
        "size": size,
        "distance_m": Cell(distance_words(firm.distance_m)),
        "start_on": Cell(firm.start_on.isoformat()),
    }
    return Row(str(firm.organisation_id), cells)


def _to_assign(shown: Circle) -> QuerySet[User]:
    assigned = shown.specialists.filter(end_on=None).values("user")
    specialists = User.objects.filter(role=Role.SPECIALIST, is_active=True).exclude(pk__in=assigned)
    return specialists.order_by("display_name", "pk")


@in_room(Room.CIRCLES)
@require_safe
def without_service(request: SignedInRequest, circle_id: int) -> HttpResponse:
    """The circle's people whom the viewer serves and who have no point of public service within the radius."""
    shown = own_circle(request, circle_id)
    reached: ServiceReach = share_with_service_point(people_in_circle(shown), shown.radius_m)
    ask: Ask = read_ask(request, PEOPLE_COLUMNS)
    people = people_served_by(request.user).filter(pk__in=reached.without).select_related("home_area")
    total = people.count()
    ask = page_within(ask, total)
    table = Table(
        id="people",
        caption=_("没有服务点的人"),
        columns=PEOPLE_COLUMNS,
        ask=ask,
        rows=[_person_row(person) for person in people.order_by("pk")[rows_span(ask)]],
        total=total,
        empty=Empty(_("您服务的人都有服务点"), _("在这个半径内，每个人都有公共就业服务点。")),
    )
    context = {"circle": shown, "table": table, "reached": reached, "radius": distance_words(shown.radius_m)}
    return render(request, "circles/without_service.html", context)


def _person_row(person: Person) -> Row:
    area = person.home_area.name if person.home_area else _("不知道")
    return Row(str(person.pk), {"name": Cell(mask_name(person.name)), "area": Cell(area)})
