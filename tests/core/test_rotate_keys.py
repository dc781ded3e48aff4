"""A new key put first, the older texts closed again with it, the old key taken out."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from jiujin.core.encryption import SealedTextUnreadable
from jiujin.core.keys import DataKeys
from jiujin.core.services import rotate_keys as module
from jiujin.core.services.rotate_keys import rotate_keys
from jiujin.registry.models import Person
from tests.registry.factories import make_person

pytestmark = pytest.mark.django_db
OLD = DataKeys("old", {"old": b"o" * 16})
BOTH = DataKeys("new", {"new": b"n" * 16, "old": b"o" * 16})
NEW = DataKeys("new", {"new": b"n" * 16})


@pytest.fixture
def people_under_the_old_key(settings: Any) -> list[Person]:
    settings.DATA_KEYS = OLD
    return [make_person(phone=phone) for phone in ("10990000001", None, "10990000003")]


def test_after_rotation_the_old_key_is_no_longer_needed(
    people_under_the_old_key: list[Person], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH_ROWS", 2)  # so that a column needs more than one batch
    settings.DATA_KEYS = BOTH
    told: list[tuple[str, int]] = []
    assert rotate_keys(progress=lambda place, rows: told.append((place, rows))) == 5
    assert told == [("registry_person.id_number", 2), ("registry_person.id_number", 3), ("registry_person.phone", 2)]
    settings.DATA_KEYS = NEW
    held = {person.pk: (person.id_number, person.phone) for person in Person.objects.all()}
    assert held == {person.pk: (person.id_number, person.phone) for person in people_under_the_old_key}


def test_second_rotation_finds_nothing_to_do(people_under_the_old_key: list[Person], settings: Any) -> None:
    settings.DATA_KEYS = BOTH
    rotate_keys()
    assert rotate_keys() == 0


def test_people_are_found_by_number_before_and_after(people_under_the_old_key: list[Person], settings: Any) -> None:
    number = people_under_the_old_key[0].id_number
    settings.DATA_KEYS = BOTH
    rotate_keys()
    assert Person.objects.get(id_number_index=number) == people_under_the_old_key[0]


def test_rotation_without_the_old_key_changes_nothing(people_under_the_old_key: list[Person], settings: Any) -> None:
    settings.DATA_KEYS = NEW
    with pytest.raises(SealedTextUnreadable, match="old"):
        rotate_keys()
    settings.DATA_KEYS = OLD
    assert Person.objects.count() == len(list(Person.objects.all())) == 3


def test_command_says_what_it_did(people_under_the_old_key: list[Person], settings: Any) -> None:
    settings.DATA_KEYS = BOTH
    out = StringIO()
    call_command("rotate_keys", stdout=out)
    assert "完成，共 5 条" in out.getvalue()
