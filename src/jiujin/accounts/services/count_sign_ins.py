"""Slows down guessing: each try is counted before the password is looked at, and too many lock the door for a while.

Three counts run at once, so that one guesser can neither try many passwords on a name, nor one password on many names,
nor shut a person out from every address with a handful of tries.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

from django.db import connection, transaction
from django.db.models import Q

from jiujin.accounts.errors import SignInLocked
from jiujin.accounts.models import SignInFailure

WINDOW = timedelta(minutes=15)
FAILURES_MAX_PAIR = 5
FAILURES_MAX_USERNAME = 30
FAILURES_MAX_ADDRESS = 60
LONGEST_USERNAME = 150


def count_try(*, username: str, address: str, now: datetime) -> None:
    """Count a try as failed until `forgive_tries` says otherwise. Raises SignInLocked, and then counts nothing."""
    name = _key(username)
    with transaction.atomic():
        # Tries on one name wait for each other, so that many at once are counted one by one.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"sign-in:{name}"])
        SignInFailure.objects.filter(failed_at__lte=now - WINDOW).delete()
        _refuse_where_locked(name, address, now)
        SignInFailure.objects.create(username=name, address=address, failed_at=now)


def forgive_tries(*, username: str, address: str) -> None:
    """Forget the failed tries on this name from this address: the right password was given."""
    SignInFailure.objects.filter(username=_key(username), address=address).delete()


def forgive_name(*, username: str) -> None:
    """Forget the failed tries on this name from everywhere: it has a new password."""
    SignInFailure.objects.filter(username=_key(username)).delete()


def _refuse_where_locked(name: str, address: str, now: datetime) -> None:
    limits = (
        (Q(username=name, address=address), FAILURES_MAX_PAIR),
        (Q(username=name), FAILURES_MAX_USERNAME),
        (Q(address=address), FAILURES_MAX_ADDRESS),
    )
    for who, failures_max in limits:
        # The lock opens when the failure that filled the count leaves the window.
        filling = SignInFailure.objects.filter(who).order_by("-failed_at")[failures_max - 1 : failures_max].first()
        if filling is not None:
            raise SignInLocked(ceil((filling.failed_at + WINDOW - now) / timedelta(minutes=1)))


def _key(username: str) -> str:
    return username.strip().casefold()[:LONGEST_USERNAME]
