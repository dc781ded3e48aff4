"""How many people a post still takes."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Q

from jiujin.internships.models import InternPost
from jiujin.internships.states import ApplicationState, InternshipState

HOLDING = (ApplicationState.RECOMMENDED, ApplicationState.ACCEPTED)
THERE = (InternshipState.AGREED, InternshipState.RUNNING)


def places_left(post_ids: Iterable[int]) -> dict[int, int]:
    """Places of some posts that neither an open recommendation nor an intern of now holds, in one statement."""
    counted = InternPost.objects.filter(pk__in=list(post_ids)).annotate(
        held=Count("applications", filter=Q(applications__state__in=HOLDING), distinct=True),
        there=Count("internships", filter=Q(internships__state__in=THERE), distinct=True),
    )
    return {post.pk: post.headcount - post.held - post.there for post in counted.order_by("pk")}
