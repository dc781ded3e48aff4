"""Visits with their promises, campus agreements, and what the grants of the third programme are asked for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from jiujin.accounts.models import Role
from jiujin.core.proof import Proof
from jiujin.fairs.errors import AlreadyThere, FieldWrong, KeyTaken, StepImpossible
from jiujin.fairs.models import EnterpriseVisit, MatchingService, TripartiteSignature
from jiujin.fairs.queries import (
    cost_fen,
    promises_due,
    promises_open,
    services_given_by,
    visits_seen_by,
    with_placements_led_to,
)
from jiujin.fairs.services.record_cost import record_cost
from jiujin.fairs.services.record_signature import record_signature
from jiujin.fairs.services.record_supported import make_public_event, record_matching_service, record_network_project
from jiujin.fairs.services.record_visit import keep_promise, record_visit
from jiujin.registry.models import Membership, OrganisationKind
from jiujin.work.models import Introduction, ServiceRecord
from tests.accounts.people import someone
from tests.fairs.factories import DAY, make_fair
from tests.registry.factories import make_area, make_organisation, make_person
from tests.work.factories import make_placement, make_vacancy

pytestmark = pytest.mark.django_db
LATER = DAY + timedelta(days=30)


def visited(**given: Any) -> EnterpriseVisit:
    usual: dict[str, Any] = {
        "key": uuid4(), "employer": make_organisation(), "visited_on": DAY, "findings": "缺普工 20 名", "actor": someone(),
        "today": LATER,
    }  # fmt: skip
    return record_visit(**{**usual, **given})


# --- visits ----------------------------------------------------------------------------------------------------------


def test_visit_sent_twice_is_one_and_another_s_key_is_refused() -> None:
    key, employer, me = uuid4(), make_organisation(), someone()
    first = visited(key=key, employer=employer, actor=me)
    assert visited(key=key, employer=employer, actor=me) == first
    with pytest.raises(KeyTaken):
        visited(key=key, employer=employer)


def test_promise_of_a_visit_waits_until_it_is_kept() -> None:
    me = someone(Role.TOWNSHIP, area_code="341502001")
    visit = visited(actor=me, promised="送 20 人来面试", promised_until=DAY + timedelta(days=7))
    visited(actor=me)
    assert list(promises_open(me)) == [visit]
    with pytest.raises(FieldWrong, match="办得怎样"):
        keep_promise(visit=visit, done_on=LATER, words=" ", actor=me, today=LATER)
    with pytest.raises(FieldWrong, match="办结日期"):
        keep_promise(visit=visit, done_on=LATER + timedelta(days=1), words="已送", actor=me, today=LATER)
    keep_promise(visit=visit, done_on=LATER, words="已送 22 人", actor=me, today=LATER)
    assert not promises_open(me).exists()
    with pytest.raises(FieldWrong, match="没有待办"):
        keep_promise(visit=visit, done_on=LATER, words="再办", actor=me, today=LATER)


def test_promises_come_due_and_overdue_ones_stay() -> None:
    me = someone()
    for days in (-3, 5, 40):
        visited(actor=me, promised="送人", promised_until=LATER + timedelta(days=days))
    due = [each.promised_until for each in promises_due(me, LATER + timedelta(days=14))]
    assert due == [LATER - timedelta(days=3), LATER + timedelta(days=5)]


@pytest.mark.parametrize(
    "given",
    [
        {"findings": " "},
        {"visited_on": LATER + timedelta(days=1)},
        {"promised": "送人"},
        {"promised_until": LATER},
        {"promised": "送人", "promised_until": DAY - timedelta(days=1)},
    ],
)
def test_visit_that_cannot_be_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(FieldWrong):
        visited(**given)
    assert not EnterpriseVisit.objects.exists()


def test_township_sees_its_visits_and_the_district_all() -> None:
    east = visited(township=make_area("341502001"))
    west = visited(township=make_area("341502002"))
    assert list(visits_seen_by(someone(Role.TOWNSHIP, area_code="341502001"))) == [east]
    assert set(visits_seen_by(someone(Role.CLERK))) == {east, west}
    assert not visits_seen_by(someone(Role.SPECIALIST)).exists()


# --- campus fairs ----------------------------------------------------------------------------------------------------


@pytest.mark.clause("3.3.3-campus")
def test_tripartite_agreement_counts_once_a_person_and_campus_fair() -> None:
    university, person = make_organisation(OrganisationKind.UNIVERSITY), make_person()
    fair = make_fair("held", kind="campus", host=university)
    told: dict[str, Any] = {"person": person, "university": university, "actor": someone(), "today": LATER}
    record_signature(fair=fair, agreement_number="T1", signed_on=DAY, **told)
    with pytest.raises(AlreadyThere):
        record_signature(fair=fair, agreement_number="T2", signed_on=DAY, **told)
    with pytest.raises(AlreadyThere, match="T1"):
        record_signature(fair=fair, agreement_number="T1", signed_on=DAY, **told | {"person": make_person()})
    other = make_fair("held", kind="campus", host=university)
    record_signature(fair=other, agreement_number="T3", **told)
    assert TripartiteSignature.objects.count() == 2


def test_agreement_needs_a_campus_fair_of_that_university() -> None:
    university = make_organisation(OrganisationKind.UNIVERSITY)
    told: dict[str, Any] = {"person": make_person(), "university": university, "actor": someone(), "today": LATER}
    with pytest.raises(FieldWrong, match="校园招聘会"):
        record_signature(fair=make_fair("held", host=university), **told)
    with pytest.raises(FieldWrong, match="主办单位"):
        record_signature(fair=make_fair("held", kind="campus"), **told)
    campus = make_fair("held", kind="campus", host=university)
    with pytest.raises(FieldWrong, match="没有登记为高校"):
        record_signature(fair=campus, **told | {"university": make_organisation()})
    for day in (DAY - timedelta(days=1), LATER + timedelta(days=1)):
        with pytest.raises(FieldWrong, match="签约日期"):
            record_signature(fair=campus, signed_on=day, **told)
    with pytest.raises(StepImpossible):
        record_signature(fair=make_fair("planned", kind="campus", host=university), **told)


# --- grants ----------------------------------------------------------------------------------------------------------


@pytest.mark.clause("3.3.3-event")
def test_event_is_made_once_from_a_held_fair_of_the_organiser() -> None:
    organiser, me = make_organisation(OrganisationKind.PUBLIC_SERVICE_AGENCY), someone()
    fair = make_fair("held", host=organiser)
    told: dict[str, Any] = {"is_public_service": True, "actor": me}
    with pytest.raises(FieldWrong, match="主办单位"):
        make_public_event(fair=fair, organisation=make_organisation(), **told)
    with pytest.raises(StepImpossible):
        make_public_event(fair=make_fair(host=organiser), organisation=organiser, **told)
    event = make_public_event(fair=fair, organisation=organiser, **told)
    record_cost(
        fair=fair, kind="venue", amount_fen=500_000, voucher_number="V1", paid_on=DAY, actor=me, today=LATER
    )  # fmt: skip
    assert cost_fen(event.fair) == 500_000
    with pytest.raises(AlreadyThere):
        make_public_event(fair=fair, organisation=organiser, **told)


@pytest.mark.clause("3.3.3-network")
def test_network_project_is_recorded_once_a_name() -> None:
    agency, me = make_organisation(OrganisationKind.HR_AGENCY), someone()
    told: dict[str, Any] = {"agency": agency, "name": "测试网络", "actor": me, "today": LATER}
    project = record_network_project(done_on=DAY, is_district_agency=True, **told)
    assert project.proof == Proof.DECLARED
    with pytest.raises(AlreadyThere):
        record_network_project(**told)
    for given in ({"name": " "}, {"agency": make_organisation()}, {"done_on": LATER + timedelta(days=1)}):
        with pytest.raises(FieldWrong):
            record_network_project(**{**told, "name": "别的", **given})


@pytest.mark.clause("3.3.3-matching")
def test_services_given_are_counted_from_records_and_declared_only_where_there_are_none() -> None:
    agency = make_organisation(OrganisationKind.PUBLIC_SERVICE_AGENCY)
    officer = someone(Role.OPERATOR)
    Membership.objects.create(user=officer, organisation=agency)
    for day in (date(2022, 1, 31), date(2022, 2, 1), date(2022, 3, 31), date(2022, 4, 1)):
        ServiceRecord.objects.create(person=make_person(), kind="call", served_on=day, served_by=officer)
    ServiceRecord.objects.create(
        person=make_person(), kind="call", served_on=date(2022, 2, 2), served_by=someone(), operator=agency
    )
    assert services_given_by(agency, date(2022, 2, 1), date(2022, 3, 31)) == 3
    told: dict[str, Any] = {"agency": agency, "actor": someone(), "today": LATER}
    counted = record_matching_service(start_on=date(2022, 2, 1), end_on=date(2022, 3, 31), declared=999, **told)
    assert (counted.services_given, counted.proof) == (3, Proof.DOCUMENTED)
    with pytest.raises(AlreadyThere):
        record_matching_service(start_on=date(2022, 3, 31), end_on=date(2022, 4, 2), **told)
    before = record_matching_service(start_on=date(2021, 12, 1), end_on=date(2021, 12, 31), declared=40, **told)
    assert (before.services_given, before.proof) == (40, Proof.DECLARED)
    for start, end in ((date(2022, 5, 1), date(2022, 4, 2)), (date(2022, 5, 1), LATER + timedelta(days=1))):
        with pytest.raises(FieldWrong):
            record_matching_service(start_on=start, end_on=end, **told)


def test_effect_of_a_period_is_the_placements_that_its_introductions_led_to() -> None:
    agency, me = make_organisation(OrganisationKind.PUBLIC_SERVICE_AGENCY), someone()
    Membership.objects.create(user=me, organisation=agency)
    vacancy, other = make_vacancy(), make_vacancy()
    hired, gone, early = make_person(), make_person(), make_person()
    at = datetime(2022, 4, 10, 4, tzinfo=UTC)
    for person, offered in ((hired, vacancy), (hired, other), (gone, vacancy), (early, vacancy)):
        Introduction.objects.create(person=person, vacancy=offered, made_by=me, made_at=at)
    make_placement(date(2022, 4, 20), person=hired, employer=vacancy.employer)
    make_placement(date(2022, 4, 20), person=gone)
    make_placement(date(2022, 4, 1), person=early, employer=vacancy.employer)
    for start in (date(2022, 1, 1), date(2022, 4, 1)):
        record_matching_service(
            agency=agency, start_on=start, end_on=start + timedelta(days=80), actor=me, today=date(2022, 12, 1)
        )
    periods = with_placements_led_to(MatchingService.objects.order_by("start_on"))
    assert [each.led_to for each in periods] == [0, 1]


def test_visit_by_phone_keeps_what_the_phone_told() -> None:
    made_at = datetime(2022, 4, 16, tzinfo=UTC)
    visit = visited(needs_people=20, needs="普工，长白班")
    assert (visit.needs_people, visit.needs, visit.made_at > made_at) == (20, "普工，长白班", True)
