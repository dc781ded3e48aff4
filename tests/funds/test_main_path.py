"""From a granted budget to a reconciled payment, and back to payable where the bank says no."""

from __future__ import annotations

import pytest
from django.db import connection

from jiujin.accounts.models import Role
from jiujin.claims.models import ClaimLine
from jiujin.funds.models import PaymentItem
from jiujin.funds.services.batch_file import batch_file, sm3_of
from jiujin.funds.services.reconcile_lines import reconcile_lines
from tests.funds.factories import (
    LINE_FEN,
    NOW,
    answered,
    approved,
    balances,
    batch_of,
    granted,
    noticed,
    scheduled,
    sent,
)
from tests.registry.factories import make_user

pytestmark = pytest.mark.django_db


def test_money_goes_from_the_budget_to_the_payee_and_is_reconciled() -> None:
    purse = granted(10 * LINE_FEN)
    lines = noticed(2)
    approved(lines)
    connection.check_constraints()
    assert balances(purse) == {"funding": -10 * LINE_FEN, "budget": 8 * LINE_FEN, "committed": 2 * LINE_FEN}
    lines = scheduled(3)
    connection.check_constraints()
    batch = sent(lines)
    content = batch_file(batch)
    assert sm3_of(content) == batch.file_digest
    text = content.decode("gb18030")
    assert text.splitlines()[-1].startswith("合计,3,3000.00,")
    assert balances(purse)["in_transit"] == 3 * LINE_FEN
    result = answered(batch, {2: "账号不存在"})
    connection.check_constraints()
    assert (result.settled_count, result.failed_count, result.refused_count) == (2, 1, 0)
    assert balances(purse) == {
        "funding": -10 * LINE_FEN,
        "budget": 5 * LINE_FEN,
        "committed": 2 * LINE_FEN,
        "payable": LINE_FEN,
        "paid": 2 * LINE_FEN,
    }
    failed = PaymentItem.objects.get(state="failed")
    assert failed.reason == "账号不存在"
    batch.refresh_from_db()
    assert batch.state == "closed"
    again = sent([failed.line])
    answered(again)
    ids = [line.pk for line in lines]
    reconcile_lines(ids=ids, actor=make_user(Role.FINANCE), now=NOW)
    connection.check_constraints()
    assert set(ClaimLine.objects.filter(pk__in=ids).values_list("state", flat=True)) == {"reconciled"}
    assert balances(purse)["paid"] == 3 * LINE_FEN


def test_a_line_stands_in_one_living_payment_only() -> None:
    granted(10 * LINE_FEN)
    lines = scheduled(1)
    batch_of(lines)
    from jiujin.funds.errors import LineNotPayable

    with pytest.raises(LineNotPayable):
        batch_of(lines)
