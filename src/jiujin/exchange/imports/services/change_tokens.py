"""Makes and revokes the tokens of the API."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from jiujin.accounts.models import User
from jiujin.core.services.record_event import record_event
from jiujin.exchange.imports.models import ApiToken
from jiujin.registry.models import Organisation

PREFIX: Final = "jj_"
RANDOM_BYTES: Final = 32
PERSON_TOKEN_AGE: Final = timedelta(days=90)  # what decides and pays for somebody is made anew each quarter
PERSON_SOURCE: Final = "person"


@dataclass(frozen=True)
class MadeToken:
    """A token that was made, and its text, which is shown once and kept by nobody here."""

    token: ApiToken
    text: str


@transaction.atomic
def make_token(*, name: str, source: str, organisation: Organisation | None, actor: User) -> MadeToken:
    """A new token for a program named `source`, of one organisation or of the bureau."""
    text = PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
    token = ApiToken.objects.create(
        name=name, source=source, organisation=organisation, token_hash=token_hash(text), made_by=actor
    )
    details = {"source": source, "organisation": organisation.pk if organisation else None}
    record_event(actor=actor, verb="api_token_made", subject=token, details=details)
    return MadeToken(token, text)


@transaction.atomic
def make_own_token(*, name: str, actor: User) -> MadeToken:
    """A token by which a program acts as the person who makes it; nobody makes one for another."""
    text = PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
    token = ApiToken.objects.create(
        name=name, source=PERSON_SOURCE, person=actor, token_hash=token_hash(text), made_by=actor
    )
    record_event(actor=actor, verb="api_token_made", subject=token, details={"person": actor.pk})
    return MadeToken(token, text)


@transaction.atomic
def revoke_token(*, token: ApiToken, actor: User) -> ApiToken:
    """Let it open nothing from now on; what it brought stays."""
    held = ApiToken.objects.select_for_update().get(pk=token.pk)
    if held.revoked_at is None:
        held.revoked_at = timezone.now()
        held.save(update_fields=["revoked_at"])
        record_event(actor=actor, verb="api_token_revoked", subject=held)
    return held


def token_hash(text: str) -> str:
    """What is kept of a token: with 256 random bits a plain hash cannot be turned back."""
    return hashlib.sha256(text.encode()).hexdigest()


def token_of(text: str) -> ApiToken | None:
    """The token of a program of this text, if it opens anything."""
    return _held(text).filter(person=None).first()


def own_token_of(text: str) -> ApiToken | None:
    """The token of a person of this text, if it is young enough and the person still works here."""
    made_after = timezone.now() - PERSON_TOKEN_AGE
    return _held(text).filter(person__is_active=True, made_at__gt=made_after).first()


def _held(text: str) -> QuerySet[ApiToken]:
    tokens = ApiToken.objects.select_related("organisation", "person").filter(revoked_at=None)
    if not text.startswith(PREFIX) or len(text) > 100:
        return tokens.none()
    return tokens.filter(token_hash=token_hash(text))
