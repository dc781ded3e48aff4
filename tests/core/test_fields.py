"""Encrypted fields and their blind indexes, on a real table."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import FieldError
from django.db import connection

from jiujin.core.encryption import SealedTextUnreadable
from jiujin.registry.models import Person
from tests.registry.factories import make_person

pytestmark = pytest.mark.django_db
ID_NUMBER, PHONE = "990000199001010017", "10990000001"


def raw_row(person: Person) -> tuple[bytes, bytes, bytes]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id_number, phone, id_number_index FROM registry_person WHERE id = %s", [person.pk])
        row = cursor.fetchone()
    assert row is not None
    return tuple(bytes(value) for value in row)  # type: ignore[return-value]


def test_value_comes_back_and_nothing_of_it_stands_in_the_table() -> None:
    person = make_person(id_number=ID_NUMBER, phone=PHONE)
    held = Person.objects.get(pk=person.pk)
    assert (held.id_number, held.phone) == (ID_NUMBER, PHONE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT registry_person::text FROM registry_person WHERE id = %s", [person.pk])
        (text,) = cursor.fetchone()  # type: ignore[misc]
    for secret in (ID_NUMBER, PHONE):
        assert secret not in text
        assert secret.encode().hex() not in text
        assert not any(secret.encode() in value for value in raw_row(person))


def test_person_is_found_by_the_index_of_the_number_and_only_by_the_whole_number() -> None:
    person = make_person(id_number=ID_NUMBER)
    make_person()
    assert Person.objects.get(id_number_index=ID_NUMBER) == person
    assert list(Person.objects.filter(id_number_index__in=[ID_NUMBER, "无"])) == [person]
    assert not Person.objects.filter(id_number_index=ID_NUMBER[:-1]).exists()


def test_index_follows_the_number_when_it_is_corrected() -> None:
    person = make_person(id_number=ID_NUMBER)
    person.id_number = "990000199001010025"
    person.save()
    assert Person.objects.filter(id_number_index="990000199001010025").exists()
    assert not Person.objects.filter(id_number_index=ID_NUMBER).exists()


def test_bulk_create_seals_and_indexes() -> None:
    Person.objects.bulk_create([Person(id_number=ID_NUMBER, name="测试", born_on=date(1990, 1, 1), sex="male")])
    assert Person.objects.get(id_number_index=ID_NUMBER).id_number == ID_NUMBER


def test_unknown_phone_stays_null() -> None:
    person = make_person(phone=None)
    assert Person.objects.filter(phone__isnull=True).get() == person
    assert Person.objects.get(pk=person.pk).phone is None


@pytest.mark.parametrize("lookup", ["phone", "phone__contains", "phone__in", "id_number__startswith"])
def test_ciphertext_cannot_be_searched(lookup: str) -> None:
    with pytest.raises(FieldError, match="blind index"):
        list(Person.objects.filter(**{lookup: ["1"] if lookup.endswith("in") else "1"}))


def test_overlong_text_is_refused() -> None:
    with pytest.raises(ValueError, match="more than 2000"):
        make_person(phone="1" * 2001)


def test_number_copied_into_another_row_s_phone_does_not_open() -> None:
    person = make_person(id_number=ID_NUMBER, phone=PHONE)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE registry_person SET phone = id_number WHERE id = %s", [person.pk])
    with pytest.raises(SealedTextUnreadable, match=r"registry_person\.phone"):
        Person.objects.get(pk=person.pk)
