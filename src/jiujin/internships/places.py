"""How many people a post still takes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from jiujin.internships.models import InternApplication, InternPost, Internship
from jiujin.internships.states import ApplicationState, InternshipState

HOLDING = (ApplicationState.RECOMMENDED, ApplicationState.ACCEPTED)
THERE = (InternshipState.AGREED, InternshipState.RUNNING)


def places_left(post_ids: Iterable[int]) -> dict[int, int]:
    """Places of some posts that neither an open recommendation nor an intern of now holds, in one statement."""
    held = InternApplication.objects.filter(recommended_to=OuterRef("pk"), state__in=HOLDING)
    there = Internship.objects.filter(post=OuterRef("pk"), state__in=THERE)
    counted = InternPost.objects.filter(pk__in=list(post_ids)).annotate(held=_count_of(held), there=_count_of(there))
    return {post.pk: post.headcount - post.held - post.there for post in counted.order_by("pk")}


def _count_of(records: QuerySet[Any]) -> Coalesce:
    """How many of them each post has: one of the two at a time, as joined together they would be multiplied."""
    return Coalesce(Subquery(records.order_by().values(_all=Value(1)).annotate(n=Count("pk")).values("n")), 0)
