"""Vacancies that fit a person side by side with the reasons; recommend one, or apply for them at the counter."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room
from jiujin.registry.models import Person
from jiujin.web.desk import queries
from jiujin.web.desk.scope import own_person
from jiujin.web.desk.words import about_person, form_words, masked_number, wage_words, wish_words
from jiujin.work.errors import WorkError
from jiujin.work.models import Channel, Introduction, Vacancy
from jiujin.work.nearby.index import IndexNotReady
from jiujin.work.nearby.search import vacancies_for
from jiujin.work.queries import vacancies_seen_by
from jiujin.work.services.apply_for import apply_for
from jiujin.work.services.introduce import answer_introduction, introduce

TOP = 12


@in_room(Room.PEOPLE)
@require_safe
def recommend(request: SignedInRequest, person_id: int) -> HttpResponse:
    """The best of what is near, each with its reasons and what can be done about it."""
    person = own_person(request, person_id)
    wish = getattr(person, "wish", None)
    try:
        cards, not_ready = _cards(person), ""
    except IndexNotReady as error:
        cards, not_ready = [], str(error)
    context = {
        "person": person,
        "about": about_person(person, timezone.localdate()),
        "number": masked_number(person),
        "wish": wish_words(wish, queries.wished_occupations([person])),
        "has_point": person.home is not None and person.home.lat is not None,
        "cards": cards,
        "not_ready": not_ready,
    }
    return render(request, "desk/recommend.html", context)


def _cards(person: Person) -> list[dict[str, Any]]:
    """One card a vacancy; what was recommended or applied for already says so."""
    lines = vacancies_for(person, top=TOP)
    vacancies = [line.vacancy.pk for line in lines]
    asked = person.introductions.filter(vacancy__in=vacancies, state="made").order_by("pk")
    sent = (
        person.applications.filter(vacancy__in=vacancies, folded_into=None)
        .exclude(state__in=("declined", "withdrawn"))
        .order_by("pk")
    )
    introduced, applied = {i.vacancy_id: i for i in asked}, {a.vacancy_id: a for a in sent}
    return [
        {
            "vacancy": line.vacancy,
            "wage": wage_words(line.vacancy),
            "form": form_words(line.vacancy.form),
            "reasons": line.reasons,
            "introduced": introduced.get(line.vacancy.pk),
            "applied": applied.get(line.vacancy.pk),
            "id": uuid4(),
        }
        for line in lines
    ]


@in_room(Room.PEOPLE)
@require_POST
def put_forward(request: SignedInRequest, person_id: int) -> HttpResponse:
    """Recommend a vacancy to the person, or apply for them at the counter."""
    person, vacancy = own_person(request, person_id), _asked_vacancy(request)
    words = {"title": vacancy.title}
    try:
        id = UUID(request.POST.get("id", ""))
    except ValueError as error:
        raise Http404 from error
    try:
        if request.POST.get("step") == "apply":
            apply_for(id=id, person=person, vacancy=vacancy, actor=request.user, channel=Channel.COUNTER)
            messages.success(request, _("已代为投递“%(title)s”，单位现在就能看到。") % words)
        else:
            introduce(id=id, person=person, vacancy=vacancy, actor=request.user, reasons=_reasons(person, vacancy))
            messages.success(request, _("已推荐“%(title)s”，等本人答复。") % words)
    except WorkError as error:
        messages.warning(request, str(error))
    return redirect("desk:recommend", person.pk)


def _reasons(person: Person, vacancy: Vacancy) -> list[str]:
    """The reasons as they are now, found again rather than taken from the page."""
    lines = vacancies_for(person, top=TOP)
    return next((line.reasons for line in lines if line.vacancy.pk == vacancy.pk), [])


def _asked_vacancy(request: SignedInRequest) -> Vacancy:
    key = request.POST.get("vacancy", "")
    found = vacancies_seen_by(request.user).filter(pk=key).first() if key.isascii() and key.isdigit() else None
    if found is None:
        raise Http404
    return found


@in_room(Room.PEOPLE)
@require_POST
def answer(request: SignedInRequest, person_id: int, introduction_id: UUID) -> HttpResponse:
    """What the person said to a recommendation, on the telephone or at the counter."""
    person = own_person(request, person_id)
    made: Introduction | None = person.introductions.filter(pk=introduction_id).first()
    step = {"take": "introduction_taken_up", "decline": "introduction_declined"}.get(request.POST.get("step", ""))
    if made is None or step is None:
        raise Http404
    try:
        answer_introduction(introduction=made, event=step, actor=request.user, channel=Channel.COUNTER)
        messages.success(request, _("已记下本人的答复。"))
    except WorkError as error:
        messages.warning(request, str(error))
    return redirect("desk:person", person.pk)


@in_room(Room.PEOPLE)
@require_safe
def vacancy(request: SignedInRequest, vacancy_id: int) -> HttpResponse:
    """One open vacancy as the desk needs it on the telephone."""
    shown = vacancies_seen_by(request.user).filter(pk=vacancy_id).first()
    if shown is None:
        raise Http404
    context = {"vacancy": shown, "wage": wage_words(shown), "form": form_words(shown.form)}
    return render(request, "desk/vacancy.html", context)
