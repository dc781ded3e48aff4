"""Makes a code that a specialist or clerk hands to a person who has no telephone, or cannot read a message."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from jiujin.accounts.models import SignInCode
from jiujin.accounts.services.send_code import made_digits
from jiujin.core.encryption import blind_index
from jiujin.core.services.record_event import Actor, record_event

HANDED_DIGITS: Final = 9  # nothing else says whose it is, so it is longer than a sent one
HANDED_LIFE: Final = timedelta(days=1)


@transaction.atomic
def hand_code(*, handed_for: int, actor: Actor, now: datetime) -> str:
    """A new code for one person (their record's id), to be said or written down once, as `327 518 904`.

    It works once within HANDED_LIFE; a code handed to the same person before no longer works. That the actor may see the
    person is the caller's to check.
    """
    SignInCode.objects.filter(handed_for=handed_for, used_at=None, expires_at__gt=now).update(expires_at=now)
    digits = _unused_digits(now)
    code = SignInCode.objects.create(
        handed_for=handed_for, code_hash=handed_hash(digits), made_at=now, expires_at=now + HANDED_LIFE
    )
    record_event(actor=actor, verb="sign_in_code_handed", subject=code, details={"person": handed_for})
    return " ".join(digits[start : start + 3] for start in range(0, HANDED_DIGITS, 3))


def handed_hash(digits: str) -> str:
    """What is kept of a handed code: a keyed hash."""
    return blind_index(digits, place="accounts_signincode.handed").hex()


def _unused_digits(now: datetime) -> str:
    """Digits that stand for nobody else now."""
    while True:
        digits = made_digits(HANDED_DIGITS)
        if not SignInCode.objects.filter(code_hash=handed_hash(digits), used_at=None, expires_at__gt=now).exists():
            return digits
