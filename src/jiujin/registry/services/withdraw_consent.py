"""Records that a person took a consent back."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from jiujin.accounts.models import User
from jiujin.core.services.record_event import record_event
from jiujin.registry.models import Consent, ConsentChannel, Person, Purpose
from jiujin.registry.services.lock import locked_person


@transaction.atomic
def withdraw_consent(*, person: Person, purpose: Purpose, channel: ConsentChannel, actor: User) -> Consent | None:
    """The consent that stood until now; None where none stood, and nothing is changed. `channel` is how they said it.

    Raises PersonMergedAway.
    """
    held = locked_person(person)
    standing = Consent.objects.filter(person=held, purpose=purpose, withdrawn_at=None).first()
    if standing is None:
        return None
    standing.withdrawn_at = max(timezone.now(), standing.given_at)
    standing.save(update_fields=["withdrawn_at"])
    details = {"purpose": standing.purpose, "channel": ConsentChannel(channel).value}
    record_event(actor=actor, verb="consent_withdrawn", subject=held, details=details)
    return standing
