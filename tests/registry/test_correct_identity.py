"""A wrong identity number is put right by two people, and where two records are one person they are proposed to be merged."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from jiujin.accounts.models import Role, User
from jiujin.core.models import Event
from jiujin.registry import errors
from jiujin.registry.models import CorrectionState, IdentityCorrection, MergeProposal, MergeSearch, MergeState, Person
from jiujin.registry.queries import corrections_seen_by
from jiujin.registry.services.correct_identity import ask_to_correct_identity, confirm_identity, refuse_identity
from jiujin.registry.services.merge_people import merge_people
from jiujin.registry.services.propose_merges import propose_merges
from jiujin.values import make_demo_id
from tests.registry.factories import make_area, make_person, make_user

pytestmark = pytest.mark.django_db
WRONG, RIGHT = make_demo_id(date(1980, 5, 5), 101), make_demo_id(date(1981, 6, 6), 202)


def mistyped(**given: object) -> Person:
    return make_person(**{"id_number": WRONG, "born_on": date(1980, 5, 5), "sex": "male", **given})


def asked(person: Person, by: User | None = None) -> IdentityCorrection:
    return ask_to_correct_identity(
        person=person, id_number=RIGHT, reason="看过原件", actor=by or make_user(Role.TOWNSHIP)
    )


def test_second_person_reads_the_same_number_and_it_is_put_right_with_birth_and_sex() -> None:
    person, clerk = mistyped(), make_user(Role.CLERK)
    correction = asked(person)
    person.refresh_from_db()
    assert person.id_number == WRONG
    confirm_identity(correction=correction, id_number=f" {RIGHT} ", actor=clerk)
    person.refresh_from_db()
    assert (person.id_number, person.born_on) == (RIGHT, date(1981, 6, 6))
    assert Person.objects.filter(id_number_index=RIGHT).get() == person
    correction.refresh_from_db()
    assert (correction.state, correction.id_number, correction.decided_by) == (CorrectionState.CONFIRMED, None, clerk)


def test_events_keep_hashes_alone() -> None:
    person = mistyped()
    confirm_identity(correction=asked(person), id_number=RIGHT, actor=make_user(Role.CLERK))
    details = Event.objects.get(verb="identity_corrected").details
    person.refresh_from_db()
    assert (
        bytes.fromhex(details["after"]) == bytes(person.id_number_index or b"")
        and details["before"] != details["after"]
    )
    said = str(list(Event.objects.order_by("id").values_list("details", flat=True)))
    assert WRONG not in said and RIGHT not in said


def test_where_another_record_has_the_right_number_the_two_are_proposed_and_can_be_merged() -> None:
    person, other, clerk = mistyped(), make_person(id_number=RIGHT), make_user(Role.CLERK)
    correction = confirm_identity(correction=asked(person), id_number=RIGHT, actor=clerk)
    proposal = MergeProposal.objects.get()
    assert (correction.proposal, proposal.kept, proposal.other, proposal.probability) == (proposal, other, person, 1.0)
    person.refresh_from_db()
    assert person.id_number is None
    propose_merges(search_id=MergeSearch.objects.create().pk)
    assert MergeProposal.objects.filter(pk=proposal.pk, state=MergeState.PROPOSED).exists()
    merge_people(proposal=proposal, actor=clerk)
    person.refresh_from_db()
    assert person.merged_into == other


def test_nobody_confirms_their_own_and_other_readings_change_nothing() -> None:
    clerk = make_user(Role.CLERK)
    person = mistyped()
    correction = asked(person, clerk)
    with pytest.raises(errors.OwnCorrection):
        confirm_identity(correction=correction, id_number=RIGHT, actor=clerk)
    with pytest.raises(errors.NumbersDiffer):
        confirm_identity(correction=correction, id_number=WRONG, actor=make_user(Role.CLERK))
    person.refresh_from_db()
    assert person.id_number == WRONG
    with pytest.raises(IntegrityError, match="correction_is_confirmed_by_another"), transaction.atomic():
        IdentityCorrection.objects.filter(pk=correction.pk).update(
            state="confirmed", id_number=None, decided_by=clerk, decided_at=correction.asked_at
        )


def test_refused_correction_leaves_the_number_and_forgets_the_other() -> None:
    person, clerk = mistyped(), make_user(Role.CLERK)
    correction = asked(person, clerk)
    refuse_identity(correction=correction, actor=clerk)
    correction.refresh_from_db()
    assert (correction.state, correction.id_number) == (CorrectionState.REFUSED, None)
    with pytest.raises(errors.CorrectionDecided):
        confirm_identity(correction=correction, id_number=RIGHT, actor=make_user(Role.CLERK))
    asked(person)


def test_what_cannot_be_asked_is_refused() -> None:
    actor = make_user(Role.TOWNSHIP)
    person = mistyped()
    for number, reason, error in (
        (WRONG, "看过原件", errors.NothingToCorrect),
        (RIGHT, "  ", errors.FieldInvalid),
        ("123", "看过原件", errors.IdNumberRefused),
    ):
        with pytest.raises(error):
            ask_to_correct_identity(person=person, id_number=number, reason=reason, actor=actor)
    unidentified = make_person(id_number=None, born_on=None, sex=None)
    with pytest.raises(errors.NothingToCorrect):
        ask_to_correct_identity(person=unidentified, id_number=RIGHT, reason="看过原件", actor=actor)
    asked(person)
    with pytest.raises(errors.CorrectionWaiting):
        asked(person)
    assert IdentityCorrection.objects.count() == 1


def test_corrections_are_seen_by_those_of_the_area() -> None:
    correction = asked(mistyped(home_area=make_area("341502001001")))
    assert list(corrections_seen_by(make_user(Role.CLERK))) == [correction]
    assert list(corrections_seen_by(make_user(Role.CLERK, area_code="341502002"))) == []
    assert list(corrections_seen_by(make_user(Role.SPECIALIST))) == []
