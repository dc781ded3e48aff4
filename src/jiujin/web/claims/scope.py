"""The doors of these pages: whose claim, whose line; another's looks the same as one that never was."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.models import User
from jiujin.accounts.permissions import Room
from jiujin.claims.models import Claim, ClaimLine
from jiujin.claims.queries import claims_seen_by, lines_seen_by
from jiujin.claims.services.file_claim import KINDS
from jiujin.plan import Plan, Scheme
from jiujin.registry.models import Organisation
from jiujin.web.claims.words import clause_order
from jiujin.work.acting_for import organisation_acted_for

PayeeView = Callable[..., HttpResponse]


def schemes_of(plan: Plan, organisation: Organisation) -> list[Scheme]:
    """The schemes by which this organisation is paid, in the order of their clauses."""
    return [scheme for scheme in clause_order(plan) if KINDS.get(scheme.payee.role) in organisation.kinds]


def for_payees(view: PayeeView) -> Callable[..., HttpResponseBase]:
    """A view of the claims' room that is handed the organisation; an account without one is told what to do."""

    @wraps(view)
    def with_organisation(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        organisation = organisation_acted_for(request.user)
        if organisation is None:
            return render(request, "claims/no_organisation.html")
        return view(request, organisation, *args, **kwargs)

    return in_room(Room.CLAIMS)(with_organisation)


def own_claim(viewer: User, claim_id: UUID) -> Claim:
    """The claim, if the viewer may see it."""
    claim = claims_seen_by(viewer).select_related("payee", "stamped_scan", "roster").filter(pk=claim_id).first()
    if claim is None:
        raise Http404
    return claim


def own_line(viewer: User, line_id: int) -> ClaimLine:
    """The line, if the viewer may see it."""
    line = lines_seen_by(viewer).select_related("claim", "payee", "person").filter(pk=line_id).first()
    if line is None:
        raise Http404
    return line
