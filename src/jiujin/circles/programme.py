"""Reads of the circles' programme: contracts, posts, help and follow-up; the viewer comes first and bounds what is seen."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from jiujin.accounts.models import Role, User
from jiujin.accounts.permissions import Room, may_enter
from jiujin.circles.certified import certified_on
from jiujin.circles.models import Circle, Engagement, FollowUp, HelpPlan, PilotCommunity, PostHolding, WelfarePost
from jiujin.circles.queries import SEE_CIRCLES_OF_THEIR_AREA, circles_seen_by, people_served_by
from jiujin.registry.models import Person
from jiujin.values import add_months
from jiujin.work.acting_for import operator_of, organisation_acted_for
from jiujin.work.follow_up import follow_up_months
from jiujin.work.models import Placement

LATE_DAYS: Final = 45  # how long the desk goes on asking; not a rule of the plan


def pilots() -> QuerySet[PilotCommunity]:
    """The communities that were marked as pilots; public as the plan is."""
    return PilotCommunity.objects.select_related("community__parent").order_by("chosen_on", "pk")


def engagements_seen_by(viewer: User) -> QuerySet[Engagement]:
    """The contracts of the circles that the viewer sees; an operator's own."""
    contracts = Engagement.objects.select_related("circle__community", "operator")
    if viewer.role == Role.OPERATOR:
        operator = operator_of(viewer)
        return contracts.filter(operator=operator) if operator else contracts.none()
    return contracts.filter(circle__in=circles_seen_by(viewer).values("pk"))


def engagements_of(viewer: User, circle: Circle) -> QuerySet[Engagement]:
    """The contracts of a circle that the viewer sees, the latest first."""
    return engagements_seen_by(viewer).filter(circle=circle).order_by("-start_on", "pk")


def posts_seen_by(viewer: User) -> QuerySet[WelfarePost]:
    """The posts of the viewer's area; of the operator that led to them; of the entity itself."""
    posts = WelfarePost.objects.select_related("entity", "operator", "circle")
    if viewer.role in SEE_CIRCLES_OF_THEIR_AREA:
        area = viewer.area_code
        near = Q(entity__area__code__startswith=area) | Q(circle__community__code__startswith=area)
        return posts.filter(near) if area else posts
    if viewer.role == Role.SPECIALIST:
        return posts.filter(circle__in=circles_seen_by(viewer).values("pk"))
    organisation = organisation_acted_for(viewer)
    if organisation is None:
        return posts.none()
    return posts.filter(Q(operator=organisation) | Q(entity=organisation))


def holdings_seen_by(viewer: User) -> QuerySet[PostHolding]:
    """Who holds or held the posts that the viewer sees."""
    held = PostHolding.objects.filter(post__in=posts_seen_by(viewer).values("pk"))
    return held.select_related("person", "post__entity", "post__operator")


def may_record_months(viewer: User, post: WelfarePost) -> bool:
    """Whether the viewer records attendance on a post: who keeps the posts, and the entity itself."""
    if may_enter(viewer, Room.POST_CHANGES):
        return True
    organisation = organisation_acted_for(viewer)
    return organisation is not None and organisation.pk == post.entity_id


def with_holders(posts: QuerySet[WelfarePost], day: date) -> QuerySet[WelfarePost]:
    """Posts with how many hold them on a day, as `holders`."""
    on = _running("holdings__", day)
    return posts.annotate(holders=Count("holdings", on))


def _running(path: str, day: date) -> Q:
    return (
        Q(**{f"{path}start_on__lte": day})
        & (Q(**{f"{path}left_on": None}) | Q(**{f"{path}left_on__gte": day}))
        & (Q(**{f"{path}end_on": None}) | Q(**{f"{path}end_on__gte": day}))
    )


def holdings_of(post: WelfarePost) -> QuerySet[PostHolding]:
    """Who holds or held a post, the latest first, with the months."""
    return post.holdings.select_related("person").prefetch_related("months").order_by("-start_on", "pk")


def help_plans_seen_by(viewer: User) -> QuerySet[HelpPlan]:
    """The plans of the people whom the viewer serves, the latest first."""
    plans = HelpPlan.objects.filter(person__in=people_served_by(viewer).values("pk"))
    return plans.select_related("person__home_area__parent", "circle", "made_by").order_by("-made_on", "pk")


def without_a_plan(viewer: User, day: date) -> QuerySet[Person]:
    """The people in difficulty whom the viewer serves and who have no open plan."""
    certified = certified_on(day).values("person")
    planned = HelpPlan.objects.filter(ended_on=None).values("person")
    return people_served_by(viewer).filter(pk__in=certified).exclude(pk__in=planned).distinct()


def follow_ups_due(viewer: User, day: date, people: QuerySet[Person] | None = None) -> QuerySet[Any]:
    """The placements of people in difficulty whom somebody should ask now, the plan's months after the start.

    `people` are those whom the viewer serves, where they are at hand.
    Each has `due_months`. Later than LATE_DAYS nobody is reminded any more; it can still be recorded.
    """
    due = Q(pk__in=[])
    cases = []
    for months in follow_up_months(day):
        last = add_months(day, -months)
        when = Q(start_on__lte=last, start_on__gt=last - timedelta(days=LATE_DAYS))
        due |= when
        cases.append(When(when, then=Value(months)))
    served = people_served_by(viewer) if people is None else people
    placements = Placement.objects.filter(due, person__in=served.values("pk"))
    placements = placements.annotate(due_months=Case(*cases, output_field=IntegerField()))
    certified = certified_on(day).filter(person=OuterRef("person"))
    asked = FollowUp.objects.filter(placement=OuterRef("pk"), after_months=OuterRef("due_months"))
    placements = placements.filter(Exists(certified), ~Exists(asked))
    return placements.select_related("person__home_area__parent", "employer").order_by("start_on", "pk")
