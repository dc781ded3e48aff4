"""Contracts, months and registrations of a placement: recorded, previewed, corrected, taken back, each with its event."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiujin.core.models import Event
from jiujin.core.proof import Proof
from jiujin.values import add_months
from jiujin.work.errors import DayInFuture, MonthOutsideTerm, MonthsAfterLeaving, MonthsTooMany, TermImpossible
from jiujin.work.models import Contract, IncomeMonth, InsuranceKind, InsuranceMonth, Placement, RegistrationKind
from jiujin.work.services.record_contract import end_placement, record_contract, remove_contract, resume_placement
from jiujin.work.services.record_months import (
    MONTHS_AT_ONCE_MAX,
    months_between,
    preview_income_months,
    preview_insurance_months,
    record_income_month,
    record_insurance_month,
    remove_income_month,
    remove_insurance_month,
)
from jiujin.work.services.record_registration import record_registration, remove_registration
from tests.work.factories import make_placement

START, TODAY = date(2022, 3, 15), date(2022, 12, 31)
ACTOR = "system:tests"


def events_of(placement: Placement) -> list[tuple[str, dict[str, Any]]]:
    kept = Event.objects.filter(subject_kind="work.placement", subject_id=str(placement.pk)).order_by("id")
    return [(event.verb, event.details) for event in kept]


# --- months --------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_wrong_month_is_corrected_and_taken_back_and_the_events_keep_what_it_said() -> None:
    placement = make_placement(START)
    for amount in (180_000, 190_000):
        recorded = record_income_month(placement=placement, month=START, amount_fen=amount, actor=ACTOR)
    remove_income_month(income_month=recorded, actor=ACTOR)
    assert not IncomeMonth.objects.exists()
    first, corrected, removed = events_of(placement)
    assert first == ("income_month_recorded", {"month": "2022-03", "amount_fen": 180_000, "proof": 1})
    assert corrected[1]["amount_fen_before"] == 180_000
    assert removed == ("income_month_removed", {"month": "2022-03", "amount_fen": 190_000, "proof": 1})


@pytest.mark.django_db
def test_wrong_insurance_month_is_taken_back() -> None:
    placement = make_placement(START)
    recorded = record_insurance_month(placement=placement, month=START, kind=InsuranceKind.SOCIAL, actor=ACTOR)
    remove_insurance_month(insurance_month=recorded, actor=ACTOR)
    assert not InsuranceMonth.objects.exists()
    assert [verb for verb, _ in events_of(placement)] == ["insurance_month_recorded", "insurance_month_removed"]


@pytest.mark.django_db
def test_preview_says_what_is_new_what_is_corrected_and_what_stays_and_writes_nothing() -> None:
    placement = make_placement(START)
    record_income_month(placement=placement, month=date(2022, 4, 1), amount_fen=150_000, actor=ACTOR)
    record_income_month(placement=placement, month=date(2022, 5, 1), amount_fen=150_000, actor=ACTOR)
    before = IncomeMonth.objects.count(), Event.objects.count()
    changes = preview_income_months(
        placement=placement,
        amounts_fen=[(date(2022, month, 9), 160_000 - 10_000 * (month == 5)) for month in (3, 4, 5)],
    )
    assert [(change.is_new, change.is_correction) for change in changes] == [
        (True, False),
        (False, True),
        (False, False),
    ]
    assert (IncomeMonth.objects.count(), Event.objects.count()) == before
    with pytest.raises(MonthOutsideTerm):
        preview_income_months(placement=placement, amounts_fen=[(date(2022, 2, 1), None)])


@pytest.mark.django_db
def test_preview_of_insurance_tells_kinds_apart() -> None:
    placement = make_placement(START)
    record_insurance_month(placement=placement, month=START, kind=InsuranceKind.SOCIAL, actor=ACTOR)
    for kind, is_new in ((InsuranceKind.SOCIAL, False), (InsuranceKind.ACCIDENT, True)):
        (change,) = preview_insurance_months(placement=placement, months=[START], kind=kind)
        assert (change.is_new, change.is_correction) == (is_new, False)


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.integers(0, MONTHS_AT_ONCE_MAX - 1), st.integers(1, 28))
def test_run_of_months_is_whole_and_in_order(first: date, count: int, day: int) -> None:
    months = months_between(first, add_months(first.replace(day=1), count).replace(day=day))
    assert months == [add_months(first.replace(day=1), number) for number in range(count + 1)]


@pytest.mark.parametrize("last", [date(2022, 2, 28), add_months(START, MONTHS_AT_ONCE_MAX)])
def test_run_that_cannot_be_meant_is_refused(last: date) -> None:
    with pytest.raises(MonthsTooMany):
        months_between(START, last)


# --- contracts -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_term_follows_the_contracts_and_their_weakest_proof() -> None:
    placement = make_placement(START, date(2022, 4, 1), proof=Proof.DECLARED)
    record_contract(
        placement=placement, start_on=START, end_on=date(2022, 9, 14), proof=Proof.VERIFIED, actor=ACTOR, number=" L-1 "
    )
    placement.refresh_from_db()
    assert (placement.end_on, placement.proof) == (date(2022, 9, 14), Proof.VERIFIED)
    renewal = record_contract(
        placement=placement, start_on=date(2022, 9, 15), open_ended=True, proof=Proof.DOCUMENTED, actor=ACTOR
    )
    placement.refresh_from_db()
    assert (placement.end_on, placement.open_ended, placement.proof) == (None, True, Proof.DOCUMENTED)
    remove_contract(contract=renewal, actor=ACTOR)
    placement.refresh_from_db()
    assert (placement.end_on, placement.open_ended) == (date(2022, 9, 14), False)
    assert Contract.objects.get().number == "L-1"
    assert [verb for verb, _ in events_of(placement)] == ["contract_recorded"] * 2 + ["contract_removed"]


@pytest.mark.django_db
def test_contract_of_the_same_first_day_is_corrected() -> None:
    placement = make_placement(START)
    for end in (date(2022, 9, 14), date(2022, 12, 14)):
        record_contract(placement=placement, start_on=START, end_on=end, actor=ACTOR)
    assert list(Contract.objects.values_list("end_on", flat=True)) == [date(2022, 12, 14)]
    assert [verb for verb, _ in events_of(placement)] == ["contract_recorded", "contract_corrected"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"end_on": date(2022, 3, 14)}, "早于开始"),
        ({"end_on": date(2022, 9, 14), "open_ended": True}, "无固定期限"),
        ({"start_on": date(2022, 3, 14)}, "早于就业"),
    ],
)
def test_contract_that_cannot_be_is_refused(given: dict[str, Any], said: str) -> None:
    placement = make_placement(START)
    with pytest.raises(TermImpossible, match=said):
        record_contract(**{"placement": placement, "start_on": START, "actor": ACTOR, **given})
    assert not Contract.objects.exists() and events_of(placement) == []


# --- leaving -------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_leaving_keeps_the_term_and_bounds_the_months() -> None:
    placement = make_placement(START, date(2022, 9, 14))
    left = end_placement(placement=placement, left_on=date(2022, 6, 10), because="搬家", actor=ACTOR, today=TODAY)
    assert (left.end_on, left.left_on, left.left_because) == (date(2022, 9, 14), date(2022, 6, 10), "搬家")
    record_income_month(placement=left, month=date(2022, 6, 1), amount_fen=1, actor=ACTOR)
    with pytest.raises(MonthOutsideTerm):
        record_income_month(placement=left, month=date(2022, 7, 1), amount_fen=1, actor=ACTOR)
    with pytest.raises(MonthsAfterLeaving, match="1 个月"):
        end_placement(placement=left, left_on=date(2022, 5, 31), actor=ACTOR, today=TODAY)
    assert resume_placement(placement=left, actor=ACTOR).left_on is None
    with pytest.raises(TermImpossible, match="没有记录过"):
        resume_placement(placement=left, actor=ACTOR)
    verbs = [verb for verb, _ in events_of(placement)]
    assert verbs == ["placement_ended", "income_month_recorded", "placement_resumed"]


@pytest.mark.django_db
def test_leaving_that_cannot_be_is_refused() -> None:
    placement = make_placement(START)
    with pytest.raises(TermImpossible, match="早于"):
        end_placement(placement=placement, left_on=date(2022, 3, 14), actor=ACTOR, today=TODAY)
    with pytest.raises(DayInFuture):
        end_placement(placement=placement, left_on=date(2023, 1, 1), actor=ACTOR, today=TODAY)


# --- registrations -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_registration_recorded_by_mistake_is_taken_back() -> None:
    placement = make_placement(START)
    recorded = record_registration(
        placement=placement, kind=RegistrationKind.LABOUR, reference_number="YS1", actor=ACTOR
    )
    remove_registration(registration=recorded, actor=ACTOR)
    assert not placement.registrations.exists()
    assert events_of(placement)[-1] == (
        "registration_removed",
        {"kind": "labour_filed", "reference_number": "YS1"},
    )
