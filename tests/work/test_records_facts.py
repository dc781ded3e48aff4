"""How the pack's SQL reads each fact of a placement from records, by example and against plain Python."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import takewhile
from typing import Any

import pytest
from django.db import connection

from jiujin.cli.demo_district import load_demo
from jiujin.core.current_plan import current_plan
from jiujin.core.proof import Proof
from jiujin.plan.models import ParameterValue, Plan
from jiujin.registry.models import OrganisationKind
from jiujin.rules import compile_scheme
from jiujin.rules.records import judge_records, with_parameters
from jiujin.values import add_months, whole_months
from jiujin.work.models import InsuranceKind, Placement, RegistrationKind
from jiujin.work.services.record_registration import record_registration
from tests.registry.factories import make_organisation, make_person, make_status
from tests.work.factories import add_income, add_insurance, make_placement

pytestmark = pytest.mark.django_db
FLOOR = {"minimum_wage": 150000}
VERIFIED = Proof.VERIFIED


def facts_of(placement: Placement, settings: Mapping[str, Any] = FLOOR, plan: Plan | None = None) -> dict[str, Any]:
    """Every fact that the pack reads from records, and its proof as `<fact>__proof`."""
    return all_facts(settings, plan)[placement.pk]


def all_facts(settings: Mapping[str, Any] = FLOOR, plan: Plan | None = None) -> dict[int, dict[str, Any]]:
    plan = plan or current_plan()
    columns = {}
    for fact in plan.facts.values():
        records = fact.records_of("placement") if "placement" in fact.subjects else None
        if records:
            columns[fact.id] = with_parameters(records, plan, settings)
            columns[f"{fact.id}__proof"] = fact.records_proof_of("placement") or "1"
    wanted = ", ".join(f"{sql} AS {name}" for name, sql in columns.items())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT subject.id, {wanted} FROM work_placement AS subject")
        return {key: dict(zip(columns, values, strict=True)) for key, *values in cursor.fetchall()}


# --- months of work and income ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start_on", "end_on", "months", "running"),
    [
        (date(2022, 3, 1), date(2022, 5, 31), 3, 3),
        (date(2022, 3, 1), date(2022, 5, 30), 3, 2),  # a day short
        (date(2022, 3, 1), None, 3, 3),
        (date(2022, 3, 1), date(2022, 12, 31), 3, 3),  # the records end before the term
        (date(2022, 3, 15), date(2022, 6, 14), 4, 3),  # four calendar months, three whole ones
        (date(2022, 3, 15), date(2022, 6, 14), 3, 2),  # the last calendar month is not on record
        (date(2022, 1, 31), date(2022, 4, 29), 4, 3),  # 31 January + 3 months is 30 April
        (date(2022, 1, 31), date(2022, 4, 28), 4, 2),
        (date(2020, 2, 29), date(2020, 5, 28), 4, 3),
        (date(2021, 11, 30), None, 4, 3),  # 30 November + 3 months is 28 February
        (date(2022, 3, 15), date(2022, 3, 20), 1, 0),
        (date(2022, 3, 1), None, 0, None),
    ],
)
def test_months_running_are_whole_months_from_the_start_that_records_cover(
    start_on: date, end_on: date | None, months: int, running: int | None
) -> None:
    placement = make_placement(start_on, end_on)
    add_income(placement, [160000] * months)
    assert facts_of(placement)["months_running"] == running


def test_a_gap_ends_the_run_and_later_months_do_not_count() -> None:
    placement = make_placement(date(2022, 1, 1))
    add_income(placement, [160000, 160000])
    add_income(placement, [100, None], since=date(2022, 4, 1))
    facts = facts_of(placement)
    assert (facts["months_running"], facts["lowest_monthly_income"]) == (2, 160000)


def test_run_that_does_not_begin_with_the_start_is_not_known() -> None:
    placement = make_placement(date(2022, 1, 31))
    add_income(placement, [160000] * 6, since=date(2022, 2, 1))
    add_income(placement, [160000], since=date(2021, 12, 1))
    facts = facts_of(placement)
    assert (facts["months_running"], facts["lowest_monthly_income"]) == (None, None)


def test_income_over_the_floor_is_that_of_the_worst_month() -> None:
    placement = make_placement(date(2022, 1, 1))
    add_income(placement, [160000, 149999, 150000])
    facts = facts_of(placement)
    assert (facts["lowest_monthly_income"], facts["income_over_wage_floor"]) == (149999, -1)


def test_one_unknown_income_makes_the_lowest_unknown_but_not_the_months() -> None:
    placement = make_placement(date(2022, 1, 1))
    add_income(placement, [160000, None, 160000])
    facts = facts_of(placement)
    assert (facts["months_running"], facts["lowest_monthly_income"], facts["income_over_wage_floor"]) == (3, None, None)


def test_unset_floor_leaves_the_difference_unknown() -> None:
    placement = make_placement(date(2022, 1, 1))
    add_income(placement, [160000])
    assert facts_of(placement, {})["income_over_wage_floor"] is None


def with_floors(*spans: tuple[date | None, date | None, str]) -> Plan:
    """The plan with wage floors by date."""
    plan = current_plan()
    values = [
        ParameterValue(**{"from": first, "to": last, "value": value, "source": "测试", "checked_on": date(2022, 1, 1)})
        for first, last, value in spans
    ]
    floor = plan.parameters["minimum_wage"].model_copy(update={"values": values, "status": "external"})
    return plan.model_copy(update={"parameters": {**plan.parameters, "minimum_wage": floor}})


def test_each_month_is_held_against_its_own_floor() -> None:
    plan = with_floors((None, date(2022, 2, 28), "1400"), (date(2022, 3, 1), None, "1600"))
    placement = make_placement(date(2022, 1, 15))
    add_income(placement, [140000, 150000, 170000, 180000])  # over its floor by 0, 100, 100, 200 yuan
    assert facts_of(placement, {}, plan)["income_over_wage_floor"] == 0
    another = make_placement(date(2022, 1, 15))
    add_income(another, [150000, 150000, 159999])
    assert facts_of(another, {}, plan)["income_over_wage_floor"] == -1


def test_a_month_without_a_floor_leaves_the_difference_unknown() -> None:
    plan = with_floors((date(2022, 2, 1), None, "1400"))
    placement = make_placement(date(2022, 1, 1))
    add_income(placement, [150000, 150000])
    assert facts_of(placement, {}, plan)["income_over_wage_floor"] is None


# --- term, insurance, registration, operator ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("end_on", "open_ended", "known"), [(None, True, True), (date(2022, 8, 31), False, False), (None, False, None)]
)
def test_open_end_is_yes_no_or_not_known(end_on: date | None, open_ended: bool, known: bool | None) -> None:
    placement = make_placement(end_on=end_on, open_ended=open_ended)
    facts = facts_of(placement)
    assert (facts["open_ended"], facts["end_on"]) == (known, end_on)


def test_insurance_months_count_by_kind_at_the_level_of_the_weakest() -> None:
    placement = make_placement()
    add_insurance(placement, InsuranceKind.SOCIAL, [VERIFIED] * 5 + [Proof.DOCUMENTED])
    facts = facts_of(placement)
    assert (facts["social_insurance_months"], facts["social_insurance_months__proof"]) == (6, Proof.DOCUMENTED)
    assert facts["accident_insurance_months"] is None  # no record is not a no


def test_either_registration_counts_and_the_better_proof_holds() -> None:
    placement, none = make_placement(), make_placement()
    record_registration(
        placement=placement, kind=RegistrationKind.LABOUR, reference_number="YS1", proof=VERIFIED, actor="system:tests"
    )
    facts = facts_of(placement)
    assert (facts["registered_or_filed"], facts["registered_or_filed__proof"]) == (True, VERIFIED)
    assert facts["employment_registered"] is None
    record_registration(placement=placement, kind=RegistrationKind.EMPLOYMENT, actor="system:tests")
    facts = facts_of(placement)
    assert (facts["employment_registered"], facts["employment_registered__proof"]) == (True, Proof.DECLARED)
    assert facts["registered_or_filed__proof"] == VERIFIED
    assert facts_of(none)["registered_or_filed"] is None


def test_person_and_operator_are_read_and_the_number_is_not() -> None:
    operator = make_organisation(OrganisationKind.OPERATOR, name="三里桥运营机构")
    placement = make_placement(operator=operator)
    same_person = make_placement(person=placement.person, operator=None)
    facts, others = facts_of(placement), facts_of(same_person)
    assert (facts["operator"], others["operator"]) == ("三里桥运营机构", None)
    assert (facts["name"], facts["born_on"]) == (placement.person.name, placement.person.born_on)
    assert facts["id_number"] == others["id_number"] != placement.person.id_number
    assert facts["id_number"] != facts_of(make_placement())["id_number"]


# --- priority groups ----------------------------------------------------------------------------------------------------

START = date(2022, 3, 1)


@pytest.mark.parametrize(
    ("first", "last", "group"),
    [
        (START, None, "migrant"),
        (START, START, "migrant"),
        (START + timedelta(days=1), None, None),
        (date(2021, 1, 1), START - timedelta(days=1), None),  # expired: whether it still holds is not known
    ],
)
def test_group_is_the_one_that_holds_on_the_day_of_the_start(first: date, last: date | None, group: str | None) -> None:
    placement = make_placement(START)
    make_status(placement.person, "migrant", first, end_on=last)
    assert facts_of(placement)["priority_group"] == group


@pytest.mark.parametrize(
    ("held", "group"),
    [
        ([("none", 3), ("migrant", 1)], "migrant"),
        ([("veteran", 3), ("difficulty", 1)], "difficulty"),
        ([("other", 3), ("graduate", 1)], "graduate"),
        ([("migrant", 2), ("veteran", 3)], "veteran"),
        ([("none", 2)], "none"),
        ([], None),
    ],
)
def test_of_several_groups_one_speaks(held: list[tuple[str, int]], group: str | None) -> None:
    placement = make_placement(START)
    for category, proof in held:
        make_status(placement.person, category, START, proof=proof)
    facts = facts_of(placement)
    assert facts["priority_group"] == group
    assert facts["priority_group__proof"] == dict(held).get(group)


def test_day_of_certification_is_the_first_of_hardship_statuses_not_ended_by_the_start() -> None:
    placement = make_placement(START)
    make_status(placement.person, "migrant", date(2019, 1, 1))
    assert facts_of(placement)["certified_on"] is None
    make_status(placement.person, "difficulty", date(2020, 1, 1), end_on=date(2021, 1, 1))
    make_status(placement.person, "difficulty", date(2022, 3, 2))
    assert facts_of(placement)["certified_on"] == date(2022, 3, 2)  # after the start: not met, rather than not known
    make_status(placement.person, "difficulty", date(2022, 2, 1))
    assert facts_of(placement)["certified_on"] == date(2022, 2, 1)


# --- against plain Python, and in a verdict -----------------------------------------------------------------------------


def expected(placement: Placement) -> dict[str, Any]:
    """What the facts should be, the slow way."""
    held = {income.month: income.amount_fen for income in placement.income_months.all()}
    first = placement.start_on.replace(day=1)
    run = list(takewhile(lambda month: month in held, (add_months(first, number) for number in range(100))))
    amounts = [held[month] for month in run]
    lowest = min(amounts, default=None) if None not in amounts else None
    last_covered = add_months(first, len(run)) - timedelta(days=1)
    until = min(last_covered, placement.end_on or last_covered)
    insured = [month.kind for month in placement.insurance_months.all()]
    registered = {entry.kind for entry in placement.registrations.all()}
    return {
        "months_running": max(whole_months(placement.start_on, until), 0) if run else None,
        "lowest_monthly_income": lowest,
        "income_over_wage_floor": None if lowest is None else lowest - FLOOR["minimum_wage"],
        "social_insurance_months": insured.count("social") or None,
        "accident_insurance_months": insured.count("accident") or None,
        "registered_or_filed": True if registered else None,
        "employment_registered": True if "employment_registered" in registered else None,
        "operator": placement.operator.name if placement.operator else None,
        "employment_form": placement.form,
    }


def test_facts_of_a_whole_district_are_those_of_plain_python() -> None:
    load_demo(people=600, seed=20220101)
    read = all_facts()
    placements = Placement.objects.select_related("operator").prefetch_related(
        "income_months", "insurance_months", "registrations"
    )
    assert len(read) > 300
    for placement in placements:
        wanted = expected(placement)
        assert {name: read[placement.pk][name] for name in wanted} == wanted


def verdicts(scheme_id: str, **settings: int) -> dict[int, dict[str, Any]]:
    plan = current_plan()
    program = compile_scheme(plan, plan.schemes[scheme_id], settings=settings, records=True)
    with connection.cursor() as cursor:
        return {line["ord"]: line for line in judge_records(cursor, program, "work_placement").to_pylist()}


def flexible_placement(**given: Any) -> Placement:
    """A placement whose records meet flexible employment."""
    placement = make_placement(START, date(2022, 5, 31), form="part_time", **given)
    add_income(placement, [150000, 160000, 170000])
    record_registration(
        placement=placement,
        kind=RegistrationKind.EMPLOYMENT,
        reference_number="YS1",
        proof=VERIFIED,
        actor="system:tests",
    )
    return placement


def test_proven_records_meet_the_scheme_and_weaker_proof_leaves_it_open() -> None:
    person = make_person()
    make_status(person, "migrant", START)
    good, declared = flexible_placement(person=person), flexible_placement()
    make_status(declared.person, "migrant", START, proof=Proof.DECLARED)
    lines = verdicts("flexible-employment", minimum_wage=150000, flexible_grant=60000)
    assert (lines[good.pk]["verdict"], lines[good.pk]["amount_fen"]) == ("met", 60000)
    assert (lines[declared.pk]["verdict"], lines[declared.pk]["missing"]) == ("unknown", ["priority_group"])


def test_limit_counts_a_person_s_placements_by_their_index() -> None:
    person = make_person()
    make_status(person, "migrant", date(2022, 1, 1))
    placements = [flexible_placement(person=person) for _ in range(4)]
    lines = verdicts("flexible-employment", minimum_wage=150000, flexible_grant=60000)
    assert [lines[placement.pk]["limit_used"] for placement in placements] == [1, 2, 3, None]
    assert lines[placements[3].pk]["unmet"] == ["limit"]


def test_only_the_asked_rows_are_judged() -> None:
    wanted, _ = flexible_placement(), flexible_placement()
    plan = current_plan()
    program = compile_scheme(plan, plan.schemes["flexible-employment"], records=True)
    with connection.cursor() as cursor:
        judged = judge_records(cursor, program, "work_placement", where=f"subject.id = {wanted.pk}")
    assert judged["ord"].to_pylist() == [wanted.pk]
