"""Sixteen at once: a budget is never overdrawn, and the same request from many sides is one."""

from __future__ import annotations

import os
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections, transaction

from jiujin.accounts.models import Role, User
from jiujin.claims.models import ClaimLine
from jiujin.funds.errors import BudgetShort
from jiujin.funds.invariants import breaches
from jiujin.funds.models import BankReturn, LedgerEntry, PaymentBatch
from jiujin.funds.services.approve_lines import approve_lines
from jiujin.funds.services.grant_budget import grant_budget
from jiujin.funds.services.import_return import import_return
from jiujin.funds.services.make_batch import make_batch
from jiujin.funds.services.mark_sent import mark_sent
from jiujin.funds.services.release_batch import release_batch
from jiujin.funds.services.schedule_lines import schedule_lines
from tests.funds.factories import FUND, LINE_FEN, NOW, SCHEME, answer, balances, granted, noticed
from tests.registry.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 16
SCALE = int(os.environ.get("RACE_SCALE", "1"))  # `make faults` makes more lines of it
PAID_FOR = 5 * SCALE


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """All calls begun in one moment, each over a connection of its own; what each gave, or the error that it raised."""
    ready = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            ready.wait(timeout=60)
            return call()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def approved(line: ClaimLine, leader: User) -> Any:
    """What the approval of one line gives, or that the budget was short."""
    try:
        return approve_lines(ids=[line.pk], meeting="会", actor=leader, now=NOW)
    except BudgetShort as short:
        return short


def test_a_budget_is_not_overdrawn_and_every_request_counts_once_whatever_races() -> None:
    with transaction.atomic():
        request = uuid.uuid4()
        lines = noticed(AT_ONCE * SCALE)
        leader, finance, first, second = (
            make_user(role) for role in (Role.LEADER, Role.FINANCE, Role.FINANCE, Role.FINANCE)
        )
    grants = at_once(
        *[
            lambda: grant_budget(
                request_id=request,
                fund_class=FUND,
                scheme=SCHEME,
                year=2022,
                amount_fen=PAID_FOR * LINE_FEN,
                reason="年初预算",
                actor="system:test",
            )
        ]
        * AT_ONCE
    )
    [purse] = set(grants)
    assert balances(purse) == {"budget": PAID_FOR * LINE_FEN, "funding": -PAID_FOR * LINE_FEN}

    def approve(some: list[ClaimLine]) -> Callable[[], Any]:
        return lambda: [approved(line, leader) for line in some]

    told = at_once(*(approve(lines[at::AT_ONCE]) for at in range(AT_ONCE)))
    outcomes = Counter(type(result) for results in told for result in results)
    assert outcomes == {list: PAID_FOR, BudgetShort: (AT_ONCE - 5) * SCALE}
    assert balances(purse) == {"committed": PAID_FOR * LINE_FEN, "funding": -PAID_FOR * LINE_FEN}

    ids = sorted(ClaimLine.objects.filter(state="approved").values_list("pk", flat=True))
    scheduled = at_once(*[lambda: schedule_lines(ids=ids, actor=finance, now=NOW)] * 4)
    assert sum(isinstance(result, list) for result in scheduled) == 1
    batch_id = uuid.uuid4()
    made = at_once(
        *[lambda: make_batch(batch_id=batch_id, ids=ids, way="bank", layout="bank-csv", actor=finance, now=NOW)] * 4
    )
    assert set(made) == {PaymentBatch.objects.get()}
    release_batch(batch=made[0], actor=first, now=NOW)
    at_once(*[lambda: release_batch(batch=made[0], actor=second, now=NOW)] * 4)
    assert LedgerEntry.objects.filter(movement="payment_reserved").count() == PAID_FOR
    batch = mark_sent(batch=made[0], actor=first, now=NOW)
    content = answer(batch, {2: "账号不存在"})
    returns = at_once(*[lambda: import_return(batch=batch, content=content, actor=first, now=NOW)] * 8)
    assert set(returns) == {BankReturn.objects.get()}
    assert balances(purse) == {"paid": (PAID_FOR - 1) * LINE_FEN, "payable": LINE_FEN, "funding": -PAID_FOR * LINE_FEN}
    assert breaches() == []
    assert granted(1) == purse
