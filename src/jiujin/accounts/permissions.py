"""The one table of who may enter which room; the navigation, the views and the test of every page read it."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db import models

from jiujin.accounts.models import Role, User


class Room(models.TextChoices):
    """A part of the site that a role is let into as a whole."""

    PUBLIC = "public", "公开"
    HOME = "home", "今天"
    PLAN = "plan", "依据"
    ROSTERS = "rosters", "名单核对"
    USERS = "users", "账号"


EVERYONE = frozenset({Room.PUBLIC})
SIGNED_IN = EVERYONE | {Room.HOME, Room.PLAN}

# The three administrators keep the system; they do not see the content of anyone's work.
ROOMS: dict[Role, frozenset[Room]] = {
    Role.CLERK: SIGNED_IN | {Room.ROSTERS},
    Role.REVIEWER: SIGNED_IN | {Room.ROSTERS},
    Role.FINANCE: SIGNED_IN | {Room.ROSTERS},
    Role.OPERATOR: SIGNED_IN | {Room.ROSTERS},
    Role.SCHOOL: SIGNED_IN | {Room.ROSTERS},
    Role.TOWNSHIP: SIGNED_IN | {Room.ROSTERS},
    Role.SUPERVISOR: SIGNED_IN | {Room.ROSTERS},
    Role.LEADER: SIGNED_IN,
    Role.ADMINISTRATOR: SIGNED_IN | {Room.USERS},
    Role.SECURITY_ADMINISTRATOR: SIGNED_IN,
    Role.AUDIT_ADMINISTRATOR: SIGNED_IN,
}

# Payees (`payee.role` in a plan pack) that a role acts for: their schemes come first on that role's first page.
PAYEES: dict[Role, frozenset[str]] = {
    Role.OPERATOR: frozenset({"operator"}),
    Role.SCHOOL: frozenset({"technical_school"}),
}


def rooms_of(user: User | AnonymousUser) -> frozenset[Room]:
    """The rooms this person may enter; someone not signed in has only the public ones."""
    if not isinstance(user, User):
        return EVERYONE
    return ROOMS[Role(user.role)]


def may_enter(user: User | AnonymousUser, room: Room) -> bool:
    """Whether this person may enter the room."""
    return room in rooms_of(user)
