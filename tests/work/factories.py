"""Small placements for tests."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from jiujin.core.proof import Proof
from jiujin.registry.models import Organisation, OrganisationKind, Workplace
from jiujin.values import add_months
from jiujin.work.models import Application, IncomeMonth, InsuranceKind, InsuranceMonth, Placement, Vacancy
from jiujin.work.states import ApplicationState, VacancyState
from tests.registry.factories import make_organisation, make_person

TODAY, LAST_DAY = date(2022, 3, 15), date(2022, 6, 30)
_numbers = count(1)


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


def make_workplace(organisation: Organisation | None = None, **given: Any) -> Workplace:
    """A place of work without an address."""
    return Workplace.objects.create(
        organisation=organisation or make_organisation(), **{"name": f"测试地点{next(_numbers)}", **given}
    )


def make_vacancy(state: str = VacancyState.OPEN, workplace: Workplace | None = None, **given: Any) -> Vacancy:
    """A vacancy as it stands in the table, past every service."""
    workplace = workplace or make_workplace()
    usual: dict[str, Any] = {
        "title": f"测试岗位{next(_numbers)}",
        "form": "labour_contract",
        "wage_min_fen": 300_000,
        "open_until": LAST_DAY,
        "published_at": None if state in ("draft", "in_review", "refused") else datetime(2022, 3, 1, tzinfo=UTC),
    }
    return Vacancy.objects.create(
        employer=workplace.organisation, workplace=workplace, state=state, **{**usual, **given}
    )


def make_application(vacancy: Vacancy, state: str = ApplicationState.SENT, **given: Any) -> Application:
    """An application of a person of its own."""
    return Application.objects.create(vacancy=vacancy, state=state, **{"person": make_person(), **given})
