"""Keeping a photo, a signature or a call record in one step, and looking at it again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room
from jiujin.registry.errors import EvidenceUnreadable, RegistryError
from jiujin.registry.models import EvidenceFile, Person
from jiujin.registry.services.keep_evidence import keep_evidence
from jiujin.registry.services.remove_evidence import remove_evidence
from jiujin.registry.storage import read_evidence
from jiujin.web.desk import queries
from jiujin.web.desk.evidence_kinds import kind_choices
from jiujin.web.desk.scope import own_person

SHOWN_IN_THE_PAGE = ("image/jpeg", "image/png", "image/webp", "application/pdf")


@in_room(Room.PEOPLE)
@require_POST
def keep(request: SignedInRequest, person_id: int) -> HttpResponse:
    """Keep one file about the person, one of their services or one of their placements."""
    person = own_person(request, person_id)
    kind, upload = request.POST.get("kind", ""), request.FILES.get("file")
    if kind not in dict(kind_choices()):
        raise Http404
    if upload is None:
        messages.warning(request, _("没有选文件，没有保存。请拍一张照片或选一个文件。"))
        return _back(request, person)
    try:
        keep_evidence(subject=_subject(request, person), upload=upload, kind=kind, actor=request.user)
        messages.success(request, _("已附上“%(name)s”。") % {"name": dict(kind_choices())[kind]})
    except RegistryError as error:
        messages.warning(request, str(error))
    return _back(request, person)


def _subject(request: SignedInRequest, person: Person) -> models.Model:
    """What the file is about. Raises Http404 for a record that is not this person's."""
    about, _colon, key = request.POST.get("about", "").partition(":")
    found: models.Model | None = person
    if about == "placement":
        found = person.placements.filter(pk=key).first() if key.isascii() and key.isdigit() else None
    elif about == "service":
        found = person.services.filter(pk=_uuid(key)).first()
    if found is None:
        raise Http404
    return found


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error


def _back(request: SignedInRequest, person: Person) -> HttpResponse:
    about = request.POST.get("about", "")
    if request.POST.get("from") == "registered":
        return redirect("desk:registered", person.pk)
    if about.startswith("placement:"):
        return redirect("desk:placement", about.removeprefix("placement:"))
    if about.startswith("service:"):
        return redirect("desk:service", person.pk, about.removeprefix("service:"))
    return redirect("desk:person", person.pk)


@in_room(Room.PEOPLE)
@require_safe
def evidence(request: SignedInRequest, person_id: int, evidence_id: UUID) -> HttpResponse:
    """One file as it came: pictures and PDF in the page, the rest as a download."""
    kept = _own_evidence(request, person_id, evidence_id)
    try:
        response = HttpResponse(read_evidence(kept), content_type=kept.media_type)
    except EvidenceUnreadable as error:
        messages.warning(request, str(error))
        return redirect("desk:person", person_id)
    as_file = kept.media_type not in SHOWN_IN_THE_PAGE
    response["Content-Disposition"] = content_disposition_header(as_attachment=as_file, filename=kept.name) or ""
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@in_room(Room.PEOPLE)
@require_POST
def remove(request: SignedInRequest, person_id: int, evidence_id: UUID) -> HttpResponse:
    """Take a file away that was attached by mistake."""
    kept = _own_evidence(request, person_id, evidence_id)
    remove_evidence(evidence=kept, actor=request.user)
    messages.success(request, _("已移除“%(name)s”，移除的记录留着。") % {"name": kept.name})
    return redirect("desk:person", person_id)


def _own_evidence(request: SignedInRequest, person_id: int, evidence_id: UUID) -> EvidenceFile:
    person = own_person(request, person_id)
    kept = queries.evidence_of(request.user, person).filter(pk=evidence_id).first()
    if kept is None:
        raise Http404
    return kept
