"""One vacancy of the organisation: how residents see it, what the check says, what happened, and what can be done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from jiujin.accounts.access import SignedInRequest
from jiujin.core.listing import Words
from jiujin.core.models import Event
from jiujin.registry.models import Organisation
from jiujin.web.hiring.resident_view import resident_view, stops
from jiujin.web.hiring.scope import for_employers, own_vacancy
from jiujin.web.hiring.vacancy_list import WAITING
from jiujin.web.hiring.words import left_words, vacancy_tone
from jiujin.work.checks import check_vacancy
from jiujin.work.errors import WorkError
from jiujin.work.models import Vacancy
from jiujin.work.services.close_vacancy import close_vacancy, fill_vacancy, pause_vacancy, resume_vacancy
from jiujin.work.states import VACANCY, VacancyState

HISTORY_MAX = 30
HAPPENED: dict[str, Words] = {
    "vacancy_posted": gettext_lazy("写好草稿"),
    "vacancy_edited": gettext_lazy("修改"),
    "vacancy_submitted": gettext_lazy("送审核"),
    "vacancy_published": gettext_lazy("发布"),
    "vacancy_refused": gettext_lazy("未通过"),
    "vacancy_paused": gettext_lazy("暂停"),
    "vacancy_resumed": gettext_lazy("恢复招聘"),
    "vacancy_filled": gettext_lazy("招满"),
    "vacancy_closed": gettext_lazy("关闭"),
    "vacancy_lapsed": gettext_lazy("到期关闭"),
}
STEPS: dict[str, tuple[str, Callable[..., Vacancy], Words]] = {
    "pause": ("vacancy_paused", pause_vacancy, gettext_lazy("已暂停，居民看不到这个岗位了；收到的申请都在。")),
    "resume": ("vacancy_resumed", resume_vacancy, gettext_lazy("已恢复，附近的居民现在又能看到。")),
    "fill": ("vacancy_filled", fill_vacancy, gettext_lazy("已标为招满，没有答复的申请已告知对方。")),
    "close": ("vacancy_closed", close_vacancy, gettext_lazy("已关闭，没有答复的申请已告知对方。")),
}


@dataclass(frozen=True)
class Happening:
    """One line of a vacancy's history, for the timeline component."""

    at: datetime
    label: Words
    note: str = ""


@for_employers
@require_safe
def vacancy(request: SignedInRequest, organisation: Organisation, vacancy_id: int) -> HttpResponse:
    """The page of one vacancy."""
    held = own_vacancy(request.user, vacancy_id)
    return render(request, "hiring/vacancy.html", _context(held))


def _context(held: Vacancy) -> dict[str, Any]:
    today = timezone.localdate()
    findings = findings_of(held)
    counts = (
        held.applications.filter(folded_into=None)
        .exclude(state="withdrawn")
        .aggregate(all=Count("pk"), waiting=Count("pk", filter=Q(state__in=WAITING)))
    )
    applications_url = f"{reverse('hiring:applications')}?vacancy={held.pk}"
    return {
        "vacancy": held,
        "applications_url": applications_url,
        "waiting_url": f"{applications_url}&state=waiting",
        "tone": vacancy_tone(held.state),
        "is_draft": held.state == VacancyState.DRAFT,
        "is_open": held.state == VacancyState.OPEN,
        "findings": findings,
        "stops": stops(findings),
        "seen": resident_view(held, findings),
        "counts": counts,
        "left": left_words(held.open_until, today),
        "is_past": held.open_until < today,
        "can": steps_from(held.state),
        "can_edit": any(t.source == held.state and t.event == "vacancy_edited" for t in VACANCY),
        "history": history_of(held),
    }


def findings_of(held: Vacancy) -> list[dict[str, Any]]:
    """What the check found; a draft is looked at now, without changing it."""
    if held.state == VacancyState.DRAFT:
        return check_vacancy(held, day=timezone.localdate())
    return list(held.findings)


def steps_from(state: str) -> set[str]:
    """Which of STEPS the employer can take from a state."""
    events = {t.event for t in VACANCY if t.source == state and t.by == "employer"}
    return {name for name, (event, _service, _said) in STEPS.items() if event in events}


def history_of(held: Vacancy) -> list[Happening]:
    """What happened to a vacancy, in order, with a reviewer's reason."""
    events = Event.objects.filter(subject_kind=held._meta.label_lower, subject_id=str(held.pk)).order_by("-id")
    lines = [
        Happening(event.at, HAPPENED[event.verb], str(event.details.get("because", "")))
        for event in events[:HISTORY_MAX]
        if event.verb in HAPPENED
    ]
    return lines[::-1]


@for_employers
@require_POST
def step(request: SignedInRequest, organisation: Organisation, vacancy_id: int) -> HttpResponse:
    """Pause, resume, fill or close it."""
    held = own_vacancy(request.user, vacancy_id)
    if request.POST.get("step") not in STEPS:
        raise Http404
    _event, take, said = STEPS[request.POST["step"]]
    try:
        take(vacancy=held, actor=request.user)
        messages.success(request, said)
    except WorkError as error:
        messages.warning(request, str(error))
    return redirect("hiring:vacancy", vacancy_id)
