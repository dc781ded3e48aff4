"""Gives a registered person their own sign-in."""

from __future__ import annotations

from uuid import uuid4

from django.db import transaction

from jiujin.accounts.models import Role, User
from jiujin.core.services.record_event import Actor, record_event
from jiujin.registry.errors import SignInClosed
from jiujin.registry.models import Person


@transaction.atomic
def give_sign_in(*, person: Person, actor: Actor) -> User:
    """The person's sign-in, made where there is none; it has no password.

    Raises SignInClosed where it was disabled, or is somebody's who works here: a code on a telephone opens no office.
    """
    held = Person.objects.select_for_update(of=("self",)).select_related("user").get(pk=person.pk)
    if held.user is not None:
        if not held.user.is_active or held.user.role != Role.RESIDENT:
            raise SignInClosed
        return held.user
    user = make_resident(held.name)
    held.user = user
    held.save(update_fields=["user"])
    record_event(actor=actor, verb="sign_in_given", subject=held, details={"user": user.pk})
    return user


def make_resident(name: str) -> User:
    """A resident's user without a password, within the caller's transaction."""
    user = User(username=f"resident-{uuid4().hex}", display_name=name, role=Role.RESIDENT)
    user.set_unusable_password()
    user.save()
    return user
