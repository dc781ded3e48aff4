"""The chain of events: linked by the commit, complete, and kept by the database."""

from __future__ import annotations

import threading

import pytest
from django.db import DatabaseError, connection, transaction

from jiujin.audit import verify_lines, write_lines
from jiujin.core.linking import chain_entries
from jiujin.core.models import ChainHead, Event, EventLink
from jiujin.core.services.record_event import record_event
from tests.registry.factories import make_person

pytestmark = pytest.mark.django_db(transaction=True)


def happened(times: int = 1) -> None:
    with transaction.atomic():
        person = make_person()
        for place in range(times):
            record_event(actor="system:test", verb="person_registered", subject=person, details={"名": ["一", place]})


def test_events_are_linked_by_the_commit_and_verify() -> None:
    happened(3)
    happened()
    assert verify_lines(write_lines(chain_entries(connection))).entries == Event.objects.count() == 4
    assert ChainHead.objects.get().seq == 4


def test_what_was_rolled_back_has_no_place() -> None:
    happened()
    with pytest.raises(RuntimeError), transaction.atomic():
        record_event(actor="system:test", verb="person_moved", subject=make_person())
        raise RuntimeError
    with transaction.atomic():
        record_event(actor="system:test", verb="person_moved", subject=make_person())
        with pytest.raises(RuntimeError), transaction.atomic():
            record_event(actor="system:test", verb="person_moved", subject=make_person())
            raise RuntimeError
    assert verify_lines(write_lines(chain_entries(connection))).entries == 2


def test_many_at_once_make_one_chain() -> None:
    def several() -> None:
        for _ in range(10):
            happened(2)
        connection.close()

    threads = [threading.Thread(target=several) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert verify_lines(write_lines(chain_entries(connection))).entries == 80


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_eventlink SET hash = repeat('1', 64)",
        "DELETE FROM core_eventlink",
        "UPDATE core_chainhead SET seq = 1",
        "DELETE FROM core_chainhead",
        "INSERT INTO core_event (actor, verb, subject_kind, subject_id, details)"
        " VALUES ('system:raw', 'person_moved', 'registry.person', '1', '{}')",
        "INSERT INTO core_eventlink (event_id, seq, previous, hash) SELECT max(event_id) + 1, 9, repeat('0', 64), 'x'"
        " FROM core_eventlink",
    ],
)
def test_database_refuses_what_would_break_the_chain(statement: str) -> None:
    happened(2)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert EventLink.objects.count() == 2
