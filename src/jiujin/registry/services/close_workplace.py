"""Closes a place of work: it takes no new vacancy."""

from __future__ import annotations

from django.db import transaction

from jiujin.core.services.record_event import Actor, record_event
from jiujin.registry.models import Workplace


@transaction.atomic
def close_workplace(*, workplace: Workplace, actor: Actor) -> Workplace:
    """Close the place; one that is closed already is left as it is. What was recorded of it stays."""
    held = Workplace.objects.select_for_update().get(pk=workplace.pk)
    if held.is_open:
        held.is_open = False
        held.save(update_fields=["is_open"])
        record_event(actor=actor, verb="workplace_closed", subject=held)
    return held
