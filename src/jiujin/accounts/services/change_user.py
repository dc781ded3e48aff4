"""Changes what a user is: name, role, area, organisation, and whether they may sign in."""

from __future__ import annotations

from django.db import transaction

from jiujin.accounts.errors import OwnAccount
from jiujin.accounts.models import Role, User


@transaction.atomic
def change_user(
    *, by: User, user: User, display_name: str, role: Role, area_code: str, organisation_name: str, is_active: bool
) -> None:
    """Keep the new particulars; a disabled user is out at the next request.

    Raises OwnAccount where administrators would shut themselves out, and ValidationError for a field that will not do.
    """
    if by.pk == user.pk and (not is_active or role != user.role):
        raise OwnAccount
    user.display_name, user.role, user.area_code = display_name, role, area_code
    user.organisation_name, user.is_active = organisation_name, is_active
    user.full_clean()
    user.save(update_fields=["display_name", "role", "area_code", "organisation_name", "is_active"])
