"""Writes one record of a source down: new, changed or unchanged, however often it comes."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from jiujin.core.encryption import blind_index
from jiujin.core.services.record_event import Actor
from jiujin.exchange.imports.models import ImportKind, SourceRecord
from jiujin.exchange.imports.records import OrganisationRecord, PersonRecord, Record, VacancyRecord
from jiujin.exchange.imports.scope import Outcome, Scope
from jiujin.exchange.imports.services.put_organisation import put_organisation
from jiujin.exchange.imports.services.put_person import put_person
from jiujin.exchange.imports.services.put_vacancy import put_vacancy
from jiujin.registry.models import Organisation, Person
from jiujin.work.models import Vacancy

PLACE: Final = "exchange_sourcerecord.digest"
KEY_CHARACTERS_MAX: Final = 80
Writer = Callable[..., tuple[int, Outcome]]
WRITERS: Final[dict[str, tuple[type[Record], Writer]]] = {
    ImportKind.PERSON: (PersonRecord, put_person),
    ImportKind.ORGANISATION: (OrganisationRecord, put_organisation),
    ImportKind.VACANCY: (VacancyRecord, put_vacancy),
}

SUBJECTS: Final[dict[str, Any]] = {
    ImportKind.PERSON: Person,
    ImportKind.ORGANISATION: Organisation,
    ImportKind.VACANCY: Vacancy,
}


def put_record(*, kind: str, record: Any, source: str, key: str, scope: Scope, actor: Actor) -> Outcome:
    """Write the record down under its source's own key, all or nothing.

    What the source said last time word for word changes nothing, also where somebody has changed the record since. Two that
    bring the same key at once follow each other. Raises the errors of the registry, of work and of `imports.errors`.
    """
    try:
        return _put(kind, record, source, key, scope, actor)
    except IntegrityError:  # another wrote this key first: now it is there
        return _put(kind, record, source, key, scope, actor)


@transaction.atomic
def _put(kind: str, record: Any, source: str, key: str, scope: Scope, actor: Actor) -> Outcome:
    digest = blind_index(record.model_dump_json(exclude_none=True), place=PLACE)
    held = SourceRecord.objects.select_for_update().filter(source=source, kind=kind, key=key).first()
    if held is not None and bytes(held.digest) == digest and SUBJECTS[kind].objects.filter(pk=held.subject_id).exists():
        return Outcome.UNCHANGED
    _type, write = WRITERS[kind]
    known = held.subject_id if held else None
    subject_id, outcome = write(record=record, known=known, key=_own_key(source, key), scope=scope, actor=actor)
    SourceRecord.objects.update_or_create(
        source=source,
        kind=kind,
        key=key,
        defaults={"subject_id": subject_id, "digest": digest, "changed_at": timezone.now()},
    )
    return outcome


def _own_key(source: str, key: str) -> str:
    """The key that the record itself keeps where it has a field for one: short enough, and no other source's."""
    whole = f"{source}:{key}"
    return whole if len(whole) <= KEY_CHARACTERS_MAX else sha256(whole.encode()).hexdigest()
