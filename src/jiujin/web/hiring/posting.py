"""Writing a vacancy down, changing it, copying one, and sending it off."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from jiujin.accounts.access import SignedInRequest
from jiujin.accounts.models import User
from jiujin.core.plan_codes import CodeNotInPlan
from jiujin.registry.models import Organisation
from jiujin.web.hiring.scope import for_employers, own_vacancy
from jiujin.web.hiring.vacancy_form import (
    FORM_FIELDS,
    VacancyForm,
    initial_for_copy,
    initial_for_new,
    initial_of,
    open_workplaces,
)
from jiujin.work.errors import FieldInvalid, WorkError
from jiujin.work.models import Vacancy
from jiujin.work.queries import vacancies_of
from jiujin.work.services.edit_vacancy import edit_vacancy
from jiujin.work.services.post_vacancy import post_vacancy
from jiujin.work.services.submit_vacancy import submit_vacancy
from jiujin.work.states import VacancyState

UNPROCESSABLE = 422


@for_employers
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest, organisation: Organisation) -> HttpResponse:
    """Write a new vacancy; `?copy=` begins with another one of the organisation."""
    today = timezone.localdate()
    copied = _asked_copy(request)
    if request.method != "POST":
        if not open_workplaces(organisation).exists():
            return render(request, "hiring/no_workplace.html")
        initial = initial_for_copy(copied, today) if copied else initial_for_new(organisation, today)
        return _page(request, VacancyForm(organisation, initial=initial), copied=copied)
    form = VacancyForm(organisation, request.POST)
    if not form.is_valid():
        return _page(request, form, copied=copied, status=UNPROCESSABLE)
    sent = vacancies_of(request.user).filter(source_key=form.source_key()).first()
    if sent is not None:  # the same form once more
        return redirect("hiring:vacancy", sent.pk)
    try:
        vacancy = _post(form, organisation, request.user, copied)
    except (WorkError, CodeNotInPlan) as error:
        _add_error(form, error)
        return _page(request, form, copied=copied, status=UNPROCESSABLE)
    except IntegrityError:  # the same form, at the same moment
        return redirect("hiring:vacancies")
    return _go_on(request, vacancy)


@transaction.atomic
def _post(form: VacancyForm, organisation: Organisation, actor: User, copied: Vacancy | None) -> Vacancy:
    return post_vacancy(
        employer=organisation,
        workplace=form.cleaned_data["workplace"],
        actor=actor,
        copied_from=copied,
        source_key=form.source_key(),
        **form.vacancy_fields(),
    )


@for_employers
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, organisation: Organisation, vacancy_id: int) -> HttpResponse:
    """Change a vacancy; it is checked again before it is public again."""
    vacancy = own_vacancy(request.user, vacancy_id)
    if request.method != "POST":
        return _page(request, VacancyForm(organisation, initial=initial_of(vacancy)), vacancy=vacancy)
    form = VacancyForm(organisation, request.POST)
    if not form.is_valid():
        return _page(request, form, vacancy=vacancy, status=UNPROCESSABLE)
    try:
        edit_vacancy(
            vacancy=vacancy, actor=request.user, workplace=form.cleaned_data["workplace"], **form.vacancy_fields()
        )
    except (WorkError, CodeNotInPlan) as error:
        _add_error(form, error)
        return _page(request, form, vacancy=vacancy, status=UNPROCESSABLE)
    return _go_on(request, vacancy)


@for_employers
@require_POST
def send(request: SignedInRequest, organisation: Organisation, vacancy_id: int) -> HttpResponse:
    """Have a draft checked, and published where nothing speaks against it."""
    _submit(request, own_vacancy(request.user, vacancy_id))
    return redirect("hiring:vacancy", vacancy_id)


def _go_on(request: SignedInRequest, vacancy: Vacancy) -> HttpResponse:
    """To the preview, or straight through the check."""
    if request.POST.get("then") == "send":
        _submit(request, vacancy)
    return redirect("hiring:vacancy", vacancy.pk)


def _submit(request: SignedInRequest, vacancy: Vacancy) -> None:
    try:
        submitted = submit_vacancy(vacancy=vacancy, actor=request.user)
    except WorkError as error:
        messages.warning(request, str(error))
        return
    said = {
        VacancyState.OPEN: _("“%(title)s”已经发布，附近的居民现在就能看到。"),
        VacancyState.IN_REVIEW: _("“%(title)s”已送审核人看，通过后自动发布。下面写着要看什么。"),
        VacancyState.REFUSED: _("“%(title)s”没有发布，写的内容都在。请照下面的说明改好再发。"),
    }
    tell = messages.success if submitted.state != VacancyState.REFUSED else messages.warning
    tell(request, said[VacancyState(submitted.state)] % {"title": submitted.title})


def _asked_copy(request: SignedInRequest) -> Vacancy | None:
    asked = request.GET.get("copy", "")
    return own_vacancy(request.user, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None


def _add_error(form: VacancyForm, error: Exception) -> None:
    """The domain's sentence beside the field it is about."""
    name = FORM_FIELDS.get(error.field, error.field) if isinstance(error, FieldInvalid) else None
    form.add_error(name if name in form.fields else None, str(error))


def _page(request: SignedInRequest, form: VacancyForm, *, status: int = 200, **context: Any) -> HttpResponse:
    return render(request, "hiring/vacancy_form.html", {"form": form, **context}, status=status)
