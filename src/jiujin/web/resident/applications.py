"""What I applied for, and what a specialist recommended to me."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room
from jiujin.work.errors import WorkError
from jiujin.work.models import Application, Introduction
from jiujin.work.queries import applications_of, contact_phone_for, introductions_of
from jiujin.work.services.answer_application import withdraw_application
from jiujin.work.services.introduce import answer_introduction
from jiujin.work.states import OPEN_APPLICATION, ApplicationState, IntroductionState

PAGE_ROWS = 20
TONES = {ApplicationState.ACCEPTED: "late", ApplicationState.HIRED: "met"}


@dataclass(frozen=True)
class Mine:
    """One application with what the page says of it."""

    application: Application
    tone: str
    can_withdraw: bool
    phone: str | None


@in_room(Room.NEAR)
@require_safe
def applications(request: SignedInRequest) -> HttpResponse:
    """Recommendations that wait for an answer first, then the applications, the latest first."""
    page = Paginator(applications_of(request.user), PAGE_ROWS).get_page(request.GET.get("page"))
    mine = [
        Mine(
            application,
            TONES.get(ApplicationState(application.state), "plain"),
            application.state in OPEN_APPLICATION,
            contact_phone_for(request.user, application.vacancy)
            if application.state in (ApplicationState.ACCEPTED, ApplicationState.HIRED)
            else None,
        )
        for application in page
    ]
    waiting = introductions_of(request.user).filter(state=IntroductionState.MADE)[:PAGE_ROWS]
    return render(request, "resident/applications.html", {"mine": mine, "page": page, "introductions": waiting})


@in_room(Room.NEAR)
@require_POST
def withdraw(request: SignedInRequest, application_id: UUID) -> HttpResponse:
    """Take an application back."""
    application = applications_of(request.user).filter(pk=application_id).first()
    if application is None:
        raise Http404
    try:
        withdraw_application(application=application, actor=request.user)
    except WorkError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("已撤回，单位看不到您的申请了。想再投，打开岗位就可以。"))
    return redirect("near:applications")


@in_room(Room.NEAR)
@require_POST
def take_up(request: SignedInRequest, introduction_id: UUID) -> HttpResponse:
    """Yes to a recommendation: it becomes an application."""
    return _answer(request, introduction_id, "introduction_taken_up", _("已投递，单位会在这里回复您。"))


@in_room(Room.NEAR)
@require_POST
def decline(request: SignedInRequest, introduction_id: UUID) -> HttpResponse:
    """No to a recommendation."""
    return _answer(request, introduction_id, "introduction_declined", _("好的，已告诉推荐的人。不影响以后的推荐。"))


def _answer(request: SignedInRequest, introduction_id: UUID, event: str, words: str) -> HttpResponse:
    introduction: Introduction | None = introductions_of(request.user).filter(pk=introduction_id).first()
    if introduction is None:
        raise Http404
    try:
        answer_introduction(introduction=introduction, event=event, actor=request.user)
    except WorkError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, words)
    return redirect("near:applications")
