"""A service entered wrongly is mended beside what was recorded, by whoever recorded it, and never deleted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from jiujin.accounts.models import Role, User
from jiujin.core.models import Event
from jiujin.registry.models import Person
from jiujin.work import errors
from jiujin.work.models import ServiceRecord
from jiujin.work.queries import services_to
from jiujin.work.services.correct_service import correct_service, void_service
from jiujin.work.services.record_service import hold_session, record_service
from tests.accounts.people import someone
from tests.registry.factories import make_person
from tests.work.factories import TODAY

pytestmark = pytest.mark.django_db


def served(by: User, person: Person | None = None, **given: Any) -> ServiceRecord:
    usual = {"kind": "call", "served_on": TODAY, "note": "问了近况", "today": TODAY}
    return record_service(id=uuid4(), person=person or make_person(), actor=by, **{**usual, **given})


def told(**given: Any) -> dict[str, Any]:
    usual = {"id": uuid4(), "kind": "visit", "served_on": TODAY - timedelta(days=1), "note": "上门", "today": TODAY}
    return {**usual, "reason": "记错了", **given}


def test_correction_stands_in_the_place_of_what_was_recorded() -> None:
    me = someone(Role.SPECIALIST)
    record = served(me)
    given = told()
    made = correct_service(record=record, actor=me, **given)
    assert correct_service(record=record, actor=me, **given) == made
    record.refresh_from_db()
    assert (record.kind, record.note, record.stands) == ("call", "问了近况", False)
    assert (made.kind, made.note, made.stands, made.corrects, made.served_by) == ("visit", "上门", True, record, me)
    assert list(services_to(record.person)) == [made]
    event = Event.objects.get(verb="service_corrected")
    assert event.details == {"by": str(made.pk), "fields": ["kind", "note", "served_on"]}
    again = correct_service(record=made, actor=me, **told(note="上门两次"))
    assert list(services_to(record.person)) == [again]


def test_voided_service_counts_no_more() -> None:
    me = someone(Role.SPECIALIST)
    record = served(me)
    void_service(id=uuid4(), record=record, reason="不是这个人", actor=me)
    assert list(services_to(record.person)) == []
    assert ServiceRecord.objects.count() == 2
    assert Event.objects.filter(verb="service_voided", subject_id=str(record.pk)).count() == 1


def test_one_of_a_session_is_voided_and_the_others_stay() -> None:
    me, people = someone(), [make_person(), make_person()]
    session = hold_session(id=uuid4(), title="宣讲", held_on=TODAY, people=people, actor=me, today=TODAY)
    void_service(id=uuid4(), record=session.services.get(person=people[0]), reason="没有来", actor=me)
    assert [each.person for each in session.services.filter(stands=True)] == [people[1]]


def test_somebody_else_s_record_is_mended_by_a_clerk_alone() -> None:
    me = someone(Role.SPECIALIST)
    record = served(me)
    for role in (Role.SPECIALIST, Role.OPERATOR, Role.TOWNSHIP, Role.REVIEWER):
        with pytest.raises(errors.NotYourRecord):
            correct_service(record=record, actor=someone(role), **told())
    clerk = someone(Role.CLERK)
    made = correct_service(record=record, actor=clerk, **told())
    assert (made.served_by, made.entered_by) == (me, clerk)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"reason": "  "}, errors.ReasonMissing),
        ({"kind": "dance"}, errors.FieldInvalid),
        ({"served_on": TODAY + timedelta(days=1)}, errors.DayInFuture),
    ],
)
def test_correction_that_cannot_be_changes_nothing(given: dict[str, Any], error: type[Exception]) -> None:
    me = someone()
    record = served(me)
    with pytest.raises(error):
        correct_service(record=record, actor=me, **told(**given))
    record.refresh_from_db()
    assert record.stands and ServiceRecord.objects.count() == 1


def test_record_is_corrected_once_and_an_id_stands_for_one_correction() -> None:
    me = someone()
    record, other = served(me), served(me)
    given = told()
    correct_service(record=record, actor=me, **given)
    with pytest.raises(errors.CorrectedAlready):
        correct_service(record=record, actor=me, **told())
    with pytest.raises(errors.CorrectedAlready):
        void_service(id=uuid4(), record=record, reason="又改", actor=me)
    with pytest.raises(errors.IdTaken):
        correct_service(record=other, actor=me, **given)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE work_servicerecord SET note = '改过'",
        "UPDATE work_servicerecord SET served_on = served_on - 1",
        "UPDATE work_servicerecord SET stands = NOT stands WHERE NOT stands",
        "DELETE FROM work_servicerecord WHERE stands",
    ],
)
def test_database_refuses_to_change_or_delete_what_was_recorded(sql: str) -> None:
    me = someone()
    record = served(me, make_person(is_synthetic=False))
    correct_service(record=record, actor=me, **told())
    with pytest.raises(IntegrityError, match="corrected"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_database_refuses_a_correction_without_a_reason() -> None:
    me = someone()
    record = served(me)
    with pytest.raises(IntegrityError, match="correction_says_why_and_who"), transaction.atomic():
        ServiceRecord.objects.create(
            person=record.person, kind="call", served_on=TODAY, served_by=me, corrects=record, corrected_because=" "
        )
