"""Intents recorded by an officer's phone at a fair: kept there under keys of their own, sent when it can, each once.

The page that the phone keeps for bad times names nobody; the people by masked name and the employers come in `ready`.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.models import User
from jiujin.accounts.permissions import Room
from jiujin.fairs.errors import FairError, FieldWrong
from jiujin.fairs.models import Fair
from jiujin.fairs.queries import fairs_seen_by
from jiujin.fairs.services.record_intent import record_intent
from jiujin.registry.errors import RegistryError
from jiujin.registry.models import Organisation, Person
from jiujin.registry.services.register_person import register_person
from jiujin.web.desk.scope import people_of
from jiujin.web.desk.words import area_words, masked_person
from jiujin.web.fairs.fields import person_with_number
from jiujin.web.fairs.scope import own_fair
from jiujin.web.fairs.sign_in import parsed_at
from jiujin.work.models import Vacancy

PEOPLE_KEPT_MAX = 500
RECORDS_A_SENDING = 100
UNPROCESSABLE = 422
EDITION_DIGITS = 12


@in_room(Room.FAIR_WORK)
@require_safe
def record(request: SignedInRequest, fair_id: int) -> HttpResponse:
    """The page on which intents are recorded; in a frame that names nobody, for the phone keeps it."""
    return render(request, "fairs/record.html", {"fair": own_fair(request, fair_id), "shell": "shells/plain.html"})


@in_room(Room.FAIR_WORK)
@require_safe
def worker(request: SignedInRequest) -> HttpResponse:
    """The script that answers for the server when there is no network; it stands at /fairs/ and keeps record pages alone."""
    text = render_to_string("fairs/worker.js", {"edition": ""})
    edition = hashlib.sha256(text.encode()).hexdigest()[:EDITION_DIGITS]
    return render(request, "fairs/worker.js", {"edition": edition}, content_type="text/javascript")


@in_room(Room.FAIR_WORK)
@require_safe
def ready(request: SignedInRequest, fair_id: int) -> JsonResponse:
    """What the phone needs before there is no network: a fresh token, the people, the employers with their vacancies."""
    fair = own_fair(request, fair_id)
    people = _kept_on_the_phone(request.user, fair)
    parts = fair.employers.select_related("employer").prefetch_related("vacancies__vacancy").order_by("booth", "pk")
    employers = [
        {
            "id": part.employer_id,
            "name": f"{part.booth} {part.employer.name}".strip(),
            "vacancies": [{"id": v.vacancy_id, "name": v.vacancy.title} for v in part.vacancies.all()],
        }
        for part in parts
    ]
    listed = [{"id": p.pk, "name": masked_person(p), "area": area_words(p.home_area)} for p in people]
    return JsonResponse(
        {"user": request.user.pk, "token": get_token(request), "people": listed, "employers": employers}
    )


def people_at(viewer: User, fair: Fair) -> QuerySet[Person]:
    """Whom the viewer may record at a fair: who signed in or was invited, and whom the viewer serves."""
    there = _there(fair) | Q(pk__in=people_of(viewer).values("pk"))
    return Person.objects.filter(there, merged_into=None)


def _there(fair: Fair) -> Q:
    visitors = fair.visitors.filter(person__isnull=False).values("person")
    return Q(pk__in=visitors) | Q(pk__in=fair.invitations.values("person"))


def _kept_on_the_phone(viewer: User, fair: Fair) -> list[Person]:
    """Those who are there or were invited come first; the list is bounded."""
    chosen = Person.objects.filter(_there(fair), merged_into=None).select_related("home_area__parent").order_by("-pk")
    first = list(chosen[:PEOPLE_KEPT_MAX])
    others = people_of(viewer).exclude(pk__in=[p.pk for p in first]).select_related("home_area__parent")
    return first + list(others.order_by("-pk")[: PEOPLE_KEPT_MAX - len(first)])


@in_room(Room.FAIR_WORK)
@require_POST
def take(request: SignedInRequest) -> JsonResponse:
    """The intents of a phone: each is kept, or refused with the reason; one that is here already counts as kept."""
    try:
        records = json.loads(request.body)["records"][:RECORDS_A_SENDING]
        assert isinstance(records, list)
    except (ValueError, KeyError, TypeError, AssertionError):
        return JsonResponse({"error": _("没有读懂这次上传，记录还在手机里。")}, status=UNPROCESSABLE)
    return JsonResponse({"answers": [_answer(request.user, each) for each in records]})


def _answer(user: User, record: Any) -> dict[str, str]:
    told = str(record.get("key", "")) if isinstance(record, dict) else ""
    try:
        _keep(user, record if isinstance(record, dict) else {})
    except (FairError, RegistryError) as error:
        return {"key": told, "state": "refused", "why": str(error)}
    return {"key": told, "state": "kept"}


def _keep(user: User, record: dict[str, Any]) -> None:
    """Keep one intent. Raises FairError and RegistryError."""
    now = timezone.now()
    try:
        key, at = UUID(str(record["key"])), parsed_at(record.get("at"), now)
        fair = fairs_seen_by(user).filter(pk=int(record["fair"])).first()
        employer = Organisation.objects.filter(pk=int(record["employer"])).first()
        vacancy = Vacancy.objects.filter(pk=int(record["vacancy"])).first() if record.get("vacancy") else None
    except (ValueError, KeyError, TypeError) as error:
        raise FieldWrong("record", _("这条意向不完整")) from error
    if fair is None or employer is None:
        raise FieldWrong("fair", _("没有找到这场招聘会或这家单位"))
    person = _person(user, fair, record)
    record_intent(fair=fair, person=person, employer=employer, vacancy=vacancy, key=key, at=at, actor=user, now=now)


def _person(user: User, fair: Fair, record: dict[str, Any]) -> Person:
    """Somebody from the phone's list, or by the identity number before the officer; who is new is registered.

    Raises FieldWrong and RegistryError.
    """
    chosen = record.get("person")
    if chosen:
        known = people_at(user, fair).filter(pk=int(chosen)).first() if str(chosen).isdigit() else None
        if known is None:
            raise FieldWrong("person", _("这个人不在这场招聘会的名单里"))
        return known
    number, name = str(record.get("id_number") or ""), str(record.get("name") or "")
    return person_with_number(number) or register_person(name=name, id_number=number, actor=user)
