"""Help for people in difficulty, follow-up after placements, and public-welfare posts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from jiujin.accounts.models import Role
from jiujin.circles.models import FollowUp, HelpPlan, PostHolding, WelfarePost
from jiujin.circles.programme import follow_ups_due, help_plans_seen_by, posts_seen_by, with_holders, without_a_plan
from jiujin.circles.refusals import (
    AlreadyRecorded,
    FieldWrong,
    MonthOutside,
    NotCertified,
    PostFull,
    TermsOverlap,
    TermTooLong,
)
from jiujin.circles.services.help_person import make_help_plan, record_follow_up
from jiujin.circles.services.run_post import (
    close_post,
    develop_post,
    file_post,
    hold_post,
    leave_post,
    record_post_month,
    register_holding,
)
from jiujin.core.proof import Proof
from jiujin.core.services.set_parameter import set_parameter
from jiujin.registry.models import OrganisationKind, Person
from tests.accounts.people import someone
from tests.registry.factories import make_area, make_organisation, make_person, make_status
from tests.work.factories import make_placement

pytestmark = pytest.mark.django_db
CERTIFIED, START, TODAY = date(2022, 1, 10), date(2022, 3, 1), date(2022, 9, 15)


def in_difficulty(**given: Any) -> Person:
    person = make_person(**given)
    make_status(person, "difficulty", CERTIFIED)
    return person


def post(**given: Any) -> WelfarePost:
    usual: dict[str, Any] = {
        "entity": make_organisation(), "title": "保洁", "headcount": 1, "developed_on": date(2022, 2, 1),
        "actor": someone(), "today": TODAY,
    }  # fmt: skip
    return develop_post(**{**usual, **given})


def held(of: WelfarePost | None = None, **given: Any) -> PostHolding:
    usual: dict[str, Any] = {"start_on": START, "end_on": date(2022, 8, 31), "actor": someone()}
    fields = {**usual, **given}
    return hold_post(post=of or post(), person=fields.pop("person", None) or in_difficulty(), **fields)


# --- help ------------------------------------------------------------------------------------------------------------


def test_plan_is_for_who_is_certified_and_a_new_one_ends_the_one_before() -> None:
    person, me = in_difficulty(), someone()
    told: dict[str, Any] = {"situation": "想在家附近", "steps": "推荐三个岗位", "actor": me, "today": TODAY}
    with pytest.raises(NotCertified):
        make_help_plan(person=make_person(), made_on=START, **told)
    with pytest.raises(NotCertified):
        make_help_plan(person=person, made_on=CERTIFIED - timedelta(days=1), **told)
    first = make_help_plan(person=person, made_on=CERTIFIED, **told)
    second = make_help_plan(person=person, made_on=START, **told)
    first.refresh_from_db()
    assert (first.ended_on, second.ended_on) == (START, None)
    assert HelpPlan.objects.filter(ended_on=None).get() == second
    with pytest.raises(FieldWrong, match="更晚"):
        make_help_plan(person=person, made_on=CERTIFIED, **told)
    for given in ({"steps": " "}, {"situation": ""}):
        with pytest.raises(FieldWrong):
            make_help_plan(person=person, made_on=START, **told | given)
    with pytest.raises(FieldWrong):
        make_help_plan(person=person, made_on=TODAY + timedelta(days=1), **told)


def test_who_has_no_plan_is_listed_for_who_serves_them() -> None:
    east, west = make_area("341502001001"), make_area("341502002001")
    mine, other = in_difficulty(home_area=east), in_difficulty(home_area=west)
    make_person(home_area=east)
    officer = someone(Role.TOWNSHIP, area_code="341502001")
    assert list(without_a_plan(officer, TODAY)) == [mine]
    plan = make_help_plan(person=mine, made_on=START, situation="家", steps="帮", actor=officer, today=TODAY)
    make_help_plan(person=other, made_on=START, situation="家", steps="帮", actor=officer, today=TODAY)
    assert not without_a_plan(officer, TODAY).exists()
    assert list(help_plans_seen_by(officer)) == [plan]


@pytest.mark.parametrize(("months", "due"), [(1, date(2022, 4, 1)), (3, date(2022, 6, 1)), (6, date(2022, 9, 1))])
def test_placement_of_a_person_in_difficulty_is_asked_after_at_one_three_and_six_months(months: int, due: date) -> None:
    clerk = someone(Role.CLERK)
    placement = make_placement(START, person=in_difficulty())
    make_placement(START)  # nobody in difficulty
    assert not follow_ups_due(clerk, due - timedelta(days=1)).filter(due_months=months).exists()
    assert [p.due_months for p in follow_ups_due(clerk, due)] == [months]
    told: dict[str, Any] = {"placement": placement, "after_months": months, "still_employed": True, "actor": clerk}
    with pytest.raises(FieldWrong, match=f"满 {months} 个月"):
        record_follow_up(asked_on=due - timedelta(days=1), today=due, **told)
    with pytest.raises(FieldWrong):
        record_follow_up(asked_on=due + timedelta(days=1), today=due, **told)
    record_follow_up(asked_on=due, today=due, **told)
    assert not follow_ups_due(clerk, due).exists()
    with pytest.raises(AlreadyRecorded):
        record_follow_up(asked_on=due, today=due, **told)
    assert FollowUp.objects.count() == 1


def test_follow_up_has_its_times() -> None:
    with pytest.raises(FieldWrong, match="1、3、6"):
        record_follow_up(
            placement=make_placement(START), after_months=2, asked_on=TODAY, still_employed=None, actor=someone(), today=TODAY
        )  # fmt: skip


# --- posts -----------------------------------------------------------------------------------------------------------


@pytest.mark.clause("3.1.3-post-organise", "3.1.3-post-records")
def test_post_goes_from_its_development_to_the_last_day_on_it() -> None:
    operator, me = make_organisation(OrganisationKind.OPERATOR), someone()
    made = post(operator=operator)
    filed = file_post(post=made, filing_number="GY1", actor=me, proof=Proof.VERIFIED)
    holding = held(filed, labour_filing_number="YG1")
    registered = register_holding(holding=holding, registration_number="JY1", service_number="FW1", actor=me)
    numbers = (registered.registration_number, registered.labour_filing_number, registered.service_number)
    assert numbers == ("JY1", "YG1", "FW1")
    for month in (3, 4):
        record_post_month(
            holding=holding, month=date(2022, month, 1), attended_days=20, is_insured=True, actor=me, today=TODAY
        )
    with pytest.raises(FieldWrong, match="核对"):
        leave_post(holding=holding, left_on=date(2022, 3, 20), because="搬家", actor=me, today=TODAY)
    left = leave_post(holding=holding, left_on=date(2022, 4, 20), because="搬家", actor=me, today=TODAY)
    assert (left.left_on, left.months.count()) == (date(2022, 4, 20), 2)
    with pytest.raises(AlreadyRecorded):
        leave_post(holding=holding, left_on=date(2022, 4, 20), because="搬家", actor=me, today=TODAY)
    assert close_post(post=made, closed_on=date(2022, 4, 30), actor=me).closed_on == date(2022, 4, 30)


def test_post_is_for_who_was_certified_by_the_first_day() -> None:
    with pytest.raises(NotCertified):
        held(person=make_person())
    late = make_person()
    make_status(late, "difficulty", START + timedelta(days=1))
    with pytest.raises(NotCertified):
        held(person=late)
    same_day = make_person()
    make_status(same_day, "difficulty", START)
    assert held(person=same_day).start_on == START


def test_places_of_a_post_are_not_exceeded_on_any_day() -> None:
    made = post(headcount=1)
    first = held(made)
    with pytest.raises(PostFull):
        held(made, start_on=date(2022, 8, 31), end_on=date(2022, 12, 31))
    assert held(made, start_on=date(2022, 9, 1), end_on=date(2022, 12, 31)).post == made
    leave_post(holding=first, left_on=date(2022, 5, 31), because="辞职", actor=someone(), today=TODAY)
    assert held(made, start_on=date(2022, 6, 1), end_on=date(2022, 8, 31)).start_on == date(2022, 6, 1)


def test_one_person_holds_one_post_at_a_time() -> None:
    person = in_difficulty()
    held(person=person)
    with pytest.raises(TermsOverlap):
        held(person=person, start_on=date(2022, 8, 31), end_on=date(2022, 12, 31))
    assert held(person=person, start_on=date(2022, 9, 1), end_on=date(2022, 12, 31)).start_on == date(2022, 9, 1)


def test_term_has_no_limit_until_the_district_sets_one() -> None:
    assert held(end_on=None, open_ended=True).open_ended
    set_parameter(parameter="post_term_months_max", value=6, source="测试取值，不是文件规定", actor="system:test")
    assert held(end_on=date(2022, 8, 31)).end_on == date(2022, 8, 31), "six months to the day"
    for given in ({"end_on": date(2022, 9, 1)}, {"end_on": None}):
        with pytest.raises(TermTooLong, match="最长 6 个月"):
            held(**given)


@pytest.mark.parametrize(
    "given",
    [{"title": " "}, {"headcount": 0}, {"developed_on": TODAY + timedelta(days=1)}, {"operator": "employer"}],
)
def test_post_that_cannot_be_is_refused(given: dict[str, Any]) -> None:
    if "operator" in given:
        given = {"operator": make_organisation()}
    with pytest.raises(FieldWrong):
        post(**given)


def test_holding_lies_within_the_life_of_its_post() -> None:
    made = post()
    for given in (
        {"start_on": date(2022, 1, 31)},
        {"end_on": START - timedelta(days=1)},
        {"end_on": TODAY, "open_ended": True},
    ):
        with pytest.raises(FieldWrong):
            held(made, **given)
    held(made)
    with pytest.raises(FieldWrong, match="还有人在岗"):
        close_post(post=made, closed_on=date(2022, 8, 30), actor=someone())
    close_post(post=made, closed_on=date(2022, 8, 31), actor=someone())
    with pytest.raises(FieldWrong):
        held(made, start_on=date(2022, 9, 1), end_on=None)


def test_months_outside_the_term_and_more_days_than_there_were_are_refused() -> None:
    holding = held(start_on=date(2022, 3, 21), end_on=date(2022, 8, 10))
    told: dict[str, Any] = {"holding": holding, "is_insured": None, "actor": someone(), "today": date(2022, 7, 1)}
    for month in (date(2022, 2, 1), date(2022, 8, 1), date(2022, 9, 1)):
        with pytest.raises(MonthOutside):
            record_post_month(month=month, attended_days=1, **told)
    with pytest.raises(FieldWrong, match="11 天"):
        record_post_month(month=date(2022, 3, 1), attended_days=12, **told)
    assert record_post_month(month=date(2022, 3, 31), attended_days=11, **told).month == date(2022, 3, 1)
    again = record_post_month(month=date(2022, 3, 1), attended_days=9, **told)
    assert (again.attended_days, holding.months.count()) == (9, 1), "a month is one, the last word counts"


def test_premium_of_a_month_says_that_it_was_insured_and_cannot_be_where_it_was_not() -> None:
    held = hold_post(post=post(), person=in_difficulty(), start_on=START, end_on=date(2023, 2, 28), actor=someone())
    given: dict[str, Any] = {"holding": held, "month": START, "attended_days": 20, "actor": someone(), "today": TODAY}
    assert record_post_month(**given, is_insured=None, premium_fen=42_000).is_insured is True
    for wrong in ({"is_insured": False, "premium_fen": 1}, {"is_insured": True, "premium_fen": -1}):
        with pytest.raises(FieldWrong) as told:
            record_post_month(**given, **wrong)
        assert told.value.field == "premium_fen"


def test_post_is_seen_by_its_entity_its_operator_and_its_area() -> None:
    operator = make_organisation(OrganisationKind.OPERATOR)
    entity = make_organisation(area=make_area("341502001"))
    made = post(entity=entity, operator=operator)
    held(made)
    for viewer in (
        someone(Role.CLERK),
        someone(Role.TOWNSHIP, area_code="341502001"),
        someone(Role.OPERATOR, organisation_name=operator.name),
        someone(Role.EMPLOYER, organisation_name=entity.name),
    ):
        assert [p.holders for p in with_holders(posts_seen_by(viewer), START)] == [1]  # type: ignore[attr-defined]
    for stranger in (someone(Role.TOWNSHIP, area_code="341502002"), someone(Role.EMPLOYER), someone(Role.OPERATOR)):
        assert not posts_seen_by(stranger).exists()
