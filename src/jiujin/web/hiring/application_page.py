"""One application: what the person told, how it fits, and the answer."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from jiujin.accounts.access import SignedInRequest
from jiujin.core.plan_codes import CodeNotInPlan
from jiujin.registry.models import Organisation
from jiujin.registry.services.show_whole import show_whole
from jiujin.values import mask_phone
from jiujin.web.hiring.fields import DayField
from jiujin.web.hiring.scope import for_employers, own_application
from jiujin.web.hiring.words import application_tone, fit_of, form_choices
from jiujin.web.resident.words import distance_words
from jiujin.work.errors import WorkError
from jiujin.work.models import Application
from jiujin.work.services.answer_application import REASON_CHARACTERS, answer_application
from jiujin.work.services.hire_applicant import UNPUBLISHED, hire_applicant
from jiujin.work.states import APPLICATION, ApplicationState

UNPROCESSABLE = 422
MAY_CALL = (ApplicationState.ACCEPTED, ApplicationState.HIRED)  # from then on the two are in touch
SAID = {
    "application_seen": gettext_lazy("已告诉对方：单位看过了。"),
    "application_accepted": gettext_lazy("已约对方见面。对方现在能看到您的联系电话，您也能看到对方的。"),
    "application_declined": gettext_lazy("已告诉对方，并附上了原因。"),
}


class DeclineForm(forms.Form):
    """Why not, in words that the applicant reads."""

    because = forms.CharField(
        label=gettext_lazy("原因（对方会看到）"),
        max_length=REASON_CHARACTERS,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("例如：需要电工证")}),
        error_messages={"required": gettext_lazy("请写一句原因：对方会看到，也好找下一份工作")},
    )


class HireForm(forms.Form):
    """From when on, under which form, and how long."""

    start_on = DayField(label=gettext_lazy("哪天上班"), error_messages={"required": gettext_lazy("哪天上班没有填")})
    form = forms.ChoiceField(label=gettext_lazy("用工形式"))
    end_on = DayField(label=gettext_lazy("约定到哪天"), required=False)
    open_ended = forms.BooleanField(label=gettext_lazy("没有约定期限"), required=False)

    def __init__(self, given: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(given, initial=initial)
        field = self.fields["form"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = form_choices()

    def clean(self) -> dict[str, Any]:
        """An end that is not before the start, and none beside an open term."""
        cleaned: dict[str, Any] = super().clean() or {}
        start, end = cleaned.get("start_on"), cleaned.get("end_on")
        if end and cleaned.get("open_ended"):
            self.add_error("end_on", _("没有约定期限的，不用填到哪天"))
        elif start and end and end < start:
            self.add_error("end_on", _("结束的日子早于上班的日子。请核对"))
        return cleaned


@for_employers
@require_safe
def application(request: SignedInRequest, organisation: Organisation, application_id: UUID) -> HttpResponse:
    """The page of one application."""
    return _page(request, own_application(request.user, application_id))


def _page(request: SignedInRequest, held: Application, *, status: int = 200, **forms_given: Any) -> HttpResponse:
    vacancy, person = held.vacancy, held.person
    events = {t.event for t in APPLICATION if t.source == held.state and t.by == "employer"}
    wish = getattr(person, "wish", None)
    context = {
        "application": held,
        "vacancy": vacancy,
        "tone": application_tone(held.state),
        "distance": distance_words(held.distance_m),
        "fit": fit_of(vacancy, wish),
        "wish": wish,
        "folded": list(held.folded.order_by("sent_at", "pk")),
        "can": {event.removeprefix("application_") for event in events},
        "is_full": vacancy.filled_count >= vacancy.headcount,
        "is_unpublished": vacancy.state in UNPUBLISHED,
        "masked_phone": mask_phone(person.phone) if person.phone and held.state in MAY_CALL else "",
        "decline": DeclineForm(),
        "hire": HireForm(initial={"start_on": timezone.localdate(), "form": vacancy.form}),
    }
    return render(request, "hiring/application.html", context | forms_given, status=status)


@for_employers
@require_POST
def answer(request: SignedInRequest, organisation: Organisation, application_id: UUID) -> HttpResponse:
    """Seen, accepted to meet, or declined with a reason."""
    held = own_application(request.user, application_id)
    event = f"application_{request.POST.get('answer', '')}"
    if event not in SAID:
        raise Http404
    because = ""
    if event == "application_declined":
        form = DeclineForm(request.POST)
        if not form.is_valid():
            return _page(request, held, status=UNPROCESSABLE, decline=form)
        because = form.cleaned_data["because"]
    try:
        answer_application(application=held, event=event, because=because, actor=request.user)
        messages.success(request, SAID[event])
    except WorkError as error:
        messages.warning(request, str(error))
    return redirect("hiring:application", application_id)


@for_employers
@require_POST
def hire(request: SignedInRequest, organisation: Organisation, application_id: UUID) -> HttpResponse:
    """Hire the applicant; the last place fills the vacancy."""
    held = own_application(request.user, application_id)
    form = HireForm(request.POST)
    if not form.is_valid():
        return _page(request, held, status=UNPROCESSABLE, hire=form)
    start_on: date = form.cleaned_data["start_on"]
    try:
        hire_applicant(
            application=held,
            start_on=start_on,
            end_on=form.cleaned_data["end_on"],
            open_ended=form.cleaned_data["open_ended"],
            form=form.cleaned_data["form"],
            actor=request.user,
        )
        messages.success(request, _("已录用，%(day)s 上班。这条就业记录已经建好。") % {"day": start_on.isoformat()})
    except (WorkError, CodeNotInPlan) as error:
        messages.warning(request, str(error))
    return redirect("hiring:application", application_id)


@for_employers
@require_POST
def phone(request: SignedInRequest, organisation: Organisation, application_id: UUID) -> HttpResponse:
    """The applicant's telephone number in full, once the two are to meet; every time leaves an event."""
    held = own_application(request.user, application_id)
    if held.state not in MAY_CALL:
        raise Http404
    return _page(request, held, shown_phone=show_whole(person=held.person, field="phone", actor=request.user))
