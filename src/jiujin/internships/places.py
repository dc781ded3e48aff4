"""How many people a post still takes."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import OuterRef

from jiujin.core.subqueries import SubqueryCount
from jiujin.internships.models import InternApplication, InternPost, Internship
from jiujin.internships.states import ApplicationState, InternshipState

HOLDING = (ApplicationState.RECOMMENDED, ApplicationState.ACCEPTED)
THERE = (InternshipState.AGREED, InternshipState.RUNNING)


def places_left(post_ids: Iterable[int]) -> dict[int, int]:
    """Places of some posts that neither an open recommendation nor an intern of now holds, in one statement."""
    held = InternApplication.objects.filter(recommended_to=OuterRef("pk"), state__in=HOLDING)
    there = Internship.objects.filter(post=OuterRef("pk"), state__in=THERE)
    counted = InternPost.objects.filter(pk__in=list(post_ids)).annotate(
        held=SubqueryCount(held),
        there=SubqueryCount(there),  # joined together they would be multiplied
    )
    return {post.pk: post.headcount - post.held - post.there for post in counted.order_by("pk")}
