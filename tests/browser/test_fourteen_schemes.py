"""Every scheme of the plan in real browsers: from the application to the reconciled payment, and the totals of every page."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django import Settings

from jiujin.claims.models import ClaimLine
from jiujin.core.current_plan import current_plan
from jiujin.core.plan_in_force import plan_in_force
from tests.browser.money import (
    Office,
    Visit,
    claims_by_list,
    claims_with_one_press,
    column_of,
    figure_of,
    list_of_the_worked_case,
    looks_right,
    payee_at,
    total_of,
)
from tests.browser.visitor import Visitor
from tests.funds.fourteen import Clock, Part, every_scheme

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True, scope="module")
def plan_is_read() -> None:
    """What is read once a process is not waited for by a browser."""
    current_plan()


@pytest.fixture(autouse=True)
def var(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


def applied(visit: Visit, part: Part, folder: Path) -> Visitor:
    """By one press where the records say who is paid, by a list where they do not; gives who claimed."""
    visitor = payee_at(visit, part.payee)
    if part.scheme.payee.fact:
        claims_with_one_press(visitor, part.scheme.id)
    else:
        claims_by_list(visitor, part.scheme.id, list_of_the_worked_case(part.scheme, folder / "名单.xlsx"))
    return visitor


def worth_of(payee: Visitor) -> Decimal:
    """What the payee's own page says that its claims are worth."""
    return sum(column_of(payee.go("/claims/"), "claims", "金额（元）").values(), Decimal())


def test_every_scheme_goes_from_application_to_reconciled_payment(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clock = Clock(monkeypatch)
    with transaction.atomic():
        parts = every_scheme()
    plan = plan_in_force()
    assert [part.scheme.id for part in parts] == list(plan.schemes) and len(plan.schemes) == 14
    [city] = [scheme for scheme in plan.schemes.values() if scheme.decided_by == "city"]
    payees = {part.scheme.name: applied(visit, part, tmp_path) for part in parts}
    office = Office(visit, clock, tmp_path)
    office.reviews(plan.schemes)
    office.hands_to_the_city(city.id)
    office.approves()
    office.schedules()
    treasury = total_of(office.pays_waiting("财政直接支付清单", lines=5), "utf-8", "支付金额（元）")
    bank = total_of(office.pays_waiting("银行代发（逗号分隔）"), "gb18030", "金额（元）")
    office.notes_the_city_s_payment()
    office.reconciles()
    assert set(ClaimLine.objects.values_list("scheme", "state")) == {(name, "reconciled") for name in plan.schemes}

    claimed = {scheme: worth_of(payee) for scheme, payee in payees.items()}
    total, own = sum(claimed.values()), sum(claimed.values()) - claimed[city.name]
    page = office.makes.go("/funds/reports/?by=scheme")
    looks_right(office.makes)
    assert column_of(page, "report", "已批准（元）") == claimed
    paid, by_city = column_of(page, "report", "已拨付（元）"), column_of(page, "report", "市级拨付（元）")
    assert {name: paid[name] + by_city[name] for name in paid} == claimed
    assert (figure_of(page, "已拨付（元）"), figure_of(page, "市级拨付（元）")) == (own, claimed[city.name])
    page = office.makes.go("/funds/ledger/")
    looks_right(office.makes)
    assert figure_of(page, "金额合计（元）") == total
    page = office.makes.go("/funds/batches/")
    assert sorted(column_of(page, "batches", "金额（元）").values()) == sorted([bank, treasury])
    page = office.makes.go("/funds/?year=2022")
    assert sum(column_of(page, "purses", "已拨付（元）").values()) == own == bank + treasury
    office.makes.go("/funds/check/").click("button:has-text('现在检查')")
    office.makes.page.wait_for_selector("text=查完了，每一条都成立")
