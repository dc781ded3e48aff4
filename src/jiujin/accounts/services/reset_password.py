"""Gives a user a new password, to be handed over and changed."""

from __future__ import annotations

from django.db import transaction

from jiujin.accounts.models import User
from jiujin.accounts.passwords import made_password
from jiujin.accounts.services.count_sign_ins import forgive_name


@transaction.atomic
def reset_password(*, user: User) -> str:
    """The new password, said this once; the user's sessions end and failed tries on the name are forgotten."""
    password = made_password()
    user.set_password(password)
    user.save(update_fields=["password"])
    forgive_name(username=user.username)
    return password
