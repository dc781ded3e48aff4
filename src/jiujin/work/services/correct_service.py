"""Mends a record of a service that was entered wrongly; what was recorded stays, beside what is right."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from jiujin.accounts.models import Role, User
from jiujin.core.services.record_event import record_event
from jiujin.work.errors import CorrectedAlready, DayInFuture, FieldInvalid, IdTaken, NotYourRecord, ReasonMissing
from jiujin.work.models import ServiceKind, ServiceRecord
from jiujin.work.services.record_service import NOTE_CHARACTERS
from jiujin.work.vacancy_fields import plain_text

REASON_CHARACTERS = 200
CORRECT_FOR_OTHERS = frozenset({Role.CLERK})


@transaction.atomic
def correct_service(
    *,
    id: UUID,
    record: ServiceRecord,
    kind: str,
    served_on: date,
    note: str,
    reason: str,
    actor: User,
    today: date | None = None,
) -> ServiceRecord:
    """Record what was really done in the place of a record that stands; the same id again gives the correction it stands for.

    Raises NotYourRecord, CorrectedAlready, ReasonMissing, FieldInvalid, DayInFuture, IdTaken.
    """
    if kind not in ServiceKind.values:
        raise FieldInvalid("kind", f"没有“{kind}”这种服务方式")
    if served_on > (today or timezone.localdate()):
        raise DayInFuture(served_on)
    told = {"kind": kind, "served_on": served_on, "note": plain_text(note)[:NOTE_CHARACTERS]}
    return _put_in_its_place(id, record, reason, actor, "service_corrected", told)


@transaction.atomic
def void_service(*, id: UUID, record: ServiceRecord, reason: str, actor: User) -> ServiceRecord:
    """Record that the service of a record that stands was never given; the same id again changes nothing.

    Raises NotYourRecord, CorrectedAlready, ReasonMissing, IdTaken.
    """
    return _put_in_its_place(id, record, reason, actor, "service_voided", {"stands": False})


def may_correct(record: ServiceRecord, viewer: User) -> bool:
    """Whether the viewer may mend this record: whoever recorded it, and a clerk."""
    return record.served_by_id == viewer.pk or viewer.role in CORRECT_FOR_OTHERS


def _put_in_its_place(
    id: UUID, record: ServiceRecord, reason: str, actor: User, verb: str, told: dict[str, object]
) -> ServiceRecord:
    held = ServiceRecord.objects.select_for_update().get(pk=record.pk)
    if not may_correct(held, actor):
        raise NotYourRecord
    because = plain_text(reason)[:REASON_CHARACTERS]
    if not because:
        raise ReasonMissing
    made = ServiceRecord.objects.filter(pk=id).first()
    if made is not None:
        if made.corrects_id != held.pk:
            raise IdTaken
        return made
    if not held.stands:
        raise CorrectedAlready
    held.stands = False
    held.save(update_fields=["stands"])
    kept = {
        name: getattr(held, name)
        for name in ("person", "kind", "served_on", "served_by", "operator", "session", "note")
    }
    correction = ServiceRecord.objects.create(
        id=id, corrects=held, corrected_because=because, entered_by=actor, **{**kept, **told}
    )
    changed = sorted(name for name, value in told.items() if getattr(held, name) != value)
    details = {"by": str(correction.pk), "fields": changed}
    record_event(actor=actor, verb=verb, subject=held, details=details)
    return correction
