"""The organisation for which a user acts, as the records of work keep it."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from jiujin.accounts.models import User
from jiujin.core.one_moment import once_while_reading
from jiujin.registry.models import Membership, Organisation, OrganisationKind
from jiujin.registry.queries import organisation_of


def organisation_acted_for(user: User) -> Organisation | None:
    """The organisation of the user's membership; for an account without one, of the name on the account."""
    return once_while_reading(("organisation_acted_for", user.pk), lambda: _acted_for(user))


def _acted_for(user: User) -> Organisation | None:
    if not user.organisation_name:
        return organisation_of(user)
    member = Exists(Membership.objects.filter(user=user, organisation=OuterRef("pk")))
    meant = Organisation.objects.annotate(is_member=member).filter(Q(is_member=True) | Q(name=user.organisation_name))
    found = list(meant.order_by("-is_member", "pk")[:2])
    return found[0] if found and (found[0].is_member or len(found) == 1) else None  # two of one name say nothing


def operator_of(user: User) -> Organisation | None:
    """The operator for which the user acts, if it is one."""
    organisation = organisation_acted_for(user)
    return organisation if organisation and OrganisationKind.OPERATOR in organisation.kinds else None
