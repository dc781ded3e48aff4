"""Registers a person."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from jiujin.core.services.record_event import Actor, record_event
from jiujin.registry.errors import AlreadyRegistered, FieldInvalid, IdentityFixed
from jiujin.registry.field_checks import checked_identity, checked_name, checked_phone, require_area
from jiujin.registry.models import Person, Sex
from jiujin.values import DEMO_AREA, IdNumber

OLDEST_BORN_ON = date(1900, 1, 1)


@transaction.atomic
def register_person(
    *,
    name: str,
    actor: Actor,
    id_number: str | None = None,
    born_on: date | None = None,
    sex: str | None = None,
    phone: str | None = None,
    home_area_code: str | None = None,
) -> Person:
    """Register a person: by identity number, which also says birth date and sex, or without one until they give it.

    A number of the demonstration makes them synthetic. Raises IdNumberRefused, IdentityFixed, AlreadyRegistered,
    NameMissing, PhoneInvalid, FieldInvalid, AreaUnknown.
    """
    identity = checked_identity(id_number) if id_number else None
    born_on, sex = checked_birth(born_on, sex, identity)
    require_area(home_area_code)
    fields = {
        "name": checked_name(name),
        "phone": checked_phone(phone),
        "born_on": born_on,
        "sex": sex,
        "home_area_id": home_area_code,
    }
    if identity is None:
        person = Person.objects.create(**fields)
    else:
        fields |= {"id_number": identity.number, "is_synthetic": identity.number.startswith(DEMO_AREA)}
        person, is_new = Person.objects.get_or_create(id_number_index=identity.number, defaults=fields)
        if not is_new:
            raise AlreadyRegistered(str(_("这个身份证号")), person.pk)
    record_event(actor=actor, verb="person_registered", subject=person, details={"identified": identity is not None})
    return person


def checked_birth(born_on: date | None, sex: str | None, identity: IdNumber | None) -> tuple[date | None, str | None]:
    """Birth date and sex as the number says, else as told. Raises IdentityFixed and FieldInvalid."""
    if identity is not None:
        for field, told, known in (("born_on", born_on, identity.born_on), ("sex", sex, identity.sex)):
            if told is not None and told != known:
                raise IdentityFixed(field)
        return identity.born_on, identity.sex
    if born_on is not None and born_on < OLDEST_BORN_ON:
        raise FieldInvalid("born_on", _("出生日期早得没有道理，没有保存。请核对。"))
    if sex is not None and sex not in Sex.values:
        raise FieldInvalid("sex", _("性别只能是男或女，没有保存。不知道的请留空。"))
    return born_on, sex
