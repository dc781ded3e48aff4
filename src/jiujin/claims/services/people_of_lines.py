"""Finds the people of many lines by their identity numbers, or registers them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from jiujin.core.services.record_event import Actor
from jiujin.registry.errors import RegistryError
from jiujin.registry.models import Person
from jiujin.registry.services.register_person import register_person


@dataclass(frozen=True)
class NamedPerson:
    """Whom a line names: identity number as checked, and the name written beside it (blank where none is)."""

    id_number: str
    name: str


def find_or_register(people: Sequence[NamedPerson], *, actor: Actor) -> dict[str, Person | str]:
    """By identity number: the person of the registry, or the sentence why there is none to be had.

    A name that is not the registered one is not taken over: one of the two is wrong, and a person has to look.
    """
    wanted: dict[str, str] = {}
    for named in people:
        wanted.setdefault(named.id_number, named.name)
    found: dict[str, Person | str] = {}
    for number, person in _known(list(wanted)).items():
        found[number] = person
    for number, name in wanted.items():
        if number not in found:
            found[number] = _registered(number, name, actor)
    for number, name in wanted.items():
        held = found[number]
        if isinstance(held, Person) and name and held.name != name:
            found[number] = _("姓名与登记的不一致：请核对证件，登记错了的请由经办人员改正登记")
    return found


def _known(numbers: Sequence[str]) -> Mapping[str, Person]:
    people = Person.objects.filter(id_number_index__in=numbers).select_related("merged_into").order_by("pk")
    found = {}
    for person in people:
        number = person.id_number
        while person.merged_into is not None:
            person = person.merged_into
        if number:
            found[number] = person
    return found


def _registered(number: str, name: str, actor: Actor) -> Person | str:
    if not name:
        return _("登记里没有这个人，也没有写姓名：请补上姓名")
    try:
        with transaction.atomic():
            return register_person(name=name, id_number=number, actor=actor)
    except RegistryError as error:
        return str(error)
