"""Who is entitled and has not asked: claims filled in from the records, waiting for the payee's one confirmation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.permissions import Room
from jiujin.claims.errors import ClaimRefused
from jiujin.claims.models import RecordGap, Source
from jiujin.claims.queries import claims_seen_by, gaps_seen_by
from jiujin.claims.services.confirm_screened import confirm_screened
from jiujin.claims.services.file_claim import KINDS
from jiujin.claims.states import ClaimState
from jiujin.claims.steps import COUNTER
from jiujin.core.plan_in_force import plan_in_force
from jiujin.plan import Plan
from jiujin.registry.models import Organisation
from jiujin.values import mask_name
from jiujin.web.claims.claim_list import with_counts
from jiujin.web.claims.scope import for_payees, own_claim
from jiujin.web.claims.words import scheme_name

PAGE_ROWS = 20
GAPS_SHOWN = 100


@dataclass(frozen=True)
class Found:
    """One claim that waits, with its scheme's name."""

    claim: Any
    scheme: str


@for_payees
@require_safe
def entitled(request: SignedInRequest, organisation: Organisation) -> HttpResponse:
    """The claims that wait, the latest first."""
    waiting = claims_seen_by(request.user).filter(source=Source.SCREENING, state=ClaimState.DRAFT)
    page = Paginator(with_counts(waiting).order_by("-made_at", "pk"), PAGE_ROWS).get_page(request.GET.get("page"))
    plan = plan_in_force()
    found = [Found(claim, scheme_name(plan, claim.scheme)) for claim in page]
    gaps = list(gaps_seen_by(request.user)[:GAPS_SHOWN])
    context = {"found": found, "page": page, "gaps": [_gap(gap, plan) for gap in gaps]}
    return render(request, "claims/entitled.html", context)


@in_room(Room.CLAIM_QUEUE)
@require_safe
def office_entitled(request: SignedInRequest) -> HttpResponse:
    """For the office: what waits for whom, what waits for the office to name the payee, and who lacks one thing alone."""
    plan = plan_in_force()
    waiting = with_counts(claims_seen_by(request.user).filter(source=Source.SCREENING, state=ClaimState.DRAFT))
    nobodys = list(waiting.filter(payee=None).order_by("scheme", "pk"))
    page = Paginator(waiting.exclude(payee=None).order_by("-made_at", "pk"), PAGE_ROWS).get_page(
        request.GET.get("page")
    )
    gaps = gaps_seen_by(request.user)
    lacking = gaps.order_by("scheme", "missing").values_list("scheme", "missing").annotate(n=Count("pk"))
    context = {
        "nobodys": [
            NobodysClaim(claim, scheme_name(plan, claim.scheme), _may_be_paid(plan, claim)) for claim in nobodys
        ],
        "may_confirm": _may_confirm(request),
        "found": [Found(claim, scheme_name(plan, claim.scheme)) for claim in page],
        "page": page,
        "lacking": [(scheme_name(plan, scheme), fact_label(plan, fact), n) for scheme, fact, n in lacking],
    }
    return render(request, "claims/office_entitled.html", context)


@dataclass(frozen=True)
class NobodysClaim:
    """A claim whose payee the office names, and who that may be."""

    claim: Any
    scheme: str
    payees: list[Organisation]


def _may_be_paid(plan: Plan, claim: Any) -> list[Organisation]:
    """The organisations that the scheme may pay."""
    kind = KINDS.get(plan.scheme(claim.scheme).payee.role)
    return list(Organisation.objects.filter(kinds__contains=[kind]).order_by("name", "pk")) if kind else []


@in_room(Room.CLAIM_QUEUE)
@require_POST
def office_confirm(request: SignedInRequest, claim_id: UUID) -> HttpResponse:
    """The office says who is paid, and sends the claim for them."""
    claim = claims_seen_by(request.user).filter(pk=claim_id, source=Source.SCREENING).first()
    if claim is None or not _may_confirm(request):
        raise Http404
    chosen = request.POST.get("payee", "")
    payee = Organisation.objects.filter(pk=int(chosen)).first() if chosen.isascii() and chosen.isdigit() else None
    try:
        confirm_screened(claim=claim, payee=payee, actor=request.user, now=timezone.now())
        messages.success(request, _("已确认并提交 %(number)s。") % {"number": claim.number})
    except ClaimRefused as error:
        messages.warning(request, str(error))
    return redirect("claims:queue-entitled")


def _may_confirm(request: SignedInRequest) -> bool:
    """Whether the officer speaks for the whole district at the counter: such a claim has people of every township."""
    return request.user.role == COUNTER and not request.user.area_code


def fact_label(plan: Plan, fact: str) -> str:
    """What a fact is called; its id where the plan has lost it."""
    return plan.facts[fact].label if fact in plan.facts else fact


def _gap(gap: RecordGap, plan: Plan) -> dict[str, str]:
    """Who would be entitled but for one fact that nobody has written down."""
    return {
        "name": mask_name(gap.person.name),
        "scheme": scheme_name(plan, gap.scheme),
        "missing": fact_label(plan, gap.missing),
    }


@for_payees
@require_POST
def confirm(request: SignedInRequest, organisation: Organisation, claim_id: UUID) -> HttpResponse:
    """The one confirmation: the claim is the payee's own from now on, and is sent."""
    claim = own_claim(request.user, claim_id)
    try:
        confirm_screened(claim=claim, actor=request.user, now=timezone.now())
        messages.success(request, _("已确认并提交 %(number)s。") % {"number": claim.number})
    except ClaimRefused as error:
        messages.warning(request, str(error))
    return redirect("claims:claim", claim.pk)
