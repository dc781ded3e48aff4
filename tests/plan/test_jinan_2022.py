"""The pack of 金安区 2022 against what the document says, stated here a second time and not read from the pack."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest

from jiujin.plan.coverage import coverage
from jiujin.plan.models import Plan
from jiujin.plan.parameters import typed_value
from jiujin.rules import open_plan


@pytest.fixture(scope="module")
def plan() -> Plan:
    return open_plan("jinan-2022")


def duties(plan: Plan, clause: str) -> list[str]:
    """Who must do something under a clause."""
    return [duty.who for duty in plan.duties.values() if duty.clause == clause]


def value(plan: Plan, name: str) -> Any:
    """A stated parameter's one value, in the rules' unit."""
    parameter = plan.parameters[name]
    assert parameter.status == "stated"
    (only,) = parameter.values
    return typed_value(parameter, only.value)


@pytest.mark.clause("0-title", "0-addressed", "0-parent")
def test_the_header_says_who_issued_what_to_whom_and_under_which_document(plan: Plan) -> None:
    header = plan.header
    assert header.document_number == "金人社〔2022〕97号"
    assert header.issuer == "六安市金安区人力资源和社会保障局"
    assert [(parent.title, parent.number) for parent in header.parents] == [("六安市2022年就业促进工程实施方案", None)]
    assert header.addressed_to == ["各乡镇人民政府", "各街道办事处"]
    assert header.not_addressed == ["六安经济开发区"]


@pytest.mark.clause("0-year")
def test_the_plan_binds_the_calendar_year(plan: Plan) -> None:
    assert (plan.header.period.start, plan.header.period.end) == (date(2022, 1, 1), date(2022, 12, 31))
    assert {(s.in_force.start, s.in_force.end) for s in plan.schemes.values()} == {
        (date(2022, 1, 1), date(2022, 12, 31))
    }


@pytest.mark.clause("0-purpose", "0-execute", "1-guidance", "1-aim")
def test_purpose_and_guidance_are_duties_of_a_named_body(plan: Plan) -> None:
    for clause in ("0-purpose", "1-guidance", "1-aim"):
        assert duties(plan, clause) == ["六安市金安区人力资源和社会保障局"]
    assert duties(plan, "0-execute") == ["各乡镇人民政府、街道办事处"]


@pytest.mark.clause("2.1-communities", "2.2-interns", "2.3-fairs", "2.3-enterprises", "2.3-intents", "2.4-intake")
def test_the_targets_carry_the_document_s_figures(plan: Plan) -> None:
    figures = {target.clause: (target.figure, target.unit) for target in plan.targets.values()}
    assert figures == {
        "2.1-communities": (2, "个"),
        "2.2-interns": (255, "人"),
        "2.3-fairs": (76, "场次"),
        "2.3-enterprises": (750, "户次"),
        "2.3-intents": (1260, "人次"),
        "2.4-intake": (450, "人"),
    }
    at_least = {target.clause for target in plan.targets.values() if target.wording == "不少于"}
    assert at_least == set(figures) - {"2.1-communities"}


@pytest.mark.clause("2.1-subsidies", "2.2-subsidies", "2.3-subsidies", "2.4-subsidies")
def test_each_programme_has_the_subsidies_that_its_target_promises(plan: Plan) -> None:
    programmes = Counter(scheme.clause.rsplit(".", 1)[0] for scheme in plan.schemes.values())
    assert programmes == {"3.1": 5, "3.2": 4, "3.3": 4, "3.4": 1}


def test_the_fourteen_subsidies_are_named_as_in_the_document(plan: Plan) -> None:
    assert {scheme.name for scheme in plan.schemes.values()} == {
        "稳定就业服务补助", "灵活就业服务补助", "就业援助服务补助", "公益性岗位社会保险补贴", "公益性岗位补贴",
        "见习生活补助", "见习人身意外伤害保险", "见习指导费", "一次性吸纳就业补贴",
        "人力资源市场信息网络系统建设补助", "岗位对接服务补助", "专项活动补助", "校园招聘会补贴", "技工院校培养补贴",
    }  # fmt: skip


def test_stated_rates_are_those_of_the_document(plan: Plan) -> None:
    assert value(plan, "internship_allowance") == 140_000
    assert value(plan, "internship_stipend") == 200_000
    assert value(plan, "internship_insurance") == 10_000
    assert value(plan, "internship_guidance") == 20_000
    assert value(plan, "technical_school_grant") == 100_000
    assert (value(plan, "stable_contract_months"), value(plan, "stable_insurance_months")) == (6, 6)
    assert (value(plan, "stable_agreement_months"), value(plan, "stable_accident_months")) == (6, 6)
    assert (value(plan, "flexible_months"), value(plan, "absorption_contract_months")) == (3, 12)
    assert (value(plan, "internship_months_min"), value(plan, "internship_months_max")) == (3, 12)
    assert (value(plan, "youth_age_min"), value(plan, "youth_age_max")) == (16, 24)
    assert (value(plan, "student_months"), value(plan, "graduate_months")) == (6, 24)


@pytest.mark.parametrize(
    "name",
    ["stable_grant", "flexible_grant", "assistance_grant", "minimum_wage", "absorption_grant", "post_allowance",
     "post_insurance_subsidy", "network_grant", "matching_grant", "event_grant", "campus_fair_grant"],
)  # fmt: skip
def test_a_rate_that_the_document_does_not_state_is_unset_and_names_its_rule(plan: Plan, name: str) -> None:
    parameter = plan.parameters[name]
    assert (parameter.status, parameter.values) == ("unset", [])
    assert parameter.refers_to


@pytest.mark.clause(
    "3.1.1-circle",
    "2.1-nearby",
    "3.3.1-seekers",
    "3.2.2-publish",
    "3.3.2-publish",
    "4.1-publicise",
    "4.1-channels",
    "4.1-push",
)
def test_every_audience_of_the_document_is_there(plan: Plan) -> None:
    by_clause = Counter(audience.clause for audience in plan.audiences.values())
    assert by_clause["3.1.1-circle"] == 2  # people and small firms within three kilometres
    assert by_clause["4.1-publicise"] == 4  # priority groups, employers, parks, universities
    assert by_clause["4.1-push"] == 2  # graduates, people in difficulty
    for clause in ("2.1-nearby", "3.3.1-seekers", "3.2.2-publish", "3.3.2-publish", "4.1-channels"):
        assert by_clause[clause] == 1
    assert all(audience.channels for audience in plan.audiences.values())


@pytest.mark.clause("3.1.1-goal", "4.4-annual", "4.4-verify", "4.4-overall")
def test_the_scorecard_has_the_document_s_items_and_invents_no_weight(plan: Plan) -> None:
    assert Counter(item.clause for item in plan.scorecard.values()) == {
        "4.4-annual": 1, "1-aim": 1, "3.1.1-goal": 1, "4.4-verify": 3, "4.4-overall": 1,
    }  # fmt: skip
    assert {item.weight for item in plan.scorecard.values()} == {None}


@pytest.mark.clause(
    "2.1-circle", "3.1.1-model", "3.1.1-online", "3.1.1-offline", "3.1.2-mode", "3.1.2-purchase", "3.1.2-engage",
    "3.1.2-systems", "3.1.2-specialists", "3.1.3-post-organise",
)  # fmt: skip
def test_the_circle_s_mechanism_is_split_into_duties_each_with_its_body(plan: Plan) -> None:
    assert duties(plan, "3.1.2-mode") == ["各试点街道"]
    assert duties(plan, "3.1.2-purchase") == duties(plan, "3.1.2-engage") == ["区公共就业服务部门"]
    assert duties(plan, "3.1.2-systems") == duties(plan, "3.1.3-post-organise") == ["运营机构"]
    for clause in ("2.1-circle", "3.1.1-model", "3.1.1-online", "3.1.1-offline", "3.1.2-specialists"):
        assert len(duties(plan, clause)) == 1


@pytest.mark.clause("3.1.3-fund", "3.2.3-fund", "3.4.3-fund")
def test_every_scheme_says_which_fund_it_is_paid_from(plan: Plan) -> None:
    assert all(scheme.fund_class for scheme in plan.schemes.values())
    assert plan.readings["fund-class"].decided_by is None
    assert duties(plan, "3.2.3-fund") and duties(plan, "3.4.3-fund")


@pytest.mark.clause(
    "3.2.2-collect",
    "3.2.2-apply",
    "3.2.2-meetings",
    "3.3.2-collect",
    "3.3.2-fairs",
    "3.3.2-recommend",
    "2.3-matching",
    "3.3.1-purpose",
)
def test_internship_and_matching_mechanisms_are_duties(plan: Plan) -> None:
    for clause in ("3.2.2-collect", "3.2.2-apply", "3.2.2-meetings"):
        assert duties(plan, clause) == ["区公共就业服务机构"]
    assert duties(plan, "3.3.2-collect") == ["区人力资源服务机构"]
    for clause in ("3.3.2-fairs", "3.3.2-recommend", "2.3-matching", "3.3.1-purpose"):
        assert duties(plan, clause)


@pytest.mark.clause("3.2.3-higher")
def test_a_unit_may_pay_more_and_the_public_share_stays(plan: Plan) -> None:
    reading = plan.readings["higher-stipend"]
    assert reading.clause == "3.2.3-higher"
    assert plan.schemes["internship-living-allowance"].amount == "param('internship_allowance') * internship_months"


@pytest.mark.clause("2.4-skills", "3.4.1-youth", "3.4.3-list", "3.4.3-review", "3.4.3-payment")
def test_the_city_reviews_and_pays_the_schools_and_lists_come_in_may_and_november(plan: Plan) -> None:
    assert plan.schemes["technical-school-training"].decided_by == "city"
    months = {duty.when for duty in plan.duties.values() if duty.clause == "3.4.3-list"}
    assert len(months) == 2
    assert any("5" in (month or "") for month in months)
    assert any("11" in (month or "") for month in months)
    for clause in ("3.4.3-review", "3.4.3-payment"):
        assert all("市" in who for who in duties(plan, clause))
    assert plan.readings["no-age-bound"].clause == "3.4.1-youth"
    assert duties(plan, "2.4-skills")


@pytest.mark.clause("4.1-compile", "4.2-targets", "4.2-contacts", "4.2-inspect", "4.2-guide", "4.2-dispatch")
def test_target_management_is_split_into_its_duties(plan: Plan) -> None:
    for clause in ("4.1-compile", "4.2-targets", "4.2-contacts", "4.2-inspect", "4.2-guide", "4.2-dispatch"):
        assert len(duties(plan, clause)) == 1, clause


@pytest.mark.clause("4.3-risk", "4.3-update", "4.3-ledger", "4.3-checks", "4.3-procedure", "4.4-survey", "4.4-callback")
def test_funds_are_guarded_and_a_third_party_asks(plan: Plan) -> None:
    for clause in ("4.3-risk", "4.3-update", "4.3-ledger", "4.3-checks", "4.3-procedure"):
        assert duties(plan, clause), clause
    assert len(plan.risks) >= 5
    assert {survey.clause for survey in plan.surveys.values()} == {"4.4-survey", "4.4-callback"}
    assert all(survey.questions for survey in plan.surveys.values())


@pytest.mark.clause("annex-decomposition")
def test_the_missing_annex_is_an_empty_decomposition_that_someone_must_supply(plan: Plan) -> None:
    assert plan.shares == []
    assert duties(plan, "annex-decomposition")


def test_the_areas_are_one_district_23_townships_and_357_communities(plan: Plan) -> None:
    assert Counter(area.level for area in plan.areas.values()) == {"district": 1, "township": 23, "community": 357}
    assert plan.areas["341502400"].name == "六安经济开发区"
    assert {len(area.code) for area in plan.areas.values()} == {6, 9, 12}


def test_no_reading_is_confirmed_by_anybody_yet(plan: Plan) -> None:
    assert all(reading.decided_by is None for reading in plan.readings.values())
    assert all(reading.used and reading.otherwise for reading in plan.readings.values())


@pytest.mark.parametrize(
    "reading",
    ["which-year", "effective-dates", "operators-share-the-limit", "one-long-spell", "two-flexible-jobs", "which-wage-floor",
     "flexible-forms", "intern-groups", "priority-groups", "intern-group-day", "over-twelve-months", "part-months", "early-end",
     "leaving-is-graduation", "youth-ages", "second-internship", "which-insurances", "insurance-months", "scheme-exclusion",
     "circle-residence", "no-second-grant", "late-enrolment", "no-age-bound", "fund-class", "higher-stipend",
     "interns-credited-home", "students-credited-home", "fair-credited-place", "only-stamped-lists", "two-schools-one-student",
     "upgrade-by-history", "willing-to-move", "matching-workload", "own-staff", "follow-up-months"],
)  # fmt: skip
def test_where_the_document_is_silent_a_reading_says_so(plan: Plan, reading: str) -> None:
    assert plan.readings[reading].question


def test_every_clause_is_implemented_and_shown_by_a_test(plan: Plan) -> None:
    covers = coverage(plan)
    assert [cover.id for cover in covers if cover.bare] == []
    assert {cover.id for cover in covers} == set(plan.clauses)


WAITS_FOR_AN_OUTSIDE_SYSTEM = {"3.1.2-systems", "3.1.3-post-records", "3.2.2-publish", "3.3.2-publish", "3.4.3-list"}


def test_every_clause_of_part_three_runs(plan: Plan) -> None:
    """What is left of a clause is a connection to somebody else's system, which nobody here can make."""
    part_three = [cover for cover in coverage(plan) if cover.id.startswith("3.")]
    assert [cover.id for cover in part_three if cover.data_only] == []
    assert {cover.id for cover in part_three if cover.remaining} == WAITS_FOR_AN_OUTSIDE_SYSTEM
