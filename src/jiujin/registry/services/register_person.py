"""Registers a person."""

from __future__ import annotations

import re

from django.conf import settings
from django.db import transaction

from jiujin.registry.errors import AlreadyRegistered, AreaUnknown, PhoneInvalid
from jiujin.registry.models import Area, Person
from jiujin.values import DEMO_AREA, check_id_number

PHONE = re.compile(r"\d{5,15}")


@transaction.atomic
def register_person(
    *, id_number: str, name: str, phone: str | None = None, home_area_code: str | None = None
) -> Person:
    """Register a person by identity number, which also says birth date and sex; a demo number makes them synthetic.

    Raises IdNumberError, AlreadyRegistered, PhoneInvalid, AreaUnknown.
    """
    identity = check_id_number(id_number, demo=settings.DEMO)
    if phone is not None and not PHONE.fullmatch(phone):
        raise PhoneInvalid
    require_area(home_area_code)
    person, is_new = Person.objects.get_or_create(
        id_number_index=identity.number,
        defaults={
            "id_number": identity.number,
            "name": name.strip(),
            "phone": phone,
            "born_on": identity.born_on,
            "sex": identity.sex,
            "home_area_id": home_area_code,
            "is_synthetic": identity.number.startswith(DEMO_AREA),
        },
    )
    if not is_new:
        raise AlreadyRegistered("这个身份证号", person.pk)
    return person


def require_area(code: str | None) -> None:
    """Raises AreaUnknown for a code that no loaded area has; None is not known, and allowed."""
    if code is not None and not Area.objects.filter(code=code).exists():
        raise AreaUnknown(code)
