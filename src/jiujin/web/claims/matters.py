"""Objections to published lines and appeals against rejections: a list, and the answer to each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room
from jiujin.claims.errors import ClaimRefused
from jiujin.claims.models import Appeal, Objection
from jiujin.claims.queries import lines_seen_by
from jiujin.claims.services.answer_appeal import answer_appeal
from jiujin.claims.services.answer_objection import answer_objection
from jiujin.claims.states import MatterState
from jiujin.core.plan_in_force import plan_in_force
from jiujin.web.claims.words import scheme_name, subject_name

PAGE_ROWS = 20
ANSWER_CHARACTERS = 1000


class AnswerForm(forms.Form):
    """Upheld or dismissed, and why."""

    upheld = forms.ChoiceField(choices=[("yes", ""), ("reject", ""), ("no", "")])
    answer = forms.CharField(label=gettext_lazy("答复"), max_length=ANSWER_CHARACTERS)


@in_room(Room.CLAIM_QUEUE)
@require_safe
def matters(request: SignedInRequest) -> HttpResponse:
    """What was raised, the oldest that waits first; answered ones below."""
    seen = lines_seen_by(request.user)
    related = ("line__person", "line__payee", "line__claim", "answered_by")
    objections = Objection.objects.filter(line__in=seen.order_by().values("pk")).select_related(*related, "notice")
    appeals = Appeal.objects.filter(line__in=seen.order_by().values("pk")).select_related(*related, "raised_by")
    answered = request.GET.get("state") == "answered"
    states = [MatterState.UPHELD, MatterState.DISMISSED] if answered else [MatterState.RAISED]
    order = "-answered_at" if answered else "raised_at"
    page = request.GET.get("page")
    plan = plan_in_force()
    context = {
        "objections": _shown(
            Paginator(objections.filter(state__in=states).order_by(order, "pk"), PAGE_ROWS).get_page(page), plan
        ),
        "appeals": _shown(
            Paginator(appeals.filter(state__in=states).order_by(order, "pk"), PAGE_ROWS).get_page(page), plan
        ),
        "answered": answered,
    }
    return render(request, "claims/matters.html", context)


def _shown(page: Any, plan: Any) -> list[dict[str, Any]]:
    return [
        {"matter": each, "subject": subject_name(each.line), "scheme": scheme_name(plan, each.line.scheme)}
        for each in page
    ]


@in_room(Room.CLAIM_QUEUE)
@require_POST
def objection(request: SignedInRequest, objection_id: int) -> HttpResponse:
    """Answer an objection; upheld, the line is returned or rejected."""
    held = Objection.objects.filter(pk=objection_id, line__in=lines_seen_by(request.user).order_by().values("pk"))
    then = "rejected" if request.POST.get("upheld") == "reject" else "returned"
    return _answer(request, held.exists(), answer_objection, {"objection_id": objection_id, "then": then})


@in_room(Room.CLAIM_QUEUE)
@require_POST
def appeal(request: SignedInRequest, appeal_id: int) -> HttpResponse:
    """Answer an appeal; upheld, the line is accepted again."""
    held = Appeal.objects.filter(pk=appeal_id, line__in=lines_seen_by(request.user).order_by().values("pk"))
    return _answer(request, held.exists(), answer_appeal, {"appeal_id": appeal_id})


def _answer(request: SignedInRequest, known: bool, service: Callable[..., Any], which: dict[str, Any]) -> HttpResponse:
    if not known:
        raise Http404
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("没有写答复，没有保存。答复会告诉提出的人。"))
        return redirect("claims:matters")
    try:
        service(
            **which,
            upheld=form.cleaned_data["upheld"] != "no",
            answer=form.cleaned_data["answer"],
            actor=request.user,
            now=timezone.now(),
        )
        messages.success(request, _("已答复。"))
    except ClaimRefused as error:
        messages.warning(request, str(error))
    return redirect("claims:matters")
