"""Writes a person of a source down."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from jiujin.core.proof import Proof
from jiujin.core.services.record_event import Actor
from jiujin.exchange.imports.records import PersonRecord
from jiujin.exchange.imports.scope import Outcome, Scope, area_code_of
from jiujin.exchange.imports.services.put_place import put_place
from jiujin.registry.errors import FieldInvalid
from jiujin.registry.field_checks import checked_identity
from jiujin.registry.models import Person, PriorityStatus
from jiujin.registry.residents import person_behind
from jiujin.registry.services.change_person import change_person
from jiujin.registry.services.record_priority_status import record_priority_status
from jiujin.registry.services.register_person import register_person


def put_person(*, record: PersonRecord, known: int | None, key: str, scope: Scope, actor: Actor) -> tuple[int, Outcome]:
    """Register the person or change what is new of them, within the caller's transaction.

    They are who the source's key stood for last time, else whose identity number it is. Raises the registry's errors.
    """
    area = area_code_of(record.area)
    person = _known_person(record, known)
    scope.check_area(area or (person.home_area_id if person else None))
    if person is not None:
        scope.check_area(person.home_area_id)
    told: dict[str, Any] = {
        "name": record.name,
        "id_number": record.id_number,
        "born_on": record.born_on,
        "sex": record.sex,
        "phone": record.phone,
        "home_area_code": area,
    }
    if person is None:
        person = register_person(actor=actor, **told)
        outcome = Outcome.NEW
    else:
        before = _facts(person)
        given = {name: value for name, value in told.items() if value is not None}
        person = change_person(person=person, actor=actor, **given)
        outcome = Outcome.UNCHANGED if _facts(person) == before else Outcome.CHANGED
    moved = put_place(person, record, actor=actor)
    belongs = _put_status(person, record, actor)
    if outcome == Outcome.UNCHANGED and (moved or belongs):
        outcome = Outcome.CHANGED
    return person.pk, outcome


def _known_person(record: PersonRecord, known: int | None) -> Person | None:
    held = person_behind(known) if known is not None else None
    if held is not None or record.id_number is None:
        return held
    number = checked_identity(record.id_number).number
    found = Person.objects.filter(id_number_index=number).first()
    return person_behind(found.pk) if found else None


def _facts(person: Person) -> tuple[Any, ...]:
    return (person.name, person.id_number, person.born_on, person.sex, person.phone, person.home_area_id)


def _put_status(person: Person, record: PersonRecord, actor: Actor) -> bool:
    """Record the priority group where it is new or other than it was; whether it was."""
    if record.category is None:
        return False
    if record.category_since is None:
        raise FieldInvalid("category_since", _("填了人员类别，没有填从哪天起，没有保存。请补上日期。"))
    documented = bool(record.certified_by and record.certified_on)
    proof = Proof.DOCUMENTED if documented else Proof.DECLARED
    held = PriorityStatus.objects.filter(
        person=person, category=record.category, start_on=record.category_since
    ).first()
    certified = (record.certified_by or "", record.certified_on)
    if held is not None and (held.proof >= proof or (held.certified_by, held.certified_on) == certified):
        return False
    record_priority_status(
        person=person,
        category=record.category,
        start_on=record.category_since,
        end_on=held.end_on if held else None,
        certified_by=certified[0],
        certified_on=certified[1],
        proof=proof,
        actor=actor,
    )
    return True
