"""Events: each names who did it, belongs to its transaction, and stays."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from jiujin.accounts.models import Role
from jiujin.core.models import Event
from jiujin.core.services.record_event import record_event
from tests.registry.factories import make_person, make_user

pytestmark = pytest.mark.django_db


def test_event_names_actor_verb_and_subject() -> None:
    user, person = make_user(Role.CLERK), make_person()
    event = record_event(actor=user, verb="person_registered", subject=person, details={"via": "counter"})
    assert (event.actor, event.subject_kind, event.subject_id) == (f"user:{user.pk}", "registry.person", str(person.pk))


@pytest.mark.parametrize(
    "statement", ["UPDATE core_event SET verb = 'other'", "DELETE FROM core_event", "TRUNCATE core_event CASCADE"]
)
def test_database_refuses_to_change_an_event(statement: str) -> None:
    record_event(actor="system:test", verb="person_registered", subject=make_person())
    connection.check_constraints()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Event.objects.count() == 1


@pytest.mark.parametrize("given", [{"actor": "somebody"}, {"actor": "system:"}, {"verb": "Person Registered"}])
def test_database_refuses_an_event_without_actor_or_verb(given: dict[str, str]) -> None:
    usual = {"actor": "system:test", "verb": "person_registered"}
    with pytest.raises(DatabaseError), transaction.atomic():
        record_event(subject=make_person(), **{**usual, **given})
