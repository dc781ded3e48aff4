"""Which fair, intent or visit a viewer may open: one place, and every page of the fairs goes through it."""

from __future__ import annotations

from django.http import Http404

from jiujin.accounts.access import SignedInRequest
from jiujin.accounts.models import User
from jiujin.accounts.permissions import Room, may_enter
from jiujin.fairs.models import EnterpriseVisit, Fair, FairIntent
from jiujin.fairs.queries import fairs_seen_by, intents_seen_by, is_host, visits_seen_by


def own_fair(request: SignedInRequest, fair_id: int) -> Fair:
    """The fair, if the viewer sees it. Raises Http404."""
    fair = fairs_seen_by(request.user).filter(pk=fair_id).first()
    if fair is None:
        raise Http404
    return fair


def hosted_fair(request: SignedInRequest, fair_id: int) -> Fair:
    """The fair, if the viewer answers for it. Raises Http404."""
    fair = own_fair(request, fair_id)
    if not may_change(request.user, fair):
        raise Http404
    return fair


def may_change(viewer: User, fair: Fair) -> bool:
    """Whether the viewer may change this fair."""
    return may_enter(viewer, Room.FAIR_CHANGES) and is_host(viewer, fair)


def own_intent(request: SignedInRequest, intent_id: int) -> FairIntent:
    """The intent, if the viewer sees it. Raises Http404."""
    intent = intents_seen_by(request.user).filter(pk=intent_id).first()
    if intent is None:
        raise Http404
    return intent


def own_visit(request: SignedInRequest, visit_id: int) -> EnterpriseVisit:
    """The visit, if the viewer sees it. Raises Http404."""
    visit = visits_seen_by(request.user).filter(pk=visit_id).first()
    if visit is None:
        raise Http404
    return visit
