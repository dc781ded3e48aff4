"""Takes a kept file away."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.utils import timezone

from jiujin.core.services.record_event import Actor, record_event
from jiujin.registry.models import EvidenceFile
from jiujin.registry.storage import delete_sealed


@transaction.atomic
def remove_evidence(*, evidence: EvidenceFile, actor: Actor) -> EvidenceFile:
    """Mark the file removed, and delete its content once that is committed; its record stays. Removed twice is removed once."""
    held = EvidenceFile.objects.select_for_update().get(pk=evidence.pk)
    if held.removed_at is None:
        held.removed_at = timezone.now()
        held.save(update_fields=["removed_at"])
        details = {"about": held.subject_kind, "of": held.subject_id, "sm3": held.sm3}
        record_event(actor=actor, verb="evidence_removed", subject=held, details=details)
        transaction.on_commit(partial(delete_sealed, held.pk))
    return held
