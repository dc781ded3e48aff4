"""The people of the viewer: a list, a panel that follows the row, and the one field that finds anybody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room
from jiujin.circles.queries import best_match
from jiujin.core.bounded_counts import bounded_counts
from jiujin.core.listing import page_within, read_ask, rows_span
from jiujin.core.listing_csv import csv_response
from jiujin.registry.models import Person
from jiujin.values import IdNumberError
from jiujin.web.desk import queries
from jiujin.web.desk.card_reader import Burst, read_burst
from jiujin.web.desk.identity import checked_number
from jiujin.web.desk.people_table import (
    COLUMNS,
    PEOPLE_COUNTED_MAX,
    narrowed,
    people_filter,
    people_table,
    person_rows,
    with_rest,
)
from jiujin.web.desk.scope import own_person, people_of
from jiujin.web.desk.words import about_person, category_words, masked_number, masked_phone, wish_words

EXPORT_ROWS_MAX = 5000
FOUND_MAX = 20


@in_room(Room.PEOPLE)
@require_safe
def people(request: SignedInRequest) -> HttpResponse:
    """The viewer's people."""
    today = timezone.localdate()
    ask = read_ask(request, COLUMNS, [people_filter()], sort="-created")
    found = narrowed(request.user, ask, today)
    (total,) = bounded_counts([found], PEOPLE_COUNTED_MAX)
    ask = page_within(ask, min(total, PEOPLE_COUNTED_MAX))
    rows = list(with_rest(found)[rows_span(ask)])
    first = rows[0] if rows else None
    context = {
        "table": people_table(rows, total, ask, first.pk if first else None),
        "panel": panel_of(first) if first else None,
    }
    return render(request, "desk/people.html", context)


@in_room(Room.PEOPLE)
@require_safe
def people_csv(request: SignedInRequest) -> HttpResponse:
    """The list as a file, masked as on the screen."""
    ask = read_ask(request, COLUMNS, [people_filter()], sort="-created")
    found = with_rest(narrowed(request.user, ask, timezone.localdate()))[:EXPORT_ROWS_MAX]
    return csv_response(_("服务对象") + ".csv", _lines(list(found)))


def _lines(people: list[Person]) -> Iterator[list[str]]:
    yield [str(column.label) for column in COLUMNS]
    for row in person_rows(people, None):
        yield [f"{row.cells[c.key].text} {row.cells[c.key].note}".strip() for c in COLUMNS]


@in_room(Room.PEOPLE)
@require_safe
def person_panel(request: SignedInRequest, person_id: int) -> HttpResponse:
    """The panel beside the list."""
    panel = panel_of(own_person(request, person_id))
    return render(request, "desk/person_panel.html", {"panel": panel, "panel_open": True})


def panel_of(person: Person, names: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What is worth knowing before one calls or opens the file; `names` are of the occupations, where they are known."""
    wish = getattr(person, "wish", None)
    last = (
        person.services.filter(stands=True).select_related("served_by").order_by("-served_on", "-recorded_at").first()
    )
    statuses = sorted(person.priority_statuses.all(), key=lambda status: (status.start_on, status.pk))
    return {
        "person": person,
        "about": about_person(person, timezone.localdate()),
        "number": masked_number(person),
        "phone": masked_phone(person),
        "categories": [category_words(status.category) for status in statuses],
        "wish": wish_words(wish, queries.wished_occupations([person]) if names is None else names),
        "last_service": last,
        "best": best_match(person),
    }


@in_room(Room.PEOPLE)
@require_POST
def find(request: SignedInRequest) -> HttpResponse:
    """One field for a card, a number, a telephone or a name; a POST, so that no number stands in an address or a log."""
    burst = read_burst(request.POST.get("q", ""))
    if burst.number:
        return _by_number(request, burst)
    if burst.phone:
        return _by_phone(request, burst)
    if burst.almost:
        return _say(
            request,
            _("“%(end)s”结尾的号码位数不对，没有查找。请再刷一次，或对照身份证重新输入。") % {"end": burst.almost[-4:]},
        )
    if burst.name:
        return redirect(f"{reverse('desk:people')}?q={burst.name}")
    return _say(request, _("没有读到内容。请刷身份证，或输入身份证号、电话、姓名。"))


def _by_number(request: SignedInRequest, burst: Burst) -> HttpResponse:
    try:
        number = checked_number(burst.number).number
    except IdNumberError as error:
        return _say(request, _("%(why)s。没有查找。") % {"why": error.message})
    person = people_of(request.user).filter(id_number_index=number).first()
    if person is not None:
        return redirect("desk:person", person.pk)
    elsewhere = Person.objects.filter(id_number_index=number, merged_into=None).exists()
    if elsewhere:
        return _say(
            request,
            _("这个人已经登记过，但不在您的服务范围内，所以看不到档案。请联系区里经办，或由其户籍所在乡镇街道办理。"),
        )
    from jiujin.web.desk.counter import counter_page  # the counter leads here, and this leads there

    return counter_page(request, {"id_number": number, "name": burst.name})


def _by_phone(request: SignedInRequest, burst: Burst) -> HttpResponse:
    found = list(with_rest(queries.people_with_phone(request.user, burst.phone)).order_by("pk")[:FOUND_MAX])
    if len(found) == 1:
        return redirect("desk:person", found[0].pk)
    if not found:
        return _say(request, _("您的服务对象里没有人用这个电话。可以改用身份证号或姓名查找，或在窗口登记。"))
    today = timezone.localdate()
    context = {"people": [(person, about_person(person, today), masked_number(person)) for person in found]}
    return render(request, "desk/found.html", context)


def _say(request: SignedInRequest, sentence: str) -> HttpResponseRedirect:
    messages.warning(request, sentence)
    back = "desk:counter" if request.POST.get("from") == "counter" else "desk:people"
    return redirect(back)
