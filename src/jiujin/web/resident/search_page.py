"""What is near: the vacancies, as a list or on the map, near where one stands or within one's circle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jiujin.accounts.access import in_room
from jiujin.accounts.permissions import Room
from jiujin.circles.errors import CircleError
from jiujin.circles.models import Circle
from jiujin.circles.queries import circle_of, search_in_circle
from jiujin.circles.radius import circle_radius_m
from jiujin.circles.reach import reach_of
from jiujin.core.current_plan import current_plan
from jiujin.registry.models import Person
from jiujin.web.resident.asks import CIRCLE, NearAsk, read_near_ask
from jiujin.web.resident.forms import AreaForm
from jiujin.web.resident.map_content import MapEntry, circle_entry, here_entry, map_content, marks
from jiujin.web.resident.standing import Standing, resident_of, standing_of
from jiujin.web.resident.words import distance_words, wage_words
from jiujin.work.forgiving import Mended
from jiujin.work.nearby.index import IndexNotReady
from jiujin.work.nearby.search import NearLine, NearPage, Order, search_near

PAGE_LINES: Final = 20


@dataclass(frozen=True)
class Segment:
    """One of the ways to look, as a link."""

    label: str
    url: str
    on: bool


@dataclass(frozen=True)
class JobCard:
    """What the list says of one vacancy; `number` is its place in the list, as on the map."""

    number: int
    url: str
    title: str
    wage: str
    employer: str
    place: str
    why: str


@in_room(Room.PUBLIC)
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """The vacancies near where the person stands; whoever has not said where, is asked first."""
    person = resident_of(request.user)  # type: ignore[arg-type]
    standing = standing_of(request, person)
    ask = read_near_ask(request, circle_radius_m(current_plan(), timezone.localdate()))
    context: dict[str, Any] = {"ask": ask, "standing": standing, "segments": segments(ask)}
    if standing is None:
        return render(request, "resident/where_first.html", context | {"form": AreaForm()})
    circle = my_circle(person) if ask.which == CIRCLE else None
    if ask.which == CIRCLE and circle is None:
        return render(request, "resident/no_circle.html", context | {"person": person})
    try:
        found = _found(ask, standing, person, circle)
    except IndexNotReady as error:
        return render(request, "resident/not_ready.html", context | {"error": error}, status=503)
    last = ask.page * PAGE_LINES
    context |= {
        "found": found,
        "jobs": [job_card(number, line) for number, line in enumerate(found.lines, last - PAGE_LINES + 1)],
        "map_url": ask.url(view="map", page=ask.page),
        "list_url": ask.url(view=None, page=ask.page),
        "circle": circle,
        "title": _title(ask, found, circle),
        "orders": orders(ask),
        "mended": mended_words(found.mended) if found.mended else [],
        "radius_words": distance_words(circle.radius_m if circle else ask.radius_m),
        "wider": [(distance_words(radius_m), count, ask.url(radius=radius_m)) for radius_m, count in found.wider],
        "related": [
            (occupation.name, count, ask.url(occupation=occupation.code[:3], q=None))
            for occupation, count in found.related
        ],
        "next_url": ask.url(page=ask.page + 1) if last < found.total else "",
        "previous_url": ask.url(page=ask.page - 1) if ask.page > 1 else "",
        "shown": (last - PAGE_LINES + 1, min(last, found.total)),
    }
    if ask.is_map:
        context["map"] = _map(found.lines, standing, ask, circle)
    return render(request, "resident/search.html", context)


def job_card(number: int, line: NearLine) -> JobCard:
    """One line of the list in words."""
    vacancy = line.vacancy
    straight = _("直线约 %(distance)s") if line.is_rough else _("直线 %(distance)s")
    place = [straight % {"distance": distance_words(line.distance_m)}]
    if vacancy.shift:
        place.append(vacancy.get_shift_display())
    place.append(_("招 %(left)s 人") % {"left": vacancy.headcount - vacancy.filled_count})
    return JobCard(
        number=number,
        url=reverse("near:vacancy", args=[vacancy.pk]),
        title=vacancy.title,
        wage=wage_words(vacancy),
        employer=vacancy.employer.name,
        place=" · ".join(place),
        why="；".join(line.reasons[1:]),
    )


def my_circle(person: Person | None) -> Circle | None:
    """The circle that the person's home lies in; None where it lies in none, or a base is not known."""
    if person is None:
        return None
    try:
        return circle_of(person)
    except CircleError:
        return None


def segments(ask: NearAsk | None, on: str = "") -> list[Segment]:
    """Near me, in my circle, points of service."""
    base = ask.url if ask else lambda **_changes: ""
    which = on or (ask.which if ask else "")
    here = reverse("near:search")
    near = f"{here}{base(**{'in': None})}" if ask else here
    circle = f"{here}{base(**{'in': CIRCLE})}" if ask else f"{here}?in={CIRCLE}"
    return [
        Segment(_("近我"), near, which == "near"),
        Segment(_("我的就业圈"), circle, which == CIRCLE),
        Segment(_("服务点"), reverse("near:points"), which == "points"),
    ]


def orders(ask: NearAsk) -> list[Segment]:
    """What may come first."""
    named = ((Order.FIT, _("最合适")), (Order.NEAR, _("最近")), (Order.PAY, _("工资高")))
    here = reverse("near:search")
    return [
        Segment(label, f"{here}{ask.url(sort=None if order == Order.FIT else order.value)}", order == ask.filters.order)
        for order, label in named
    ]


def mended_words(mended: Mended) -> list[str]:
    """What was looked for instead of what was written, as sentences."""
    said = [
        _("没有岗位写“%(was)s”，按“%(becomes)s”找的。") % {"was": was, "becomes": becomes}
        for was, becomes in mended.changed
    ]
    return said + [_("没有岗位写“%(was)s”，先没有管它。") % {"was": was} for was in mended.ignored]


def _found(ask: NearAsk, standing: Standing, person: Person | None, circle: Circle | None) -> NearPage:
    day = timezone.localdate()
    if circle is not None and person is not None:
        return search_in_circle(circle, person=person, filters=ask.filters, day=day, page=ask.page, top=PAGE_LINES)
    return search_near(
        lat=standing.lat,
        lon=standing.lon,
        radius_m=ask.radius_m,
        top=PAGE_LINES,
        page=ask.page,
        filters=ask.filters,
        person=person,
        day=day,
    )


def _title(ask: NearAsk, found: NearPage, circle: Circle | None) -> str:
    if circle is not None:
        return _("我的就业圈里 %(count)s 个岗位") % {"count": found.total}
    return _("%(radius)s内 %(count)s 个岗位") % {"radius": distance_words(ask.radius_m), "count": found.total}


def _map(lines: list[NearLine], standing: Standing, ask: NearAsk, circle: Circle | None) -> dict[str, Any]:
    first = (ask.page - 1) * PAGE_LINES + 1
    points = marks(
        (line.vacancy.workplace.address, _map_entry(number, line)) for number, line in enumerate(lines, first)
    )
    if circle is not None:
        reach = reach_of(circle)
        ring = circle_entry(reach.lat, reach.lon, reach.radius_m)
    else:
        ring = circle_entry(standing.lat, standing.lon, ask.radius_m)
    return map_content(points, here=here_entry(standing), circle=ring)


def _map_entry(number: int, line: NearLine) -> MapEntry:
    where = _("直线 %(distance)s") % {"distance": distance_words(line.distance_m)}
    url = reverse("near:vacancy", args=[line.vacancy.pk])
    return MapEntry(number, line.vacancy.title, f"{wage_words(line.vacancy)} · {where}", url)
