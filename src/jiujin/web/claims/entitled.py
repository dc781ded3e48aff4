"""Who is entitled and has not asked: claims filled in from the records, waiting for the payee's one confirmation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jiujin.accounts.access import SignedInRequest
from jiujin.claims.errors import ClaimRefused
from jiujin.claims.models import RecordGap, Source
from jiujin.claims.queries import claims_seen_by, gaps_seen_by
from jiujin.claims.services.confirm_screened import confirm_screened
from jiujin.claims.states import ClaimState
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


def _gap(gap: RecordGap, plan: Plan) -> dict[str, str]:
    """Who would be entitled but for one fact that nobody has written down."""
    fact = plan.facts.get(gap.missing)
    return {
        "name": mask_name(gap.person.name),
        "scheme": scheme_name(plan, gap.scheme),
        "missing": fact.label if fact else gap.missing,
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
