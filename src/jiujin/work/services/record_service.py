"""Records that a person was served: a call, a visit, a meeting; or several people in one session."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from jiujin.accounts.models import User
from jiujin.core.services.record_event import record_event
from jiujin.registry.models import Person
from jiujin.work.acting_for import operator_of
from jiujin.work.errors import DayInFuture, FieldInvalid, IdTaken, NobodyNamed
from jiujin.work.models import GroupSession, ServiceKind, ServiceRecord
from jiujin.work.vacancy_fields import plain_text

NOTE_CHARACTERS = 1000
SESSION_PEOPLE_MAX = 300


@transaction.atomic
def record_service(
    *,
    id: UUID,  # made by the phone that records it, perhaps without a net: sent twice, it is once
    person: Person,
    kind: ServiceKind,
    served_on: date,
    actor: User,
    note: str = "",
    session: GroupSession | None = None,
    today: date | None = None,
) -> ServiceRecord:
    """Record one service of one person; the same id again gives the record that it stands for.

    Raises DayInFuture, FieldInvalid, IdTaken.
    """
    if kind not in ServiceKind.values:
        raise FieldInvalid("kind", f"没有“{kind}”这种服务方式")
    if served_on > (today or timezone.localdate()):
        raise DayInFuture(served_on)
    record, is_new = ServiceRecord.objects.get_or_create(
        id=id,
        defaults={
            "person": person,
            "kind": kind,
            "served_on": served_on,
            "served_by": actor,
            "operator": operator_of(actor),
            "session": session,
            "note": plain_text(note)[:NOTE_CHARACTERS],
        },
    )
    if (record.person_id, record.served_by_id) != (person.pk, actor.pk):
        raise IdTaken
    if is_new:
        details = {"person": person.pk, "kind": str(kind), "served_on": served_on.isoformat()}
        record_event(actor=actor, verb="service_recorded", subject=record, details=details)
    return record


@transaction.atomic
def hold_session(
    *,
    id: UUID,
    title: str,
    held_on: date,
    people: Iterable[Person],
    actor: User,
    place: str = "",
    note: str = "",
    today: date | None = None,
) -> GroupSession:
    """Record one session and a service for each person; the same id again adds only the people who were not on it yet.

    Raises NobodyNamed, FieldInvalid, DayInFuture, IdTaken.
    """
    attending = {person.pk: person for person in people}
    if not 1 <= len(attending) <= SESSION_PEOPLE_MAX:
        raise NobodyNamed(len(attending), SESSION_PEOPLE_MAX)
    title, place = plain_text(title)[:120], plain_text(place)[:120]
    if not title:
        raise FieldInvalid("title", "活动名称没有填")
    session, is_new = GroupSession.objects.get_or_create(
        id=id, defaults={"title": title, "place": place, "held_on": held_on, "held_by": actor}
    )
    if session.held_by_id != actor.pk:
        raise IdTaken
    if is_new:
        details = {"people": len(attending), "held_on": held_on.isoformat()}
        record_event(actor=actor, verb="session_held", subject=session, details=details)
    for pk in sorted(attending):
        record_service(
            id=uuid5(session.pk, str(pk)),
            person=attending[pk],
            kind=ServiceKind.SESSION,
            served_on=session.held_on,
            actor=actor,
            note=note,
            session=session,
            today=today,
        )
    return session
