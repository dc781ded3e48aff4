"""The treasury's way, the city's payments, and money that comes back."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection

from jiujin.accounts.models import Role
from jiujin.claims.models import ClaimLine
from jiujin.funds.errors import (
    AmountWrong,
    BatchImpossible,
    LineNotPayable,
    NeedsAnother,
    ReasonMissing,
    RecoveryImpossible,
    RequestReused,
)
from jiujin.funds.models import CityPayment, LedgerEntry, PaymentBatch, TreasuryVoucher
from jiujin.funds.services.confirm_treasury import confirm_treasury, refuse_treasury
from jiujin.funds.services.demand_recovery import demand_recovery
from jiujin.funds.services.drop_recovery import drop_recovery
from jiujin.funds.services.enter_voucher import enter_voucher
from jiujin.funds.services.receive_recovery import receive_recovery
from jiujin.funds.services.reconcile_lines import reconcile_lines
from jiujin.funds.services.record_city_payment import record_city_payment
from tests.funds.factories import (
    DAY,
    LINE_FEN,
    NOW,
    approved,
    balances,
    granted,
    noticed,
    paid,
    scheduled,
    sent,
)
from tests.registry.factories import make_user

pytestmark = pytest.mark.django_db


def voucher(batch: PaymentBatch, paid_at: list[int], refused_at: dict[int, str], **given: object) -> TreasuryVoucher:
    ids = dict(batch.items.values_list("position", "id"))
    fields = {"voucher_id": uuid.uuid4(), "number": "PZ-1", "actor": make_user(Role.FINANCE), "now": NOW}
    return enter_voucher(
        batch=batch,
        paid_on=DAY,
        paid=[ids[at] for at in paid_at],
        refused={ids[at]: why for at, why in refused_at.items()},
        **fields | given,
    )


def test_the_treasury_pays_some_refuses_some_and_the_rest_stays_in_transit() -> None:
    purse = granted(9 * LINE_FEN)
    batch = sent(scheduled(3), "treasury")
    enterer, other = make_user(Role.FINANCE), make_user(Role.FINANCE)
    entered = voucher(batch, [1], {2: "户名不符"}, actor=enterer)
    assert balances(purse)["in_transit"] == 3 * LINE_FEN
    with pytest.raises(NeedsAnother):
        confirm_treasury(voucher=entered, actor=enterer, now=NOW)
    confirm_treasury(voucher=entered, actor=other, now=NOW)
    assert confirm_treasury(voucher=entered, actor=other, now=NOW).confirmed_by == other
    connection.check_constraints()
    held = balances(purse)
    assert (held["paid"], held["payable"], held["in_transit"]) == (LINE_FEN, LINE_FEN, LINE_FEN)
    settled = batch.items.get(state="settled")
    assert (settled.bank_reference, settled.settled_on) == ("PZ-1", DAY)
    confirm_treasury(voucher=voucher(batch, [3], {}, number="PZ-2"), actor=other, now=NOW)
    batch.refresh_from_db()
    assert batch.state == "closed"
    connection.check_constraints()


def test_a_voucher_asked_twice_is_once_and_names_only_what_is_in_transit() -> None:
    granted(9 * LINE_FEN)
    batch = sent(scheduled(2), "treasury")
    request = uuid.uuid4()
    entered = voucher(batch, [1], {}, voucher_id=request)
    assert voucher(batch, [1], {}, voucher_id=request) == entered
    with pytest.raises(RequestReused):
        voucher(batch, [2], {}, voucher_id=request)
    with pytest.raises(LineNotPayable):
        voucher(batch, [1], {}, number="PZ-9")
    with pytest.raises(ReasonMissing):
        voucher(batch, [2], {}, number=" ")
    with pytest.raises(BatchImpossible):
        voucher(sent(scheduled(1)), [1], {})


def test_a_refused_request_is_payable_again_whole() -> None:
    purse = granted(9 * LINE_FEN)
    lines = scheduled(2)
    batch = sent(lines, "treasury")
    refuse_treasury(batch=batch, reason="科目不对", actor=make_user(Role.FINANCE), now=NOW)
    connection.check_constraints()
    assert balances(purse)["payable"] == 2 * LINE_FEN
    assert set(batch.items.values_list("state", "reason")) == {("failed", "科目不对")}
    assert sent(lines).items.count() == 2


def test_the_citys_payment_is_noted_and_posted_nowhere() -> None:
    lines = approved(noticed(2, payer="city"))
    asked = {"line_ids": [line.pk for line in lines], "paid_on": DAY, "actor": make_user(Role.FINANCE), "now": NOW}
    with pytest.raises(ReasonMissing):
        record_city_payment(voucher=" ", **asked)
    record_city_payment(voucher="SJ-7", **asked)
    record_city_payment(voucher="SJ-7", **asked)
    connection.check_constraints()
    assert (CityPayment.objects.count(), LedgerEntry.objects.count()) == (2, 0)
    reconcile_lines(ids=asked["line_ids"], actor=make_user(Role.FINANCE), now=NOW)
    assert set(ClaimLine.objects.values_list("state", flat=True)) == {"reconciled"}


def test_the_districts_own_line_is_not_noted_as_the_citys() -> None:
    granted(LINE_FEN)
    [line] = approved(noticed(1))
    with pytest.raises(LineNotPayable):
        record_city_payment(line_ids=[line.pk], voucher="SJ-1", paid_on=DAY, actor=make_user(Role.FINANCE), now=NOW)


def test_recovered_money_is_budget_again_and_the_line_recovered_when_all_came() -> None:
    purse = granted(2 * LINE_FEN)
    [line] = paid(1)
    finance = make_user(Role.FINANCE)
    asked = {"line_id": line.pk, "reason": "提前离职", "actor": finance, "now": NOW}
    request = uuid.uuid4()
    first = demand_recovery(recovery_id=request, amount_fen=40_000, **asked)
    assert demand_recovery(recovery_id=request, amount_fen=40_000, **asked) == first
    with pytest.raises(RequestReused):
        demand_recovery(recovery_id=request, amount_fen=40_001, **asked)
    with pytest.raises(RecoveryImpossible):
        demand_recovery(recovery_id=uuid.uuid4(), amount_fen=5, **asked)
    with pytest.raises(LineNotPayable):
        reconcile_lines(ids=[line.pk], actor=finance, now=NOW)
    receive_recovery(recovery=first, voucher="SK-1", actor=finance, now=NOW)
    receive_recovery(recovery=first, voucher="SK-1", actor=finance, now=NOW)
    connection.check_constraints()
    assert balances(purse) == {"budget": 140_000, "funding": -200_000, "paid": 60_000}
    with pytest.raises(AmountWrong):
        demand_recovery(recovery_id=uuid.uuid4(), amount_fen=60_001, **asked)
    second = demand_recovery(recovery_id=uuid.uuid4(), amount_fen=60_000, **asked)
    receive_recovery(recovery=second, voucher="SK-2", actor=finance, now=NOW)
    line.refresh_from_db()
    assert (line.state, balances(purse)) == ("recovered", {"budget": 200_000, "funding": -200_000})
    connection.check_constraints()


def test_a_demand_is_dropped_by_somebody_else_and_the_money_stays_paid() -> None:
    purse = granted(LINE_FEN)
    [line] = paid(1)
    finance = make_user(Role.FINANCE)
    made = demand_recovery(
        recovery_id=uuid.uuid4(), line_id=line.pk, amount_fen=500, reason="误记", actor=finance, now=NOW
    )
    with pytest.raises(NeedsAnother):
        drop_recovery(recovery=made, reason="查无此事", actor=finance, now=NOW)
    dropped = drop_recovery(recovery=made, reason="查无此事", actor=make_user(Role.FINANCE), now=NOW)
    with pytest.raises(RecoveryImpossible):
        receive_recovery(recovery=dropped, voucher="SK-3", actor=finance, now=NOW)
    assert balances(purse)["paid"] == LINE_FEN
    connection.check_constraints()
