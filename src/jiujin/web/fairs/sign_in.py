"""Signing in at a fair by the code of its poster: without an account, on a phone, also on a weak network.

The page says nothing of who is registered: a telephone that one person alone has links the visit to them, silently.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiujin.accounts.access import in_room
from jiujin.accounts.models import User
from jiujin.accounts.permissions import Room
from jiujin.core.services.record_event import Actor
from jiujin.fairs.errors import FairError, FieldWrong, VisitorUnknown
from jiujin.fairs.models import Fair
from jiujin.fairs.services.sign_in import sign_in_employer, sign_in_visitor
from jiujin.fairs.states import TAKES_SIGN_INS
from jiujin.registry.errors import RegistryError
from jiujin.registry.field_checks import checked_credit_code, checked_phone
from jiujin.registry.models import Organisation, Person
from jiujin.registry.queries import person_of
from jiujin.registry.residents import people_with_phone
from jiujin.work.acting_for import organisation_acted_for

RECORDS_A_SENDING = 20
UNPROCESSABLE = 422
AT_THE_DOOR = "system:fair_sign_in"


def open_fair(code: str) -> Fair:
    """The approved fair of a code. Raises Http404."""
    fair = Fair.objects.filter(sign_in_code=code, state__in=TAKES_SIGN_INS).first()
    if fair is None:
        raise Http404
    return fair


@in_room(Room.PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest, code: str) -> HttpResponse:
    """The page of the code; without scripts a plain form."""
    fair = open_fair(code)
    if request.method == "POST":
        try:
            _keep(request, fair, request.POST.dict())
            messages.success(request, _("已签到。"))
        except FairError as error:
            messages.warning(request, str(error))
        return redirect("fairs:sign-in", code)
    own = organisation_acted_for(request.user) if isinstance(request.user, User) else None
    context = {"fair": fair, "key": uuid4(), "organisation": own, "today": timezone.localdate()}
    return render(request, "fairs/sign_in.html", context)


@in_room(Room.PUBLIC)
@require_safe
def token(request: HttpRequest, code: str) -> JsonResponse:
    """A fresh token for a phone that waited for a network."""
    open_fair(code)
    return JsonResponse({"token": get_token(request)})


@in_room(Room.PUBLIC)
@require_POST
def take(request: HttpRequest, code: str) -> JsonResponse:
    """What a phone kept: each is taken, or refused with the reason; what is here already counts as taken."""
    fair = open_fair(code)
    try:
        records = json.loads(request.body)["records"][:RECORDS_A_SENDING]
        assert isinstance(records, list)
    except (ValueError, KeyError, TypeError, AssertionError):
        return JsonResponse({"error": _("没有读懂这次上传，记录还在手机里。")}, status=UNPROCESSABLE)
    return JsonResponse({"answers": [_answer(request, fair, record) for record in records]})


def _answer(request: HttpRequest, fair: Fair, record: Any) -> dict[str, str]:
    told = str(record.get("key", "")) if isinstance(record, dict) else ""
    try:
        _keep(request, fair, record if isinstance(record, dict) else {})
    except FairError as error:
        return {"key": told, "state": "refused", "why": str(error)}
    return {"key": told, "state": "kept"}


def _keep(request: HttpRequest, fair: Fair, record: dict[str, Any]) -> None:
    """Sign one in. Raises FairError."""
    now = timezone.now()
    try:
        key, at = UUID(str(record["key"])), parsed_at(record.get("at"), now)
    except (ValueError, KeyError) as error:
        raise FieldWrong("key", _("这条签到不完整")) from error
    actor: Actor = request.user if isinstance(request.user, User) else AT_THE_DOOR
    if record.get("kind") == "employer":
        employer = _employer(request, str(record.get("credit_code") or ""))
        sign_in_employer(fair=fair, employer=employer, key=key, at=at, actor=actor, now=now)
    else:
        person = _visitor(request, str(record.get("phone") or ""))
        sign_in_visitor(fair=fair, person=person, key=key, at=at, actor=actor, now=now)


def parsed_at(text: Any, now: datetime) -> datetime:
    """When a phone says that it was, with its offset; nothing said is now. Raises ValueError."""
    if not text:
        return now
    at = parse_datetime(str(text))
    if at is None or at.tzinfo is None:
        raise ValueError(text)
    return at


def _employer(request: HttpRequest, credit_code: str) -> Organisation:
    own = organisation_acted_for(request.user) if isinstance(request.user, User) else None
    if not credit_code.strip():
        if own is None:
            raise FieldWrong("credit_code", _("请填统一社会信用代码"))
        return own
    try:
        code = checked_credit_code(credit_code)
    except RegistryError as error:
        raise VisitorUnknown from error
    known = Organisation.objects.filter(credit_code=code).first()
    if known is None:
        raise VisitorUnknown
    return known


def _visitor(request: HttpRequest, phone: str) -> Person | None:
    own = person_of(request.user) if isinstance(request.user, User) else None
    if own is not None or not phone.strip():
        return own
    try:
        number = checked_phone(phone)
    except RegistryError as error:
        raise FieldWrong("phone", _("这个手机号不对；不想填可以空着")) from error
    known = list(people_with_phone(number)[:2]) if number else []
    return known[0] if len(known) == 1 else None
