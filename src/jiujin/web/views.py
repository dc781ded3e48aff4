"""The first page."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.models import Role, User
from jiujin.accounts.permissions import PAYEES, Room, may_enter
from jiujin.core.current_plan import current_plan
from jiujin.exchange.check_list import check_tone, check_url
from jiujin.exchange.models import RosterCheck
from jiujin.exchange.queries import checks_of
from jiujin.plan import Plan, Scheme
from jiujin.web.hiring.home import home as hiring_home
from jiujin.web.plan_reader.lists import amount_words, unset_names
from jiujin.web.plan_reader.words import limit_words
from jiujin.web.resident.search_page import search

RECENT_CHECKS = 5


@dataclass(frozen=True)
class SchemeCard:
    """A scheme as a task: what it pays, how often, what is still to be set."""

    scheme: Scheme
    place: str
    amount: str
    limit: str
    unset: list[str]


@dataclass(frozen=True)
class RecentCheck:
    """A check as a line of the first page."""

    check: RosterCheck
    url: str
    tone: str


@in_room(Room.HOME)
@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    """What the person came to do: for a resident what is near, for a specialist today's list, for an employer their vacancies;
    for others their own schemes or all of them, their recent checks, what the plan waits for.
    """
    plan, user = current_plan(), request.user
    if user.role == Role.RESIDENT:
        return search(request)
    if user.role == Role.EMPLOYER:
        return hiring_home(request)
    if user.role == Role.SPECIALIST:
        return redirect("desk:today")
    checks = [RecentCheck(check, check_url(check), check_tone(check)) for check in checks_of(user)[:RECENT_CHECKS]]
    context = {
        "plan": plan,
        "may_check": may_enter(user, Room.ROSTERS),
        "checks": checks,
        "cards": scheme_cards(plan, user),
        "unset": sum(p.status == "unset" for p in plan.parameters.values()),
        "unconfirmed": sum(r.decided_by is None for r in plan.readings.values()),
    }
    return render(request, "home.html", context)


def scheme_cards(plan: Plan, user: User) -> list[SchemeCard]:
    """The schemes that the person's role is paid by; none where the role acts for no payee."""
    payees = PAYEES.get(Role(user.role), frozenset())
    return [
        SchemeCard(
            scheme,
            plan.clauses[scheme.clause].place,
            amount_words(plan, scheme),
            limit_words(plan, scheme.limit),
            unset_names(plan, scheme),
        )
        for scheme in plan.schemes.values()
        if scheme.payee.role in payees
    ]
