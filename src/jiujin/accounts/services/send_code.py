"""Sends a telephone a short code to sign in with. Whether anybody is registered with that telephone plays no part."""

from __future__ import annotations

import re
import secrets
import unicodedata
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from jiujin.accounts.errors import CodesTooMany, PhoneNotMobile
from jiujin.accounts.models import SignInCode
from jiujin.core.encryption import blind_index
from jiujin.core.models import OutboundMessage
from jiujin.core.services.post_message import post_message
from jiujin.core.services.record_event import record_event

DIGITS: Final = 6
LIFE: Final = timedelta(minutes=10)
PAUSE: Final = timedelta(minutes=1)
WINDOW: Final = timedelta(hours=1)
PHONE_CODES_MAX: Final = 5
ADDRESS_CODES_MAX: Final = 60  # one address may be a whole village behind one gateway
KEPT: Final = timedelta(days=1)
ACTOR: Final = "system:sign-in"

_MOBILE = re.compile(r"1\d{10}")
_COUNTRY = re.compile(r"^(\+|00)86")
_BETWEEN = re.compile(r"[\s\-()（）.]")


@transaction.atomic
def send_code(*, phone: str, address: str, now: datetime) -> OutboundMessage:
    """Put a new code for this telephone into the outbox; codes sent before it no longer work.

    Args:
        phone: as `mobile_number` gives it.
        address: whoever asks, see `client_address`.

    Raises CodesTooMany, and then nothing is sent.
    """
    index = phone_index(phone)
    _wait_for_others(f"code:{index.hex()}", f"code-from:{address}")
    SignInCode.objects.filter(expires_at__lt=now - KEPT).delete()
    _refuse_too_many(index, address, now)
    SignInCode.objects.filter(phone_index=index, used_at=None, expires_at__gt=now).update(expires_at=now)
    digits = made_digits(DIGITS)
    code = SignInCode.objects.create(
        phone_index=index,
        code_hash=sent_hash(index, digits),
        asked_from=address,
        made_at=now,
        expires_at=now + LIFE,
    )
    record_event(actor=ACTOR, verb="sign_in_code_sent", subject=code)
    words = _("您的登录验证码是 %(code)s，%(minutes)s 分钟内有效。不是您本人操作，请不要告诉任何人。")
    return post_message(to=phone, text=words % {"code": digits, "minutes": LIFE // timedelta(minutes=1)})


def mobile_number(text: str) -> str:
    """The eleven digits of a mobile number however it was written. Raises PhoneNotMobile."""
    digits = _COUNTRY.sub("", _BETWEEN.sub("", unicodedata.normalize("NFKC", text)))
    if not (digits.isascii() and _MOBILE.fullmatch(digits)):
        raise PhoneNotMobile
    return digits


def phone_index(phone: str) -> bytes:
    """What a code keeps of the telephone it went to."""
    return blind_index(phone, place="accounts_signincode.phone")


def sent_hash(index: bytes, digits: str) -> str:
    """What is kept of a sent code: a keyed hash, bound to its telephone."""
    return blind_index(f"{index.hex()}/{digits}", place="accounts_signincode.code").hex()


def made_digits(count: int) -> str:
    """Random digits."""
    return f"{secrets.randbelow(10**count):0{count}d}"


def _wait_for_others(*names: str) -> None:
    """Let asks for one telephone, and from one address, wait for each other, so that many at once are counted one by one."""
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])


def _refuse_too_many(index: bytes, address: str, now: datetime) -> None:
    limits = (
        (Q(phone_index=index), 1, PAUSE),
        (Q(phone_index=index), PHONE_CODES_MAX, WINDOW),
        (Q(asked_from=address), ADDRESS_CODES_MAX, WINDOW),
    )
    for whose, codes_max, window in limits:
        # Another may be asked for when the code that filled the count leaves the window.
        made = SignInCode.objects.filter(whose).order_by("-made_at").values_list("made_at", flat=True)
        filling = made[codes_max - 1 : codes_max].first()
        if filling is not None and filling > now - window:
            raise CodesTooMany(ceil((filling + window - now) / timedelta(seconds=1)))
