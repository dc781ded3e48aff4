"""Papers of a page's records: a scan or a photo attached in one step, told with its hash, and looked at again.

A paper is kept about the record itself, so that whoever reviews a claim made from the record has it before them too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiujin.accounts.access import SignedInRequest
from jiujin.accounts.models import User
from jiujin.core.current_plan import current_plan
from jiujin.core.listing import Words
from jiujin.registry.errors import RegistryError
from jiujin.registry.models import EvidenceFile
from jiujin.registry.services.keep_evidence import keep_evidence
from jiujin.web.claims.queue_line import evidence_response

ACCEPTED = "application/pdf,image/*"
ANY_PAPER = gettext_lazy("扫描件或照片")
Keep = Callable[[User, Any, UploadedFile, str], object]


class PaperField(forms.FileField):
    """A scan or a photo that goes with what a form records."""

    def __init__(self, label: Words = ANY_PAPER, **given: Any) -> None:
        widget = forms.FileInput(attrs={"accept": ACCEPTED})
        super().__init__(label=label, widget=widget, required=False, **given)


def keep_paper(actor: User, record: Model, upload: UploadedFile | None, kind: str = "") -> EvidenceFile | None:
    """Keep a paper about a record, where there is one; a kind that the plan does not know is left blank."""
    if upload is None:
        return None
    known = kind if kind in current_plan().evidence else ""
    return keep_evidence(subject=record, upload=upload, kind=known, actor=actor)


@dataclass(frozen=True)
class Held:
    """Records of one kind that have papers: whose a viewer sees, whose they may add to, what kind of paper it is."""

    seen: Callable[[User], QuerySet[Any]]
    may_attach: Callable[[User, Any], bool]
    kind: str = ""
    keep: Keep = keep_paper


Table = Mapping[type[Model], Held]  # of the pages of one room


@dataclass(frozen=True)
class Shown:
    """One record's papers on a page, each with its address; `about` names the record in the form that adds one."""

    about: str
    files: list[tuple[EvidenceFile, str]]
    may_attach: bool


@dataclass
class Papers:
    """The papers of the records of a page, read at once; `space` and `page` name the address at which one is shown."""

    viewer: User
    table: Table
    space: str
    page: str = "paper"
    found: dict[tuple[str, str], list[EvidenceFile]] = field(default_factory=dict)

    def about(self, *records: Iterable[Model]) -> Papers:
        """Read the papers of some lists of records, in one statement."""
        named = Q(pk__in=[])
        for listed in records:
            for record in listed:
                named |= Q(subject_kind=record._meta.label_lower, subject_id=str(record.pk))
        for paper in EvidenceFile.objects.filter(named, removed_at=None).order_by("uploaded_at", "pk"):
            self.found.setdefault((paper.subject_kind, paper.subject_id), []).append(paper)
        return self

    def of(self, record: Model) -> Shown:
        """One record's."""
        label = record._meta.label_lower
        files = [
            (paper, reverse(f"{self.space}:{self.page}", args=[paper.pk]))
            for paper in self.found.get((label, str(record.pk)), [])
        ]
        may_attach = self.table[type(record)].may_attach(self.viewer, record)
        return Shown(f"{label}:{record.pk}", files, may_attach)


def show_paper(request: SignedInRequest, paper_id: UUID, table: Table) -> HttpResponse:
    """A paper as it came, if the viewer sees its record. Raises Http404."""
    paper = EvidenceFile.objects.filter(pk=paper_id, removed_at=None).first()
    if paper is None:
        raise Http404
    _held, _record = _found(request.user, paper.subject_kind, paper.subject_id, table)
    return evidence_response(request, paper, reverse("home"), None)


def attach_paper(request: SignedInRequest, table: Table) -> HttpResponse:
    """Keep a paper about the record that the form names; back to the page it was sent from. Raises Http404."""
    label, _colon, key = request.POST.get("about", "").partition(":")
    held, record = _found(request.user, label, key, table)
    if not held.may_attach(request.user, record):
        raise Http404
    upload = request.FILES.get("file")
    if upload is None:
        messages.warning(request, _("没有选文件，没有保存。请拍一张照片或选一个文件。"))
    else:
        try:
            with transaction.atomic():
                held.keep(request.user, record, upload, held.kind)
            messages.success(request, _("材料已附上。"))
        except RegistryError as error:
            messages.warning(request, str(error))
    back = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/")
    return redirect(back if is_ours else "home")


def _found(viewer: User, label: str, key: str, table: Table) -> tuple[Held, Model]:
    for model, held in table.items():
        if model._meta.label_lower == label and key.isascii() and key.isdigit():
            record = held.seen(viewer).filter(pk=int(key)).first()
            if record is not None:
                return held, record
    raise Http404
