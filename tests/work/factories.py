"""Small placements for tests."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from jiujin.core.proof import Proof
from jiujin.registry.models import OrganisationKind
from jiujin.values import add_months
from jiujin.work.models import IncomeMonth, InsuranceKind, InsuranceMonth, Placement
from tests.registry.factories import make_organisation, make_person


def make_placement(start_on: date = date(2022, 3, 1), end_on: date | None = None, **given: Any) -> Placement:
    """A placement under a labour contract, of a person and by an operator of its own unless given."""
    usual: dict[str, Any] = {"form": "labour_contract", "proof": Proof.VERIFIED}
    for name, make in (
        ("person", make_person),
        ("employer", make_organisation),
        ("operator", lambda: make_organisation(OrganisationKind.OPERATOR)),
    ):
        if name not in given:
            usual[name] = make()
    return Placement.objects.create(start_on=start_on, end_on=end_on, **{**usual, **given})


def add_income(placement: Placement, amounts: Iterable[int | None], *, since: date | None = None) -> None:
    """One income month after another (fen), from the month of the start unless `since` is given."""
    first = (since or placement.start_on).replace(day=1)
    for number, amount in enumerate(amounts):
        month = add_months(first, number)
        IncomeMonth.objects.create(placement=placement, month=month, amount_fen=amount, proof=Proof.VERIFIED)


def add_insurance(placement: Placement, kind: InsuranceKind, proofs: Iterable[Proof]) -> None:
    """One insurance month after another from the month of the start."""
    first = placement.start_on.replace(day=1)
    for number, proof in enumerate(proofs):
        InsuranceMonth.objects.create(placement=placement, kind=kind, month=add_months(first, number), proof=proof)
