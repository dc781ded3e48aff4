"""The organisation for which a user acts, as the records of work keep it."""

from __future__ import annotations

from jiujin.accounts.models import User
from jiujin.registry.models import Organisation, OrganisationKind
from jiujin.registry.queries import organisation_of


def organisation_acted_for(user: User) -> Organisation | None:
    """The organisation of the user's membership; for an account without one, of the name on the account."""
    member = organisation_of(user)
    if member is not None or not user.organisation_name:
        return member
    named = Organisation.objects.filter(name=user.organisation_name)[:2]
    return named[0] if len(named) == 1 else None  # two of one name say nothing


def operator_of(user: User) -> Organisation | None:
    """The operator for which the user acts, if it is one."""
    organisation = organisation_acted_for(user)
    return organisation if organisation and OrganisationKind.OPERATOR in organisation.kinds else None
