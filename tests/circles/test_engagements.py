"""Pilots, the street's decision, the operator's contract and its indicators, the monthly report."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from jiujin.accounts.models import Role
from jiujin.circles.measures import MEASURES, scored
from jiujin.circles.models import Circle, Engagement, PilotCommunity, WelfarePost
from jiujin.circles.programme import engagements_seen_by
from jiujin.circles.refusals import (
    AlreadyRecorded,
    CountsGranted,
    FieldWrong,
    ModeUndecided,
    MonthOutside,
    TermsOverlap,
)
from jiujin.circles.services.engage_operator import (
    accept_engagement,
    decide_mode,
    end_engagement,
    engage_operator,
    mark_pilot,
)
from jiujin.circles.services.send_report import send_report
from jiujin.core.current_plan import current_plan
from jiujin.core.target_figures import figure_of
from jiujin.registry.models import OrganisationKind
from jiujin.work.models import ServiceRecord
from tests.accounts.people import someone
from tests.circles.factories import make_circle, make_community
from tests.registry.factories import make_area, make_organisation, make_person
from tests.work.factories import make_placement

pytestmark = pytest.mark.django_db
TODAY, START, END = date(2022, 6, 15), date(2022, 4, 1), date(2022, 12, 31)


def decided(circle: Circle, on: date = date(2022, 3, 20), **given: Any) -> Any:
    usual: dict[str, Any] = {
        "mode": "委托运营",
        "officer": "王主任",
        "document": "三里桥街办〔2022〕8号",
        "today": TODAY,
    }
    return decide_mode(circle=circle, decided_on=on, actor=someone(), **{**usual, **given})


def engaged(circle: Circle, **given: Any) -> Engagement:
    usual: dict[str, Any] = {
        "operator": None, "procurement": "entrusted", "contract_number": "H1", "signed_on": START, "start_on": START,
        "end_on": END, "system_used": "ours", "actor": someone(),
    }  # fmt: skip
    fields = {**usual, **given}
    fields["operator"] = fields["operator"] or make_organisation(OrganisationKind.OPERATOR)
    return engage_operator(circle=circle, **fields)


# --- pilots ----------------------------------------------------------------------------------------------------------


def test_pilot_is_a_community_marked_once_with_its_source() -> None:
    community, me = make_community(), someone()
    mark_pilot(community=community, source="金人社〔2022〕97号确定", chosen_on=START, actor=me)
    with pytest.raises(AlreadyRecorded):
        mark_pilot(community=community, source="再来", chosen_on=START, actor=me)
    with pytest.raises(FieldWrong, match="哪份文件"):
        mark_pilot(community=make_community("341502001002"), source=" ", chosen_on=START, actor=me)
    with pytest.raises(FieldWrong, match="社区"):
        mark_pilot(community=make_area("341502001"), source="文件", chosen_on=START, actor=me)
    assert PilotCommunity.objects.get().community == community


@pytest.mark.clause("2.1-communities")
def test_pilot_counts_once_it_runs_under_a_contract_and_no_more_when_that_ends() -> None:
    def counted(day: date = END) -> int | None:
        return figure_of(current_plan(), "pilot-communities", day).counted

    circle = make_circle()
    decided(circle)
    contract = engaged(circle)
    assert counted() == 0, "not marked as a pilot"
    mark_pilot(community=circle.community, source="文件", chosen_on=START, actor=someone())
    assert (counted(START - timedelta(days=1)), counted(START)) == (0, 1)
    end_engagement(engagement=contract, ended_on=date(2022, 6, 30), actor=someone())
    assert counted() == 0


# --- the decision and the contract -------------------------------------------------------------------------------------


@pytest.mark.clause("3.1.2-mode", "3.1.2-engage", "3.1.2-purchase")
def test_no_contract_starts_before_the_street_decided() -> None:
    circle = make_circle()
    with pytest.raises(ModeUndecided, match="街道还没有确定"):
        engaged(circle)
    decided(circle, START + timedelta(days=1))
    with pytest.raises(ModeUndecided):
        engaged(circle)
    decided(circle, START)
    contract = engaged(circle)
    circle.refresh_from_db()
    assert circle.operator == contract.operator


@pytest.mark.parametrize(
    "given", [{"mode": " "}, {"officer": ""}, {"document": " "}, {"on": TODAY + timedelta(days=1)}]
)
def test_decision_names_mode_officer_document_and_a_day_that_came(given: dict[str, Any]) -> None:
    with pytest.raises(FieldWrong):
        decided(make_circle(), **given)


def test_two_contracts_of_a_circle_never_share_a_day() -> None:
    circle = make_circle()
    decided(circle)
    first = engaged(circle)
    with pytest.raises(TermsOverlap):
        engaged(circle, contract_number="H2", signed_on=END, start_on=END, end_on=END)
    end_engagement(engagement=first, ended_on=date(2022, 6, 30), actor=someone())
    day = date(2022, 7, 1)
    assert engaged(circle, contract_number="H2", signed_on=day, start_on=day).start_on == day
    other = make_circle(community=make_community("341502001002"))
    decided(other)
    with pytest.raises(AlreadyRecorded, match="H1"):
        engaged(other)


@pytest.mark.parametrize(
    "given",
    [
        {"procurement": "open_tender"},
        {"procurement": "draw"},
        {"system_used": "paper"},
        {"contract_number": " "},
        {"end_on": START - timedelta(days=1)},
        {"signed_on": START + timedelta(days=1)},
        {"fee_fen": 0},
        {"indicators": {"something": 3}},
        {"indicators": {"people_served": 0}},
    ],
)
def test_contract_that_cannot_be_is_refused(given: dict[str, Any]) -> None:
    circle = make_circle()
    decided(circle)
    with pytest.raises(FieldWrong):
        engaged(circle, **given)
    assert not Engagement.objects.exists()


def test_only_an_operator_is_engaged() -> None:
    circle = make_circle()
    decided(circle)
    with pytest.raises(FieldWrong, match="没有登记为运营机构"):
        engaged(circle, operator=make_organisation())


def test_fee_is_not_measured_by_people_for_whom_a_grant_is_given() -> None:
    circle = make_circle()
    decided(circle)
    for measure in ("placements", "people_placed", "people_on_posts"):
        with pytest.raises(CountsGranted):
            engaged(circle, fee_fen=100, indicators={measure: 10})
    assert engaged(circle, indicators={"placements": 10}).indicators.count() == 1, "without a fee it may be asked"
    other = make_circle(community=make_community("341502001002"))
    decided(other)
    assert engaged(other, contract_number="H9", fee_fen=100, indicators={"people_served": 10}).fee_fen == 100


def test_contract_is_accepted_once_within_its_time() -> None:
    circle = make_circle()
    decided(circle)
    contract, me = engaged(circle), someone()
    for on in (START - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(FieldWrong):
            accept_engagement(engagement=contract, accepted_on=on, words="合格", actor=me, today=TODAY)
    accept_engagement(engagement=contract, accepted_on=TODAY, words="合格", actor=me, today=TODAY)
    with pytest.raises(FieldWrong, match="已经验收"):
        accept_engagement(engagement=contract, accepted_on=TODAY, words="合格", actor=me, today=TODAY)


# --- indicators and reports --------------------------------------------------------------------------------------------


def test_indicators_are_scored_by_what_was_counted_since_the_contract_began() -> None:
    operator, circle = make_organisation(OrganisationKind.OPERATOR), make_circle()
    decided(circle)
    contract = engaged(circle, operator=operator, indicators={"people_served": 4, "services_given": 2})
    person = make_person()
    days = [
        (person, START - timedelta(days=1)),
        (person, START),
        (person, TODAY),
        (make_person(), TODAY + timedelta(days=1)),
    ]
    for who, day in days:
        ServiceRecord.objects.create(person=who, kind="call", served_on=day, served_by=someone(), operator=operator)
    assert {each.indicator.measure: (each.counted, each.percent) for each in scored(contract, TODAY)} == {
        "people_served": (1, 25),
        "services_given": (2, 100),
    }


def test_report_of_a_month_is_counted_from_records_and_sent_once() -> None:
    operator, circle, me = make_organisation(OrganisationKind.OPERATOR), make_circle(), someone()
    decided(circle)
    contract = engaged(circle, operator=operator)
    for day in (date(2022, 4, 1), date(2022, 4, 30), date(2022, 5, 1)):
        make_placement(day, operator=operator)
    WelfarePost.objects.create(
        entity=make_organisation(), operator=operator, title="保洁", headcount=3, developed_on=date(2022, 4, 5)
    )
    told: dict[str, Any] = {"engagement": contract, "words": "", "actor": me, "today": TODAY}
    report = send_report(month=date(2022, 4, 20), **told)
    assert report.month == date(2022, 4, 1)
    assert set(report.counted) == set(MEASURES)
    assert {k: v for k, v in report.counted.items() if v} == {"placements": 2, "people_placed": 2, "posts_developed": 3}
    with pytest.raises(AlreadyRecorded, match="2022-04"):
        send_report(month=date(2022, 4, 1), **told)
    for month in (date(2022, 3, 1), date(2022, 6, 1)):
        with pytest.raises(MonthOutside):
            send_report(month=month, **told)


def test_operator_sees_its_own_contracts_and_a_township_those_of_its_circles() -> None:
    circle = make_circle()
    decided(circle)
    contract = engaged(circle)
    assert list(engagements_seen_by(someone(Role.TOWNSHIP, area_code=circle.community_id[:9]))) == [contract]
    assert not engagements_seen_by(someone(Role.TOWNSHIP, area_code="341502099")).exists()
    assert list(engagements_seen_by(someone(Role.OPERATOR, organisation_name=contract.operator.name))) == [contract]
    assert not engagements_seen_by(someone(Role.OPERATOR)).exists()
