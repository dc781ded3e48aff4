"""What the records of work take in, and what they refuse in a clear sentence."""

from __future__ import annotations

from datetime import date

import pytest

from jiujin.core.plan_codes import CodeNotInPlan
from jiujin.core.proof import Proof
from jiujin.registry.models import OrganisationKind
from jiujin.work.errors import AmountNegative, MonthOutsideTerm, ReferenceMissing, TermImpossible, WrongOrganisation
from jiujin.work.models import IncomeMonth, InsuranceKind, InsuranceMonth, Placement, Registration, RegistrationKind
from jiujin.work.services.record_months import record_income_month, record_insurance_month
from jiujin.work.services.record_placement import record_placement
from jiujin.work.services.record_registration import record_registration
from tests.registry.factories import make_organisation, make_person
from tests.work.factories import make_placement

pytestmark = pytest.mark.django_db
START = date(2022, 3, 15)
ACTOR = "system:tests"


def test_placement_of_one_day_is_recorded() -> None:
    operator = make_organisation(OrganisationKind.OPERATOR)
    placement = record_placement(
        person=make_person(),
        employer=make_organisation(),
        operator=operator,
        form="temporary",
        start_on=START,
        end_on=START,
        proof=Proof.DOCUMENTED,
        actor=ACTOR,
    )
    assert Placement.objects.get(operator=operator) == placement


def test_placement_that_cannot_be_is_refused() -> None:
    whole = {"person": make_person(), "employer": make_organisation(), "form": "temporary", "start_on": START}
    whole |= {"actor": ACTOR}
    with pytest.raises(CodeNotInPlan, match="part_time"):
        record_placement(**{**whole, "form": "full_time"})
    with pytest.raises(TermImpossible, match="早于"):
        record_placement(**whole, end_on=date(2022, 3, 14))
    with pytest.raises(TermImpossible, match="无固定期限"):
        record_placement(**whole, end_on=START, open_ended=True)
    with pytest.raises(WrongOrganisation, match="运营机构"):
        record_placement(**whole, operator=make_organisation(OrganisationKind.EMPLOYER))
    assert not Placement.objects.exists()


def test_month_recorded_again_is_corrected() -> None:
    placement = make_placement(START, date(2022, 6, 14))
    for amount in (None, 180000):
        record_income_month(placement=placement, month=START, amount_fen=amount, actor=ACTOR)
    for proof in (Proof.DECLARED, Proof.VERIFIED):
        record_insurance_month(placement=placement, month=START, kind=InsuranceKind.SOCIAL, proof=proof, actor=ACTOR)
    assert list(IncomeMonth.objects.values_list("month", "amount_fen")) == [(date(2022, 3, 1), 180000)]
    assert list(InsuranceMonth.objects.values_list("month", "proof")) == [(date(2022, 3, 1), Proof.VERIFIED)]


@pytest.mark.parametrize(("month", "inside"), [(2, False), (3, True), (6, True), (7, False)])
def test_month_must_have_a_day_of_the_term(month: int, inside: bool) -> None:
    placement = make_placement(START, date(2022, 6, 1))
    if inside:
        record_income_month(placement=placement, month=date(2022, month, 1), amount_fen=0, actor=ACTOR)
    else:
        with pytest.raises(MonthOutsideTerm, match=f"2022-0{month}"):
            record_insurance_month(
                placement=placement, month=date(2022, month, 28), kind=InsuranceKind.SOCIAL, actor=ACTOR
            )
    assert IncomeMonth.objects.exists() is inside


def test_open_ended_term_takes_any_later_month() -> None:
    placement = make_placement(START, open_ended=True)
    record_income_month(placement=placement, month=date(2030, 1, 1), amount_fen=1, actor=ACTOR)
    assert IncomeMonth.objects.count() == 1


def test_negative_income_is_refused() -> None:
    with pytest.raises(AmountNegative):
        record_income_month(placement=make_placement(START), month=START, amount_fen=-1, actor=ACTOR)


def test_verified_registration_needs_its_number() -> None:
    placement = make_placement(START)
    with pytest.raises(ReferenceMissing):
        record_registration(
            placement=placement, kind=RegistrationKind.LABOUR, reference_number=" ", proof=Proof.VERIFIED, actor=ACTOR
        )
    labour = {"placement": placement, "kind": RegistrationKind.LABOUR, "actor": ACTOR}
    record_registration(**labour)
    record_registration(**labour, reference_number="YS1", proof=Proof.VERIFIED)
    assert list(Registration.objects.values_list("reference_number", "proof")) == [("YS1", Proof.VERIFIED)]
