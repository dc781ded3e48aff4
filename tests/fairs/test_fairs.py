"""Fairs: planned once and ahead, approved by another, employers and intents counted once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from jiujin.accounts.models import Role
from jiujin.core.models import Event
from jiujin.fairs.errors import (
    AlreadyThere,
    CostForbidden,
    FairError,
    FairInPast,
    FairTwice,
    FieldWrong,
    KeyTaken,
    NobodyCame,
    NoBoothLeft,
    NotAtFair,
    NotItsDay,
    OwnFair,
    StepImpossible,
)
from jiujin.fairs.models import Fair, FairEmployer, FairIntent, FairVisitor
from jiujin.fairs.queries import fair_figures, fairs_seen_by, figures_of, intents_to_follow
from jiujin.fairs.services.decide_fair import approve_fair, cancel_fair, close_fair
from jiujin.fairs.services.plan_fair import change_fair, plan_fair
from jiujin.fairs.services.record_cost import record_cost
from jiujin.fairs.services.record_intent import follow_intent, record_intent, take_back_intent
from jiujin.fairs.services.sign_in import sign_in_employer, sign_in_visitor
from jiujin.fairs.services.take_part import leave_fair, take_part
from jiujin.fairs.states import FAIR
from jiujin.registry.models import OrganisationKind
from tests.accounts.people import someone
from tests.fairs.factories import DAY, NOON, make_fair, make_intent, make_part
from tests.registry.factories import make_area, make_organisation, make_person
from tests.work.factories import make_placement, make_vacancy

pytestmark = pytest.mark.django_db
TODAY = DAY - timedelta(days=10)


def planned(**given: Any) -> Fair:
    usual: dict[str, Any] = {
        "name": "春风行动", "kind": "on_site", "held_on": DAY, "place": "测试广场", "today": TODAY,
        "hosts": [make_organisation(OrganisationKind.HR_AGENCY)], "actor": someone(),
    }  # fmt: skip
    return plan_fair(**{**usual, **given})


# --- plan and approval -----------------------------------------------------------------------------------------------


@pytest.mark.clause("3.3.2-fairs")
def test_fair_is_planned_ahead_and_approved_by_another_person() -> None:
    me, other = someone(), someone(Role.REVIEWER)
    fair = planned(actor=me)
    with pytest.raises(OwnFair, match="不能批准自己计划的"):
        approve_fair(fair=fair, actor=me, now=NOON, today=TODAY)
    approved = approve_fair(fair=fair, actor=other, now=NOON, today=TODAY)
    assert (approved.state, approved.approved_by) == ("approved", other)
    assert [e.verb for e in Event.objects.filter(subject_kind="fairs.fair").order_by("pk")] == [
        "fair_planned",
        "fair_approved",
    ]
    with pytest.raises(StepImpossible, match="已批准"):
        approve_fair(fair=fair, actor=other, now=NOON, today=TODAY)


def test_database_refuses_an_approval_by_who_planned() -> None:
    me = someone()
    fair = planned(actor=me)
    with pytest.raises(IntegrityError, match="fair_is_approved_by_another"), transaction.atomic():
        Fair.objects.filter(pk=fair.pk).update(approved_by=me)


def test_fair_in_the_past_cannot_be_planned() -> None:
    with pytest.raises(FairInPast, match="已经过去"):
        planned(held_on=TODAY - timedelta(days=1))
    assert planned(held_on=TODAY).held_on == TODAY, "today is not the past"


@pytest.mark.parametrize("name", ["春风行动", " 春风行动 ", "春风 行动"])
def test_same_fair_twice_is_told_and_not_kept(name: str) -> None:
    first = planned()
    with pytest.raises(FairTwice, match="已经登记过") as told:
        planned(name=name)
    assert told.value.pk == first.pk
    assert Fair.objects.count() == 1
    assert planned(held_on=DAY + timedelta(days=1)).pk != first.pk, "on another day it is another fair"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": "  "}, "name"),
        ({"kind": "party"}, "kind"),
        ({"until_on": DAY - timedelta(days=1)}, "until_on"),
        ({"until_on": DAY + timedelta(days=31)}, "until_on"),
        ({"booths": 0}, "booths"),
        ({"place": ""}, "place"),
        ({"hosts": []}, "hosts"),
    ],
)
def test_what_a_fair_cannot_be_names_its_field(given: dict[str, Any], field: str) -> None:
    with pytest.raises(FieldWrong) as told:
        planned(**given)
    assert told.value.field == field
    assert not Fair.objects.exists()


def test_online_fair_needs_no_place() -> None:
    assert planned(kind="online", place="").place == ""


def test_joint_fair_is_one_and_credited_to_its_first_host() -> None:
    agency, township = make_organisation(OrganisationKind.HR_AGENCY), make_area("341502001")
    fair = planned(hosts=[township, agency, township])
    hosts = {(host.organisation_id, host.township_id): host.is_credited for host in fair.hosts.all()}
    assert hosts == {(None, "341502001"): True, (agency.pk, None): False}
    with pytest.raises(IntegrityError, match="one_credit_a_fair"), transaction.atomic():
        fair.hosts.update(is_credited=True)


def test_approved_fair_cannot_be_changed_and_a_planned_one_can() -> None:
    agency = make_organisation(OrganisationKind.HR_AGENCY)
    fair = planned()
    given = {"name": "夏季招聘会", "kind": "online", "held_on": DAY}
    assert change_fair(fair=fair, hosts=[agency], actor=someone(), today=TODAY, **given).name == "夏季招聘会"
    assert fair.hosts.get().organisation == agency
    with pytest.raises(StepImpossible):
        change_fair(
            fair=make_fair(name="另一场"), hosts=[agency], actor=someone(), today=TODAY, **given | {"name": "丙"}
        )


def test_fair_is_held_from_its_day_on_and_only_where_an_employer_came() -> None:
    fair = make_fair()
    with pytest.raises(NotItsDay):
        close_fair(fair=fair, actor=someone(), today=DAY - timedelta(days=1))
    with pytest.raises(NobodyCame):
        close_fair(fair=fair, actor=someone(), today=DAY)
    assert Fair.objects.get(pk=fair.pk).state == "approved"
    make_part(fair)
    assert close_fair(fair=fair, actor=someone(), today=DAY).state == "held"


def test_fair_is_cancelled_with_a_reason_and_a_held_one_is_not() -> None:
    with pytest.raises(FieldWrong):
        cancel_fair(fair=make_fair(), reasons=" ", actor=someone())
    assert cancel_fair(fair=make_fair(), reasons="天气", actor=someone()).reasons == "天气"
    with pytest.raises(StepImpossible):
        cancel_fair(fair=make_fair("held"), reasons="天气", actor=someone())


def test_no_way_leads_out_of_held_or_cancelled() -> None:
    assert {way.source for way in FAIR} == {"planned", "approved"}


# --- employers -------------------------------------------------------------------------------------------------------


def test_employers_take_booths_until_none_is_left() -> None:
    fair, me = make_fair(booths=2), someone()
    first, second = make_organisation(), make_organisation()
    take_part(fair=fair, employer=first, booth="A1", actor=me)
    with pytest.raises(AlreadyThere, match="A1"):
        take_part(fair=fair, employer=second, booth="A1", actor=me)
    take_part(fair=fair, employer=second, booth="A2", actor=me)
    with pytest.raises(NoBoothLeft):
        take_part(fair=fair, employer=make_organisation(), actor=me)
    take_part(fair=fair, employer=first, booth="A3", actor=me)
    assert sorted(fair.employers.values_list("booth", flat=True)) == ["A2", "A3"]


def test_employer_brings_its_own_vacancies_only() -> None:
    fair, vacancy = make_fair(), make_vacancy()
    with pytest.raises(FieldWrong):
        take_part(fair=fair, employer=make_organisation(), vacancies=[vacancy], actor=someone())
    part = take_part(fair=fair, employer=vacancy.employer, vacancies=[vacancy], actor=someone())
    assert part.vacancies.get().vacancy == vacancy
    take_part(fair=fair, employer=vacancy.employer, vacancies=[], actor=someone())
    assert not part.vacancies.exists()


def test_employer_that_signed_in_cannot_be_taken_out() -> None:
    fair = make_fair()
    there, absent = make_part(fair), make_part(fair, at=None)
    leave_fair(fair=fair, employer=absent.employer, actor=someone())
    with pytest.raises(FieldWrong):
        leave_fair(fair=fair, employer=there.employer, actor=someone())
    assert fair.employers.get() == there


# --- signing in ------------------------------------------------------------------------------------------------------


def test_employer_counts_once_a_fair_however_often_it_signs_in() -> None:
    fair, employer, me = make_fair(), make_organisation(), someone()
    for minutes in (0, 5, 90):
        part = sign_in_employer(
            fair=fair, employer=employer, key=uuid4(), at=NOON + timedelta(minutes=minutes), actor=me,
            now=NOON + timedelta(hours=3),
        )  # fmt: skip
    assert part.signed_in_at == NOON
    assert fair_figures(fair).employers == 1
    with pytest.raises(IntegrityError, match="one_employer_a_fair"), transaction.atomic():
        FairEmployer.objects.create(fair=fair, employer=employer)


def test_visitor_of_a_key_and_a_person_is_one() -> None:
    fair, person, me, key = make_fair(), make_person(), someone(), uuid4()
    for _again in range(2):
        sign_in_visitor(fair=fair, person=person, key=key, at=NOON, actor=me, now=NOON)
    sign_in_visitor(fair=fair, person=person, key=uuid4(), at=NOON, actor=me, now=NOON)
    assert FairVisitor.objects.count() == 1
    sign_in_visitor(fair=fair, person=None, key=uuid4(), at=NOON, actor=me, now=NOON)
    sign_in_visitor(fair=fair, person=None, key=uuid4(), at=NOON, actor=me, now=NOON)
    assert fair_figures(fair).visitors == 3
    with pytest.raises(KeyTaken):
        sign_in_visitor(fair=make_fair(), person=person, key=key, at=NOON, actor=me, now=NOON)


@pytest.mark.parametrize("days", [-1, 2])
def test_nobody_signs_in_outside_the_days_of_a_fair(days: int) -> None:
    fair = make_fair(until_on=DAY + timedelta(days=1))
    at = NOON + timedelta(days=days)
    with pytest.raises(NotItsDay):
        sign_in_visitor(fair=fair, person=None, key=uuid4(), at=at, actor="system:test", now=at)


def test_queue_of_the_day_may_come_after_the_fair_was_closed_and_never_before_it_is_approved() -> None:
    late = NOON + timedelta(days=3)
    made = sign_in_visitor(fair=make_fair("held"), person=None, key=uuid4(), at=NOON, actor="system:test", now=late)
    assert made.signed_in_at == NOON
    for state in ("planned", "cancelled"):
        with pytest.raises(StepImpossible):
            sign_in_visitor(fair=make_fair(state), person=None, key=uuid4(), at=NOON, actor="system:test", now=late)


def test_phone_whose_clock_is_ahead_signs_in_now() -> None:
    made = sign_in_visitor(
        fair=make_fair(), person=None, key=uuid4(), at=NOON + timedelta(days=30), actor="system:test", now=NOON
    )
    assert made.signed_in_at == NOON


# --- intents ---------------------------------------------------------------------------------------------------------


def test_intent_of_a_person_and_an_employer_counts_once_a_fair() -> None:
    fair, person, me, key = make_fair(), make_person(), someone(), uuid4()
    employer, other = make_part(fair).employer, make_part(fair).employer
    told: dict[str, Any] = {"fair": fair, "person": person, "at": NOON, "actor": me, "now": NOON}
    assert record_intent(employer=employer, key=key, **told).is_new
    assert not record_intent(employer=employer, key=key, **told).is_new, "sent twice"
    assert not record_intent(employer=employer, key=uuid4(), **told).is_new, "recorded twice"
    assert record_intent(employer=other, key=uuid4(), **told).is_new, "another employer is another intent"
    assert fair_figures(fair).intents == 2
    with pytest.raises(KeyTaken):
        record_intent(employer=other, key=key, **told)


def test_intent_needs_an_employer_at_the_fair_and_its_own_vacancy() -> None:
    fair, person = make_fair(), make_person()
    told: dict[str, Any] = {"fair": fair, "person": person, "at": NOON, "actor": someone(), "now": NOON}
    with pytest.raises(NotAtFair):
        record_intent(employer=make_organisation(), key=uuid4(), **told)
    with pytest.raises(FieldWrong):
        record_intent(employer=make_part(fair).employer, vacancy=make_vacancy(), key=uuid4(), **told)


def test_intent_taken_back_counts_no_more_and_can_be_recorded_again() -> None:
    fair = make_fair()
    intent = make_intent(fair)
    take_back_intent(intent=intent, actor=someone(), now=NOON)
    assert fair_figures(fair).intents == 0
    again = record_intent(
        fair=fair, person=intent.person, employer=intent.employer, key=uuid4(), at=NOON, actor=someone(), now=NOON
    )
    assert again.is_new and fair_figures(fair).intents == 1


def test_intent_is_followed_to_a_placement_of_the_two() -> None:
    fair, me = make_fair("held"), someone()
    intent, late = make_intent(fair), DAY + timedelta(days=20)
    assert list(intents_to_follow(me)) == [intent]
    placement = make_placement(DAY + timedelta(days=5), person=intent.person, employer=intent.employer)
    with pytest.raises(FieldWrong, match="不是这两方"):
        follow_intent(intent=intent, placement=make_placement(late), followed_on=late, actor=me, today=late)
    with pytest.raises(FieldWrong, match="写一句原因"):
        follow_intent(intent=intent, followed_on=late, actor=me, today=late)
    with pytest.raises(FieldWrong, match="跟进日期"):
        follow_intent(intent=intent, placement=placement, followed_on=late, actor=me, today=DAY)
    early = make_placement(DAY - timedelta(days=5), person=intent.person, employer=intent.employer)
    with pytest.raises(FieldWrong, match="早于招聘会"):
        follow_intent(intent=intent, placement=early, followed_on=late, actor=me, today=late)
    follow_intent(intent=intent, placement=placement, followed_on=late, actor=me, today=late)
    assert fair_figures(fair).placements == 1
    assert not intents_to_follow(me).exists()
    with pytest.raises(FieldWrong, match="促成就业"):
        take_back_intent(intent=intent, actor=me, now=NOON)


# --- costs -----------------------------------------------------------------------------------------------------------


@pytest.mark.clause("3.3.3-event")
def test_cost_is_kept_by_voucher_and_a_forbidden_kind_is_refused_with_its_source() -> None:
    told: dict[str, Any] = {"fair": make_fair("held"), "paid_on": DAY, "actor": someone(), "today": DAY}
    cost = record_cost(kind="venue", amount_fen=500_000, voucher_number="V1", **told)
    assert cost.amount_fen == 500_000
    with pytest.raises(AlreadyThere, match="V1"):
        record_cost(kind="printing", amount_fen=1, voucher_number="V1", **told)
    for kind in ("staff_pay", "meals", "gifts"):
        with pytest.raises(CostForbidden, match="不能列入活动成本"):
            record_cost(kind=kind, amount_fen=1, voucher_number=kind, **told)
    with pytest.raises(CostForbidden):
        record_cost(kind="something", amount_fen=1, voucher_number="V2", **told)
    for given in ({"amount_fen": 0}, {"voucher_number": " "}, {"paid_on": DAY + timedelta(days=1)}):
        with pytest.raises(FieldWrong):
            record_cost(**{"kind": "venue", "amount_fen": 1, "voucher_number": "V3", **told, **given})


# --- who sees which fairs ----------------------------------------------------------------------------------------------


def test_township_sees_what_is_approved_and_what_it_hosts() -> None:
    other = planned(name="外乡", hosts=[make_area("341502002")], area=make_area("341502002"))
    mine = planned(name="本乡", hosts=[make_area("341502001")], area=make_area("341502001"))
    approved = make_fair(name="区里")
    seen = {fair.name for fair in fairs_seen_by(someone(Role.TOWNSHIP, area_code="341502001"))}
    assert seen == {mine.name, approved.name}
    assert {fair.name for fair in fairs_seen_by(someone(Role.CLERK))} == {other.name, mine.name, approved.name}
    assert {fair.name for fair in fairs_seen_by(someone(Role.EMPLOYER))} == {approved.name}


def test_figures_of_many_fairs_take_one_statement(django_assert_num_queries: Any) -> None:
    fairs = [make_fair() for _ in range(5)]
    for fair in fairs:
        make_intent(fair)
    with django_assert_num_queries(1):
        assert {f.intents for f in figures_of(fairs).values()} == {1}


def test_refusals_are_one_sentence_that_says_nothing_was_saved() -> None:
    for refusal in (
        FairInPast(DAY),
        FairTwice("甲", DAY, 1),
        NotItsDay(DAY, date(2022, 4, 17)),
        NoBoothLeft(3),
        OwnFair(),
    ):
        assert isinstance(refusal, FairError)
        assert "没有" in str(refusal) and str(refusal).endswith("。")
    assert FairIntent._meta.get_field("key").unique
