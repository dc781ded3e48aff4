"""Uses a code, sent or handed over: once, in time, with few tries. What is wrong with a code is never told apart."""

from __future__ import annotations

import hmac
import re
import unicodedata
from datetime import datetime
from typing import Final

from django.db import transaction

from jiujin.accounts.errors import CodeWrong
from jiujin.accounts.models import SignInCode
from jiujin.accounts.services.count_sign_ins import count_try, forgive_tries
from jiujin.accounts.services.hand_code import handed_hash
from jiujin.accounts.services.send_code import ACTOR, phone_index, sent_hash
from jiujin.core.services.record_event import record_event

TRIES_MAX: Final = 5

_NOT_DIGITS = re.compile(r"\D")


def use_code(*, phone: str, digits: str, now: datetime) -> None:
    """Use up the code that was sent to this telephone last. Raises CodeWrong; the try is counted all the same."""
    if not _try_sent_code(phone, _bare(digits), now):
        raise CodeWrong


def use_handed_code(*, digits: str, address: str, now: datetime) -> int:
    """Use up a code that was handed over; gives the id of the person it was handed over for.

    Raises CodeWrong, and SignInLocked where this address tried too often.
    """
    tried = f"handed-code:{address}"
    count_try(username=tried, address=address, now=now)
    person_id = _use_handed(_bare(digits), now)
    if person_id is None:
        raise CodeWrong
    forgive_tries(username=tried, address=address)
    return person_id


@transaction.atomic
def _try_sent_code(phone: str, digits: str, now: datetime) -> bool:
    """Count the try on the code, and use it up where it is right."""
    index = phone_index(phone)
    live = SignInCode.objects.select_for_update().filter(phone_index=index, used_at=None, expires_at__gt=now)
    code = live.order_by("-made_at", "-pk").first()
    if code is None or code.tries >= TRIES_MAX:
        return False
    code.tries += 1
    is_right = hmac.compare_digest(code.code_hash, sent_hash(index, digits))
    if is_right:
        code.used_at = now
        record_event(actor=ACTOR, verb="sign_in_code_used", subject=code)
    code.save(update_fields=["tries", "used_at"])
    return is_right


@transaction.atomic
def _use_handed(digits: str, now: datetime) -> int | None:
    live = SignInCode.objects.select_for_update().filter(used_at=None, expires_at__gt=now, phone_index=None)
    code = live.filter(code_hash=handed_hash(digits)).first()
    if code is None:
        return None
    code.used_at = now
    code.save(update_fields=["used_at"])
    record_event(actor=ACTOR, verb="sign_in_code_used", subject=code, details={"person": code.handed_for})
    return code.handed_for


def _bare(digits: str) -> str:
    """The digits alone: people type them with spaces, or in full width."""
    return _NOT_DIGITS.sub("", unicodedata.normalize("NFKC", digits))[:20]
