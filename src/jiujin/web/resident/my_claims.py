"""What was claimed in my name: which subsidy, by whom, how far it is; and where to say that something is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room
from jiujin.claims.models import ClaimLine
from jiujin.claims.states import LineState
from jiujin.core.plan_in_force import plan_in_force
from jiujin.plan import Plan
from jiujin.web.claims.opened_line import Way, way_of
from jiujin.web.claims.words import amount_words, scheme_name, state_tone
from jiujin.web.resident.standing import resident_of

PAGE_ROWS = 10


@dataclass(frozen=True)
class InMyName:
    """One line about me, with its way."""

    line: Any
    scheme: str
    tone: str
    amount: str
    way: list[Way]


@in_room(Room.NEAR)
@require_safe
def claims(request: SignedInRequest) -> HttpResponse:
    """The lines that were sent, the latest first; drafts are the payee's own affair."""
    person = resident_of(request.user)
    if person is None:
        return render(request, "resident/nobody.html")
    lines = ClaimLine.objects.filter(person=person).exclude(state=LineState.DRAFT).select_related("payee", "claim")
    page = Paginator(lines.order_by("-state_at", "-pk"), PAGE_ROWS).get_page(request.GET.get("page"))
    plan = plan_in_force()
    mine = [_shown(line, plan) for line in page]
    return render(request, "resident/claims.html", {"mine": mine, "page": page})


def _shown(line: Any, plan: Plan) -> InMyName:
    return InMyName(
        line, scheme_name(plan, line.scheme), state_tone(line.state), amount_words(line), way_of(line, names=False)[1:]
    )
