"""A public-welfare post and somebody on it, seen by a viewer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from jiujin.accounts.models import Role, User
from jiujin.circles.models import PostHolding, WelfarePost
from jiujin.registry.models import Membership, OrganisationKind
from jiujin.work.acting_for import operator_of, organisation_acted_for
from tests.registry.factories import make_organisation, make_person


def post_parts(viewer: User) -> dict[str, Any]:
    """A post of the viewer's, or that was led to by whom they act for, and a holding that runs."""
    start = timezone.localdate() - timedelta(days=100)
    entity = organisation_acted_for(viewer) if viewer.role == Role.EMPLOYER else None
    if entity is None:
        entity = make_organisation(OrganisationKind.OPERATOR)
        if viewer.role == Role.EMPLOYER:
            Membership.objects.create(user=viewer, organisation=entity)
    post = WelfarePost.objects.create(
        entity=entity, operator=operator_of(viewer), title="保洁", headcount=2, developed_on=start
    )
    holding = PostHolding.objects.create(
        post=post, person=make_person(), start_on=start, end_on=start + timedelta(days=300)
    )
    return {"post_id": post.pk, "holding_id": holding.pk}
