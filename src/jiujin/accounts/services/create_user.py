"""Makes a user."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from jiujin.accounts.models import Role, User


@transaction.atomic
def create_user(
    *, username: str, password: str, display_name: str, role: Role, area_code: str = "", organisation_name: str = ""
) -> User:
    """A new user who can sign in at once.

    Raises ValidationError where a field or the password is not acceptable, or the username is taken.
    """
    user = User(
        username=User.normalize_username(username),
        display_name=display_name,
        role=role,
        area_code=area_code,
        organisation_name=organisation_name,
    )
    validate_password(password, user)
    user.set_password(password)
    user.full_clean()
    user.save()
    return user
