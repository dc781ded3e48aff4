"""Words and tones of the internships' states, and small amounts."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from jiujin.accounts.models import Role, User
from jiujin.internships import pack
from jiujin.registry.models import Person
from jiujin.values import format_yuan, mask_name

TONES: Final = {
    "applied": "late", "recognised": "met", "refused": "unmet", "withdrawn": "plain", "eligible": "met",
    "recommended": "late", "accepted": "met", "declined": "unmet", "started": "plain", "agreed": "late",
    "running": "met", "interrupted": "unmet", "completed": "met", "hired_early": "plain",
}  # fmt: skip


def tone(state: str) -> str:
    """The colour of a state."""
    return TONES.get(state, "plain")


def group_words(code: str) -> str:
    """A group of the plan's by its name."""
    return pack.groups().get(code, code)


def yuan(fen: int | None) -> str:
    """An amount as people write it; nothing where it is not known."""
    return "" if fen is None else _("%(yuan)s 元") % {"yuan": format_yuan(fen)}


def fen(amount: Decimal | None) -> int | None:
    """Yuan with two places as fen."""
    return None if amount is None else int(amount * 100)


def name_for(viewer: User, person: Person) -> str:
    """A name in a list: whole for the unit whose intern it is, masked for others."""
    return person.name if viewer.role == Role.EMPLOYER else mask_name(person.name)
