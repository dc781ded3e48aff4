"""Recording a service: from the file, and from a phone without a network.

The phone keeps its records under ids of its own and sends them when it can; sent twice, a record is one. The page that the
phone keeps for bad times holds nobody's name: the people come in `ready`, which the script keeps and drops again.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.models import User
from jiujin.accounts.permissions import Room
from jiujin.registry.models import Person
from jiujin.web.desk import queries
from jiujin.web.desk.person_file import QUICK_KINDS
from jiujin.web.desk.scope import own_person, people_of
from jiujin.web.desk.words import area_words, masked_person
from jiujin.work.errors import WorkError
from jiujin.work.models import ServiceKind
from jiujin.work.services.record_service import record_service

PEOPLE_KEPT_MAX = 500
RECORDS_A_SENDING = 100
EDITION_DIGITS = 12
UNPROCESSABLE = 422


class Unreadable(Exception):
    """A record that is not one; the text says why, for the phone to show."""


@in_room(Room.PEOPLE)
@require_safe
def services(request: SignedInRequest) -> HttpResponse:
    """The page on which a service is noted in seconds, with or without a network."""
    return render(request, "desk/services.html", _page(request))


@in_room(Room.PEOPLE)
@require_safe
def offline(request: SignedInRequest) -> HttpResponse:
    """The same in a frame that names nobody: what the phone keeps for when there is no network."""
    return render(request, "desk/offline.html", _page(request) | {"shell": "shells/plain.html"})


def _page(request: HttpRequest) -> dict[str, Any]:
    return {"kinds": [(k.value, k.label) for k in QUICK_KINDS], "today": timezone.localdate()}


@in_room(Room.PEOPLE)
@require_safe
def worker(request: SignedInRequest) -> HttpResponse:
    """The script that answers for the server when there is no network; it stands at /desk/ and sees no other page."""
    page = render_to_string("desk/offline.html", _page(request) | {"shell": "shells/plain.html", "today": None})
    edition = hashlib.sha256(page.encode()).hexdigest()[:EDITION_DIGITS]  # another page is kept anew
    return render(request, "desk/worker.js", {"edition": edition}, content_type="text/javascript")


@in_room(Room.PEOPLE)
@require_safe
def ready(request: SignedInRequest) -> JsonResponse:
    """What the phone needs before it goes out: who signs in, a fresh token, the people by masked name."""
    today = timezone.localdate()
    people = queries.looking_people(people_of(request.user), today)
    people = people.select_related("home_area__parent").order_by("last_served_on", "pk")[:PEOPLE_KEPT_MAX]
    listed = [{"id": p.pk, "name": masked_person(p), "area": area_words(p.home_area)} for p in people]
    return JsonResponse({"user": request.user.pk, "token": get_token(request), "people": listed})


@in_room(Room.PEOPLE)
@require_POST
def take(request: SignedInRequest) -> JsonResponse:
    """The records of a phone: each is kept, or refused with the reason; one that is here already counts as kept."""
    try:
        sent = json.loads(request.body)
        records = sent["records"][:RECORDS_A_SENDING]
        assert isinstance(records, list)
    except (ValueError, KeyError, TypeError, AssertionError):
        return JsonResponse(
            {"error": _("没有读懂这次上传，一条也没有保存；记录还在手机里。请刷新页面后再试。")}, status=UNPROCESSABLE
        )
    return JsonResponse({"answers": [_answer(request.user, record) for record in records]})


def _answer(user: User, record: Any) -> dict[str, str]:
    told = str(record.get("id", "")) if isinstance(record, dict) else ""
    try:
        _keep(user, record)
    except (Unreadable, WorkError) as error:
        return {"id": told, "state": "refused", "why": str(error)}
    return {"id": told, "state": "kept"}


def _keep(user: User, record: Any) -> None:
    """Record one service. Raises Unreadable and the errors of the service."""
    try:
        id, on = UUID(record["id"]), date.fromisoformat(record["served_on"])
        kind, note = ServiceKind(record["kind"]), str(record.get("note", ""))
        person_id = int(record["person"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unreadable(_("这条记录不完整，没有保存。请重新记一条。")) from error
    person = people_of(user).filter(pk=person_id).first()
    if person is None:
        raise Unreadable(_("这个人不在您的服务范围内，没有保存。请联系区里经办。"))
    record_service(id=id, person=person, kind=kind, served_on=on, note=note, actor=user)


@in_room(Room.PEOPLE)
@require_POST
def serve(request: SignedInRequest, person_id: int) -> HttpResponse:
    """Record a service from the file's own form (the script sends it through the phone's queue instead)."""
    person: Person = own_person(request, person_id)
    given = request.POST
    record = {
        "id": given.get("id", ""),
        "person": person.pk,
        "kind": given.get("kind", ""),
        "served_on": (parse_date(given.get("served_on", "") or "") or timezone.localdate()).isoformat(),
        "note": given.get("note", ""),
    }
    try:
        _keep(request.user, record)
        messages.success(request, _("已记下这次服务。"))
    except (Unreadable, WorkError) as error:
        messages.warning(request, str(error))
    return redirect("desk:person", person.pk)
