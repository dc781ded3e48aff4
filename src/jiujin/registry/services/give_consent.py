"""Records that a person agreed to a purpose."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from jiujin.accounts.models import User
from jiujin.core.services.record_event import record_event
from jiujin.registry.models import Consent, ConsentChannel, Person, Purpose
from jiujin.registry.services.lock import locked_person


@transaction.atomic
def give_consent(*, person: Person, purpose: Purpose, channel: ConsentChannel, actor: User) -> Consent:
    """The person's consent to the purpose from now on; one that stands already is left as it is.

    Raises PersonMergedAway.
    """
    held = locked_person(person)
    standing = Consent.objects.filter(person=held, purpose=purpose, withdrawn_at=None).first()
    if standing is not None:
        return standing
    consent = Consent.objects.create(
        person=held,
        purpose=Purpose(purpose),
        channel=ConsentChannel(channel),
        given_at=timezone.now(),
        recorded_by=actor,
    )
    details = {"purpose": consent.purpose, "channel": consent.channel}
    record_event(actor=actor, verb="consent_given", subject=held, details=details)
    return consent
