"""Saves what a filled grid of months changes, all of it or nothing."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from jiujin.accounts.models import User
from jiujin.core.proof import Proof
from jiujin.web.desk.months_grid import INCOME, Change
from jiujin.work.models import InsuranceKind, Placement
from jiujin.work.services.record_months import (
    record_income_month,
    record_insurance_month,
    remove_income_month,
    remove_insurance_month,
)


@transaction.atomic
def save_months(*, placement: Placement, changes: Sequence[Change], proof: Proof, actor: User) -> int:
    """Record or take back each changed month; returns how many. Raises MonthOutsideTerm, AmountNegative."""
    for change in changes:
        if change.what == INCOME:
            _save_income(placement, change, proof, actor)
        else:
            _save_insurance(placement, change, proof, actor)
    return len(changes)


def _save_income(placement: Placement, change: Change, proof: Proof, actor: User) -> None:
    if not change.remove:
        record_income_month(
            placement=placement, month=change.month, amount_fen=change.amount_fen, proof=proof, actor=actor
        )
        return
    for recorded in placement.income_months.filter(month=change.month).order_by("pk"):
        remove_income_month(income_month=recorded, actor=actor)


def _save_insurance(placement: Placement, change: Change, proof: Proof, actor: User) -> None:
    kind = InsuranceKind(change.what)
    if not change.remove:
        record_insurance_month(placement=placement, month=change.month, kind=kind, proof=proof, actor=actor)
        return
    for recorded in placement.insurance_months.filter(month=change.month, kind=kind).order_by("pk"):
        remove_insurance_month(insurance_month=recorded, actor=actor)
