"""Asking for a wrong identity number to be put right; a second person confirms it on the page of duplicate records."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room
from jiujin.registry.errors import FieldInvalid, RegistryError
from jiujin.registry.models import CorrectionState
from jiujin.registry.services.correct_identity import REASON_CHARACTERS, ask_to_correct_identity
from jiujin.web.desk.scope import own_person
from jiujin.web.desk.words import masked_number

UNPROCESSABLE = 422


class IdentityForm(forms.Form):
    """The right number, and what was looked at."""

    id_number = forms.CharField(
        label=gettext_lazy("正确的身份证号"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    reason = forms.CharField(
        label=gettext_lazy("为什么改正"),
        max_length=REASON_CHARACTERS,
        help_text=gettext_lazy("写明核对了什么证件，如：看过身份证原件，登记时末位打错。"),
    )


@in_room(Room.PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def identity(request: SignedInRequest, person_id: int) -> HttpResponse:
    """Ask for the number to become another one; the number that is held stays masked."""
    its = own_person(request, person_id)
    form = IdentityForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            ask_to_correct_identity(person=its, actor=request.user, **form.cleaned_data)
        except FieldInvalid as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        except RegistryError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("已提交。另一位经办核对证件后确认，在这之前号码不变。"))
            return redirect("desk:person", its.pk)
    waiting = its.identity_corrections.filter(state=CorrectionState.ASKED).select_related("asked_by").first()
    context = {"person": its, "form": form, "number": masked_number(its), "waiting": waiting}
    return render(request, "desk/identity.html", context, status=UNPROCESSABLE if form.errors else 200)
