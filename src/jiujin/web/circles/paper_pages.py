"""Papers of the circles: what chose a pilot, the street's decision, contracts and their acceptance, posts and attendance."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.views.decorators.http import require_POST, require_safe

from jiujin.accounts.access import SignedInRequest, in_room
from jiujin.accounts.models import User
from jiujin.accounts.permissions import Room
from jiujin.circles.models import Engagement, PilotCommunity, PostHolding, StreetDecision, WelfarePost
from jiujin.circles.programme import engagements_seen_by, holdings_seen_by, may_record_months, posts_seen_by
from jiujin.circles.queries import circles_seen_by, may_change_circles
from jiujin.web.papers import Held, Papers, Table, attach_paper, show_paper

ATTENDANCE, DEVELOPMENT = "attendance_record", "post_development_record"


def _pilots(viewer: User) -> QuerySet[PilotCommunity]:
    return PilotCommunity.objects.filter(community__in=circles_seen_by(viewer).values("community"))


def _decisions(viewer: User) -> QuerySet[StreetDecision]:
    return StreetDecision.objects.filter(circle__in=circles_seen_by(viewer).values("pk"))


def _changes(viewer: User, record: object) -> bool:
    return may_change_circles(viewer)


CIRCLE_TABLE: Final[Table] = {
    PilotCommunity: Held(_pilots, _changes),
    StreetDecision: Held(_decisions, _changes),
    Engagement: Held(engagements_seen_by, _changes),
}
POST_TABLE: Final[Table] = {
    WelfarePost: Held(posts_seen_by, may_record_months, DEVELOPMENT),
    PostHolding: Held(holdings_seen_by, lambda viewer, held: may_record_months(viewer, held.post), ATTENDANCE),
}


def circle_papers(viewer: User) -> Papers:
    """The papers of how a circle is run, still to be read."""
    return Papers(viewer, CIRCLE_TABLE, "circles")


def post_papers(viewer: User) -> Papers:
    """The papers of posts, still to be read."""
    return Papers(viewer, POST_TABLE, "circles", "post-paper")


@in_room(Room.CIRCLES)
@require_safe
def paper(request: SignedInRequest, circle_paper_id: UUID) -> HttpResponse:
    """One paper of how a circle is run."""
    return show_paper(request, circle_paper_id, CIRCLE_TABLE)


@in_room(Room.CIRCLE_CHANGES)
@require_POST
def attach(request: SignedInRequest) -> HttpResponse:
    """Attach one to a pilot, a decision or a contract."""
    return attach_paper(request, CIRCLE_TABLE)


@in_room(Room.POSTS)
@require_safe
def post_paper(request: SignedInRequest, post_paper_id: UUID) -> HttpResponse:
    """One paper of a post or of somebody on it."""
    return show_paper(request, post_paper_id, POST_TABLE)


@in_room(Room.POSTS)
@require_POST
def attach_to_post(request: SignedInRequest) -> HttpResponse:
    """Attach one to a post, or to somebody on it."""
    return attach_paper(request, POST_TABLE)
