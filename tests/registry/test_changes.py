"""What is changed of people and organisations, what stays, and what is written down of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from jiujin.accounts.models import Role
from jiujin.core.models import Event
from jiujin.registry.errors import (
    AlreadyRegistered,
    FieldInvalid,
    IdentityFixed,
    IdNumberRefused,
    NameMissing,
    OrganisationOfAnother,
    PersonMergedAway,
    PhoneInvalid,
)
from jiujin.registry.models import Consent, ConsentChannel, Membership, Organisation, OrganisationKind, Person, Purpose
from jiujin.registry.queries import open_consents, organisation_of, people_seen_by, person_of
from jiujin.registry.services.change_organisation import change_organisation
from jiujin.registry.services.change_person import change_person
from jiujin.registry.services.give_consent import give_consent
from jiujin.registry.services.join_organisation import join_organisation
from jiujin.registry.services.register_organisation import register_organisation
from jiujin.registry.services.register_person import register_person
from jiujin.registry.services.show_whole import show_whole
from jiujin.registry.services.withdraw_consent import withdraw_consent
from jiujin.values import make_demo_id
from jiujin.values.demo import demo_credit_code
from tests.registry.factories import make_area, make_organisation, make_person, make_user

pytestmark = pytest.mark.django_db
ACTOR = "system:test"
BORN_ON = date(1990, 2, 28)
NUMBER = make_demo_id(BORN_ON, 7)


def unknown_person(**given: Any) -> Person:
    return register_person(name="张三", actor=ACTOR, **given)


# --- people ----------------------------------------------------------------------------------------------------------------


def test_person_without_a_number_gets_birth_and_sex_as_told_and_the_number_later() -> None:
    person = unknown_person(born_on=BORN_ON, sex="male")
    changed = change_person(person=person, id_number=NUMBER, actor=ACTOR)
    held = Person.objects.get(id_number_index=NUMBER)
    assert held == changed == person
    assert (held.id_number, held.born_on, held.sex) == (NUMBER, BORN_ON, "male")


def test_number_corrects_what_was_told_of_birth_and_sex() -> None:
    person = unknown_person(born_on=date(1991, 1, 1), sex="female")
    held = change_person(person=person, id_number=NUMBER, actor=ACTOR)
    assert (held.born_on, held.sex) == (BORN_ON, "male")


def test_number_told_with_another_birth_is_refused() -> None:
    with pytest.raises(IdentityFixed):
        unknown_person(id_number=NUMBER, born_on=date(1991, 1, 1))
    assert not Person.objects.exists()


def test_number_once_known_stays() -> None:
    person = unknown_person(id_number=NUMBER)
    for fields in ({"id_number": make_demo_id(BORN_ON, 9)}, {"born_on": date(1991, 1, 1)}, {"sex": "female"}):
        with pytest.raises(IdentityFixed):
            change_person(person=person, actor=ACTOR, **fields)
    change_person(person=person, actor=ACTOR, id_number=None, name="张三")
    assert Person.objects.get().id_number == NUMBER


def test_number_of_somebody_else_is_told_and_changes_nothing() -> None:
    other, person = unknown_person(id_number=NUMBER), unknown_person()
    with pytest.raises(AlreadyRegistered) as refused:
        change_person(person=person, id_number=NUMBER, name="李四", actor=ACTOR)
    assert refused.value.pk == other.pk
    assert Person.objects.get(pk=person.pk).name == "张三"


def test_phone_is_kept_as_digits_found_by_its_index_and_shared_by_a_family() -> None:
    parent, child = unknown_person(phone="109 9000-0001"), unknown_person(phone="10990000001")
    assert set(Person.objects.filter(phone_index="10990000001")) == {parent, child}
    change_person(person=child, phone="", actor=ACTOR)
    assert list(Person.objects.filter(phone_index="10990000001")) == [parent]
    assert Person.objects.get(pk=child.pk).phone is None


def test_phone_and_number_lie_sealed_in_the_database() -> None:
    unknown_person(id_number=NUMBER, phone="10990000001")
    with connection.cursor() as cursor:
        cursor.execute("SELECT id_number, phone, id_number_index, phone_index FROM registry_person")
        row = [bytes(value) for value in cursor.fetchone()]
    assert not any(text in value for value in row for text in (NUMBER.encode(), b"10990000001"))


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"name": " \t "}, NameMissing),
        ({"name": "长" * 61}, NameMissing),
        ({"phone": "一二三"}, PhoneInvalid),
        ({"phone": "１２３４５６"}, PhoneInvalid),
        ({"sex": "other"}, FieldInvalid),
        ({"born_on": date(1800, 1, 1)}, FieldInvalid),
        ({"id_number": "123"}, IdNumberRefused),
    ],
)
def test_value_that_cannot_be_is_refused_in_a_sentence_and_changes_nothing(fields: Any, error: type[Exception]) -> None:
    person = unknown_person()
    with pytest.raises(error, match="没有保存"):
        change_person(person=person, actor=ACTOR, **fields)
    assert Event.objects.filter(verb="person_changed").count() == 0


def test_control_characters_leave_a_name_and_markup_stays_text() -> None:
    assert unknown_person().name == "张三"
    held = register_person(name="<script>\x00a\x1b", actor=ACTOR)
    assert Person.objects.get(pk=held.pk).name == "<script>a"


def test_change_leaves_one_event_with_names_of_fields_and_no_values() -> None:
    person = unknown_person(phone="10990000001")
    change_person(person=person, name="李四", phone="10990000002", actor=ACTOR)
    change_person(person=person, name="李四", actor=ACTOR)
    event = Event.objects.get(verb="person_changed")
    assert event.details == {"fields": ["name", "phone"]}


def test_record_merged_away_is_not_changed() -> None:
    merged = make_person(merged_into=make_person())
    with pytest.raises(PersonMergedAway):
        change_person(person=merged, name="李四", actor=ACTOR)


def test_record_merged_away_is_seen_by_nobody_and_its_sign_in_leads_to_the_kept_one() -> None:
    kept = make_person()
    user = make_user(Role.RESIDENT)
    make_person(merged_into=kept, user=user)
    assert list(people_seen_by(make_user(Role.CLERK))) == [kept]
    assert person_of(user) == kept


@pytest.mark.parametrize("field", ["name", "id_number", "phone", "home"])
def test_showing_a_value_whole_leaves_an_event_each_time(field: str) -> None:
    person, clerk = make_person(phone="10990000001"), make_user(Role.CLERK)
    shown = show_whole(person=person, field=field, actor=clerk)
    assert shown == {"name": person.name, "id_number": person.id_number, "phone": person.phone, "home": ""}[field]
    show_whole(person=person, field=field, actor=clerk)
    events = Event.objects.filter(verb="person_field_shown", subject_id=str(person.pk), actor=f"user:{clerk.pk}")
    assert [event.details for event in events] == [{"field": field}] * 2


# --- consents --------------------------------------------------------------------------------------------------------------


def test_consent_stands_until_it_is_taken_back_and_can_be_given_again() -> None:
    person, clerk = make_person(), make_user(Role.CLERK)
    said = {"person": person, "purpose": Purpose.CONTACTED, "channel": ConsentChannel.PHONE, "actor": clerk}
    first = give_consent(**said)
    assert give_consent(**said) == first
    assert list(open_consents(person)) == [first]
    assert withdraw_consent(**said) == first
    assert withdraw_consent(**said) is None
    second = give_consent(**said)
    assert list(open_consents(person)) == [second] != [first]
    verbs = list(Event.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["consent_given", "consent_withdrawn", "consent_given"]


def test_one_purpose_taken_back_leaves_the_others() -> None:
    person, clerk = make_person(), make_user(Role.CLERK)
    for purpose in Purpose:
        give_consent(person=person, purpose=purpose, channel=ConsentChannel.PAPER, actor=clerk)
    withdraw_consent(person=person, purpose=Purpose.CONTACTED, channel=ConsentChannel.PAPER, actor=clerk)
    assert {consent.purpose for consent in open_consents(person)} == set(Purpose) - {Purpose.CONTACTED}


def test_two_open_consents_to_one_purpose_are_refused_by_the_database() -> None:
    given = give_consent(
        person=make_person(),
        purpose=Purpose.CONTACTED,
        channel=ConsentChannel.PAPER,
        actor=make_user(Role.CLERK),
    )
    given.pk = None
    with pytest.raises(IntegrityError, match="one_open_consent_a_purpose"), transaction.atomic():
        given.save()
    assert Consent.objects.count() == 1


# --- organisations -----------------------------------------------------------------------------------------------------------


def test_facts_of_a_firm_are_changed_and_taken_back() -> None:
    firm = make_organisation()
    area = make_area("341502001")
    changed = {"industry": "c1819", "headcount": 12, "revenue_fen": 5_000_000, "declared_small": True}
    change_organisation(organisation=firm, area_code=area.code, contact_phone="0564 1234567", actor=ACTOR, **changed)
    held = Organisation.objects.get()
    assert (held.industry, held.headcount, held.revenue_fen, held.declared_small) == ("C1819", 12, 5_000_000, True)
    assert (held.area_id, held.contact_phone) == (area.code, "05641234567")
    change_organisation(organisation=firm, headcount=None, industry=None, actor=ACTOR)
    held.refresh_from_db()
    assert (held.headcount, held.industry, held.declared_small) == (None, "", True)
    change_organisation(organisation=firm, headcount=None, actor=ACTOR)
    assert Event.objects.filter(verb="organisation_changed").count() == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"industry": "一般"},
        {"headcount": -1},
        {"revenue_fen": -1},
        {"kinds": []},
        {"contact_phone": "abc"},
        {"credit_code": "123"},
    ],
)
def test_fact_that_cannot_be_is_refused_in_a_sentence(fields: Any) -> None:
    firm = make_organisation(credit_code=None)
    with pytest.raises(FieldInvalid, match="没有保存"):
        change_organisation(organisation=firm, actor=ACTOR, **fields)
    assert not Event.objects.exists()


def test_credit_code_is_given_once_and_to_one_firm() -> None:
    code = demo_credit_code(5)
    firm, other = make_organisation(credit_code=None), make_organisation(credit_code=None)
    change_organisation(organisation=firm, credit_code=code.lower(), actor=ACTOR)
    with pytest.raises(AlreadyRegistered):
        change_organisation(organisation=other, credit_code=code, actor=ACTOR)
    with pytest.raises(FieldInvalid, match="已经登记"):
        change_organisation(organisation=firm, credit_code=demo_credit_code(6), actor=ACTOR)


def test_organisation_of_an_invented_code_is_marked_so() -> None:
    kinds = [OrganisationKind.EMPLOYER]
    assert register_organisation(name="演示厂", kinds=kinds, credit_code=demo_credit_code(8), actor=ACTOR).is_synthetic
    assert not register_organisation(name="某厂", kinds=kinds, actor=ACTOR).is_synthetic


def test_sign_in_acts_for_one_organisation() -> None:
    user, firm = make_user(Role.EMPLOYER), make_organisation()
    assert organisation_of(user) is None
    first = join_organisation(user=user, organisation=firm, actor=ACTOR)
    assert join_organisation(user=user, organisation=firm, actor=ACTOR) == first
    assert organisation_of(user) == firm
    with pytest.raises(OrganisationOfAnother, match=firm.name):
        join_organisation(user=user, organisation=make_organisation(), actor=ACTOR)
    assert Membership.objects.count() == 1
