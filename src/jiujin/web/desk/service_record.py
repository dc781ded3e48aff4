"""One record of a service: what was recorded, what shows it, and how a mistake in it is mended."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room
from jiujin.registry.models import Person
from jiujin.web.day_input import day_input
from jiujin.web.desk import queries
from jiujin.web.desk.evidence_kinds import kind_choices, kind_words
from jiujin.web.desk.person_file import QUICK_KINDS
from jiujin.web.desk.scope import own_person, people_of
from jiujin.work.errors import DayInFuture, FieldInvalid, ReasonMissing, WorkError
from jiujin.work.models import ServiceKind, ServiceRecord
from jiujin.work.services.correct_service import REASON_CHARACTERS, correct_service, may_correct, void_service
from jiujin.work.services.record_service import NOTE_CHARACTERS

UNPROCESSABLE = 422
FIELDS: dict[type[WorkError], str] = {ReasonMissing: "reason", DayInFuture: "served_on"}


class CorrectionForm(forms.Form):
    """What was really done, and why the record says otherwise."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=gettext_lazy("方式"))
    served_on = forms.DateField(label=gettext_lazy("日期"), widget=day_input())
    note = forms.CharField(label=gettext_lazy("说了什么、约了什么"), max_length=NOTE_CHARACTERS, required=False)
    reason = forms.CharField(
        label=gettext_lazy("为什么更正"),
        max_length=REASON_CHARACTERS,
        help_text=gettext_lazy("如：日期记错了，实际是前一天。"),
    )

    def __init__(self, record: ServiceRecord, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = dict.fromkeys((*QUICK_KINDS, ServiceKind(record.kind)))
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(kind.value, kind.label) for kind in kinds]


@in_room(Room.PEOPLE)
@require_safe
def service(request: SignedInRequest, person_id: int, service_id: UUID) -> HttpResponse:
    """The record with its evidence; who recorded it finds the way to mend it here."""
    person, record = _own_record(request, person_id, service_id)
    known = {"id": uuid4(), "kind": record.kind, "served_on": record.served_on, "note": record.note}
    return _page(request, person, record, CorrectionForm(record, initial=known))


@in_room(Room.PEOPLE)
@require_POST
def correct(request: SignedInRequest, person_id: int, service_id: UUID) -> HttpResponse:
    """Put what was really done in the record's place."""
    person, record = _own_record(request, person_id, service_id)
    form = CorrectionForm(record, request.POST)
    if not form.is_valid():
        return _page(request, person, record, form, status=UNPROCESSABLE)
    try:
        made = correct_service(record=record, actor=request.user, **form.cleaned_data)
    except (FieldInvalid, ReasonMissing, DayInFuture) as error:
        form.add_error(FIELDS.get(type(error), "kind"), str(error))
        return _page(request, person, record, form, status=UNPROCESSABLE)
    except WorkError as error:
        messages.warning(request, str(error))
        return redirect("desk:service", person.pk, record.pk)
    messages.success(request, _("已更正。原来的记录留着，划了线。"))
    return redirect("desk:service", person.pk, made.pk)


@in_room(Room.PEOPLE)
@require_POST
def void(request: SignedInRequest, person_id: int, service_id: UUID) -> HttpResponse:
    """Say that this service was never given."""
    person, record = _own_record(request, person_id, service_id)
    try:
        void_service(id=_id(request), record=record, reason=request.POST.get("reason", ""), actor=request.user)
    except ReasonMissing:
        messages.warning(request, _("撤销要写明原因，没有改动。"))
        return redirect("desk:service", person.pk, record.pk)
    except WorkError as error:
        messages.warning(request, str(error))
        return redirect("desk:service", person.pk, record.pk)
    messages.success(request, _("已撤销这次服务，不再计数。记录留着，划了线。"))
    if people_of(request.user).filter(pk=person.pk).exists():
        return redirect("desk:person", person.pk)
    return redirect("desk:people")  # that service was the viewer's only tie to the person


def _id(request: SignedInRequest) -> UUID:
    try:
        return UUID(request.POST.get("id", ""))
    except ValueError as error:
        raise Http404 from error


def _own_record(request: SignedInRequest, person_id: int, service_id: UUID) -> tuple[Person, ServiceRecord]:
    person = own_person(request, person_id)
    records = person.services.select_related("served_by", "operator", "session", "entered_by", "corrects")
    record = records.filter(pk=service_id).first()
    if record is None:
        raise Http404
    return person, record


def _page(
    request: SignedInRequest, person: Person, record: ServiceRecord, form: CorrectionForm, *, status: int = 200
) -> HttpResponse:
    later = ServiceRecord.objects.filter(corrects=record).select_related("entered_by").first()
    kept = queries.evidence_about(record)
    context = {
        "person": person,
        "service": record,
        "label": record.session.title if record.session else record.get_kind_display(),
        "later": later,
        "is_void": record.corrects is not None and not record.stands and later is None,
        "may_correct": record.stands and may_correct(record, request.user),
        "form": form,
        "void_id": uuid4(),
        "about": f"service:{record.pk}",
        "evidence": [(each, kind_words(each.kind)) for each in kept],
        "evidence_kinds": kind_choices(),
    }
    return render(request, "desk/service.html", context, status=status)
