"""Lets a sign-in act for an organisation."""

from __future__ import annotations

from django.db import transaction

from jiujin.accounts.models import User
from jiujin.core.services.record_event import Actor, record_event
from jiujin.registry.errors import OrganisationOfAnother
from jiujin.registry.models import Membership, Organisation


@transaction.atomic
def join_organisation(*, user: User, organisation: Organisation, actor: Actor) -> Membership:
    """The user's membership, made where there is none. Raises OrganisationOfAnother."""
    User.objects.select_for_update().get(pk=user.pk)
    held = Membership.objects.select_related("organisation").filter(user=user).first()
    if held is not None:
        if held.organisation_id != organisation.pk:
            raise OrganisationOfAnother(held.organisation.name)
        return held
    membership = Membership.objects.create(user=user, organisation=organisation)
    record_event(actor=actor, verb="organisation_joined", subject=organisation, details={"user": user.pk})
    return membership
