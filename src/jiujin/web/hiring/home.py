"""The employer's first page: what waits for them this month."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jiujin.accounts.access import SignedInRequest
from jiujin.accounts.models import User
from jiujin.registry.models import Organisation
from jiujin.web.hiring.scope import for_employers
from jiujin.web.hiring.vacancy_list import WAITING
from jiujin.web.hiring.words import left_words
from jiujin.web.resident.words import distance_words
from jiujin.work.models import Introduction
from jiujin.work.queries import applications_to, lapsing_vacancies, vacancies_of
from jiujin.work.states import ApplicationState, IntroductionState, VacancyState

SHOWN_MAX: Final = 5
LAPSING_DAYS: Final = 7


@for_employers
@require_safe
def home(request: SignedInRequest, organisation: Organisation) -> HttpResponse:
    """The tasks of this month, each with the next step."""
    return render(request, "hiring/home.html", {"organisation": organisation, **tasks_of(request.user)})


def tasks_of(viewer: User) -> dict[str, Any]:
    """What waits for the employer, and the figures of the month."""
    today = timezone.localdate()
    vacancies, applications = vacancies_of(viewer), applications_to(viewer)
    lapsing = lapsing_vacancies(viewer, today, LAPSING_DAYS)
    waiting = applications.filter(state__in=WAITING).order_by("sent_at", "pk")
    return {
        "today": today,
        "figures": _figures(viewer, today),
        "waiting": [(a, distance_words(a.distance_m)) for a in waiting[:SHOWN_MAX]],
        "meeting": applications.filter(state=ApplicationState.ACCEPTED).order_by("changed_at", "pk")[:SHOWN_MAX],
        "lapsing": [(v, left_words(v.open_until, today)) for v in lapsing[:SHOWN_MAX]],
        "lapsing_total": lapsing.count(),
        "refused": vacancies.filter(state=VacancyState.REFUSED).order_by("-changed_at", "pk")[:SHOWN_MAX],
        "drafts": vacancies.filter(state=VacancyState.DRAFT).order_by("-changed_at", "pk")[:SHOWN_MAX],
        "in_review": vacancies.filter(state=VacancyState.IN_REVIEW).order_by("-changed_at", "pk")[:SHOWN_MAX],
        "invited": Introduction.objects.filter(
            vacancy__in=vacancies, made_by=viewer, state=IntroductionState.MADE
        ).count(),
        "lapsing_days": LAPSING_DAYS,
    }


def _figures(viewer: User, today: date) -> dict[str, int]:
    """How many vacancies are open, how many applications wait, how many were hired since the first of the month."""
    first = today.replace(day=1)
    vacancies = (
        vacancies_of(viewer)
        .order_by()
        .aggregate(all=Count("pk"), open=Count("pk", filter=Q(state=VacancyState.OPEN, open_until__gte=today)))
    )
    applications = (
        applications_to(viewer)
        .order_by()
        .aggregate(
            waiting=Count("pk", filter=Q(state__in=WAITING)),
            meeting=Count("pk", filter=Q(state=ApplicationState.ACCEPTED)),
            hired=Count("pk", filter=Q(state=ApplicationState.HIRED, changed_at__date__gte=first)),
            fresh=Count("pk", filter=Q(sent_at__date__gt=today - timedelta(days=7))),
        )
    )
    return {**vacancies, **applications}
