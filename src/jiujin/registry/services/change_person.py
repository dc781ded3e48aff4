"""Changes what is known of a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jiujin.core.services.record_event import Actor, record_event
from jiujin.registry.errors import AlreadyRegistered, IdentityFixed
from jiujin.registry.field_checks import checked_identity, checked_name, checked_phone, require_area
from jiujin.registry.models import Person
from jiujin.registry.services.lock import locked_person
from jiujin.registry.services.register_person import checked_birth
from jiujin.registry.services.set_address import follow_home_area
from jiujin.values import IdNumber

CHANGEABLE = frozenset({"name", "phone", "id_number", "born_on", "sex", "home_area_code"})


@transaction.atomic
def change_person(*, person: Person, actor: Actor, **fields: Any) -> Person:
    """Change the fields given (those of CHANGEABLE); None takes a value away, but for the name and an identity number.

    An identity number once known stays: it decides who a person is. A home known only by its community moves with the
    community. Nothing is written, and no event, where nothing changes.

    Raises AlreadyRegistered, IdentityFixed, IdNumberRefused, PersonMergedAway, NameMissing, PhoneInvalid, AreaUnknown.
    """
    unknown = fields.keys() - CHANGEABLE
    assert not unknown, f"a person has no {sorted(unknown)} to change"
    held = locked_person(person)
    wanted = _checked(held, fields)
    changed = sorted(name for name, value in wanted.items() if getattr(held, name) != value)
    if not changed:
        return held
    for name in changed:
        setattr(held, name, wanted[name])
    held.save()
    if "home_area_id" in changed:
        follow_home_area(held)
    record_event(actor=actor, verb="person_changed", subject=held, details={"fields": changed})
    return held


def _checked(held: Person, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The wanted values by the model's own names."""
    wanted: dict[str, Any] = {}
    if "name" in fields:
        wanted["name"] = checked_name(fields["name"])
    if "phone" in fields:
        wanted["phone"] = checked_phone(fields["phone"])
    if "home_area_code" in fields:
        require_area(fields["home_area_code"])
        wanted["home_area_id"] = fields["home_area_code"]
    if not {"id_number", "born_on", "sex"} & fields.keys():
        return wanted
    identity = _identity(held, fields.get("id_number"))
    told = {name: fields.get(name, None if identity else getattr(held, name)) for name in ("born_on", "sex")}
    wanted["born_on"], wanted["sex"] = checked_birth(told["born_on"], told["sex"], identity)
    if identity is not None:
        wanted["id_number"] = identity.number
    return wanted


def _identity(held: Person, number: str | None) -> IdNumber | None:
    """The person's identity from now on: the number held, or one given where none was held."""
    if held.id_number is not None:
        known = checked_identity(held.id_number)
        if number and checked_identity(number).number != known.number:
            raise IdentityFixed("id_number")
        return known
    if not number:
        return None
    identity = checked_identity(number)
    other = Person.objects.filter(id_number_index=identity.number).first()
    if other is not None:
        raise AlreadyRegistered(str(_("这个身份证号")), other.pk)
    return identity
