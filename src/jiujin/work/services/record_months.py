"""Records what a month of a placement proves: insurance paid, income earned. Recorded again, a month is corrected."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from jiujin.core.proof import Proof
from jiujin.work.errors import AmountNegative, MonthOutsideTerm
from jiujin.work.models import IncomeMonth, InsuranceKind, InsuranceMonth, Placement


@transaction.atomic
def record_insurance_month(
    *, placement: Placement, month: date, kind: InsuranceKind, proof: Proof = Proof.DECLARED
) -> InsuranceMonth:
    """Record that insurance was paid for the month of this day. Raises MonthOutsideTerm."""
    recorded, _ = InsuranceMonth.objects.update_or_create(
        placement=placement, kind=kind, month=_month_of_term(placement, month), defaults={"proof": proof}
    )
    return recorded


@transaction.atomic
def record_income_month(
    *, placement: Placement, month: date, amount_fen: int | None, proof: Proof = Proof.DECLARED
) -> IncomeMonth:
    """Record a month of work and its income in fen, None where that is not known. Raises MonthOutsideTerm, AmountNegative."""
    if amount_fen is not None and amount_fen < 0:
        raise AmountNegative
    recorded, _ = IncomeMonth.objects.update_or_create(
        placement=placement,
        month=_month_of_term(placement, month),
        defaults={"amount_fen": amount_fen, "proof": proof},
    )
    return recorded


def _month_of_term(placement: Placement, day: date) -> date:
    """The first day of the day's month, in which the placement must run for a day at least."""
    month = day.replace(day=1)
    if month < placement.start_on.replace(day=1) or (placement.end_on is not None and month > placement.end_on):
        raise MonthOutsideTerm(month)
    return month
