"""A batch and its returns, driven by hypothesis against a plain model of where each line's money is."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from jiujin.accounts.models import Role, User
from jiujin.claims.models import ClaimLine
from jiujin.funds.errors import FundsRefused
from jiujin.funds.invariants import breaches
from jiujin.funds.models import PaymentBatch, Purse
from jiujin.funds.services.cancel_batch import cancel_batch
from jiujin.funds.services.import_return import import_return
from jiujin.funds.services.mark_sent import mark_sent
from jiujin.funds.services.reconcile_lines import reconcile_lines
from jiujin.funds.services.release_batch import release_batch
from tests.funds.factories import LINE_FEN, NOW, answer, balances, batch_of, granted, scheduled
from tests.registry.factories import make_user

pytestmark = pytest.mark.django_db
LINES = 4
STAGE = {"free": "payable", "held": "payable", "out": "in_transit", "paid": "paid", "reconciled": "paid"}


class Machine(RuleBasedStateMachine):
    """`where` says of each line where it is; a batch is made, released, sent, answered, and again."""

    purse: Purse
    lines: list[ClaimLine]
    people: list[User]

    def __init__(self) -> None:
        super().__init__()
        self.mark = transaction.savepoint()
        self.where = dict.fromkeys((line.pk for line in self.lines), "free")
        self.batches: list[PaymentBatch] = []
        self.state: dict[Any, str] = {}
        self.last: dict[Any, dict[int, str]] = {}

    def teardown(self) -> None:
        """Every run begins from the same lines."""
        connection.check_constraints()
        transaction.savepoint_rollback(self.mark)

    def batch_in(self, *states: str) -> PaymentBatch | None:
        return next((batch for batch in self.batches if self.state[batch.pk] in states), None)

    def places(self, batch: PaymentBatch) -> dict[int, int]:
        return dict(batch.items.values_list("line", "position"))

    @precondition(lambda self: "free" in self.where.values())
    @rule(count=st.integers(1, LINES))
    def make(self, count: int) -> None:
        chosen = [line for line in self.lines if self.where[line.pk] == "free"][:count]
        batch = batch_of(chosen, actor=self.people[0])
        self.batches.append(batch)
        self.state[batch.pk] = "checked"
        self.where |= dict.fromkeys((line.pk for line in chosen), "held")

    @precondition(lambda self: self.batch_in("checked", "once") is not None)
    @rule(person=st.integers(0, 2))
    def release(self, person: int) -> None:
        batch = self.batch_in("checked", "once")
        assert batch is not None
        batch.refresh_from_db()
        allowed = person != 0 and batch.first_released_by_id != self.people[person].pk
        try:
            release_batch(batch=batch, actor=self.people[person], now=NOW)
        except FundsRefused:
            assert not allowed
            return
        assert allowed
        if self.state[batch.pk] == "once":
            self.where |= dict.fromkeys(self.places(batch), "out")
        self.state[batch.pk] = {"checked": "once", "once": "released"}[self.state[batch.pk]]

    @precondition(lambda self: self.batch_in("checked", "once") is not None)
    @rule()
    def cancel(self) -> None:
        batch = self.batch_in("checked", "once")
        assert batch is not None
        cancel_batch(batch=batch, reason="重做", actor=self.people[0], now=NOW)
        self.state[batch.pk] = "cancelled"
        self.where |= dict.fromkeys(self.places(batch), "free")

    @precondition(lambda self: self.batch_in("released") is not None)
    @rule()
    def send(self) -> None:
        batch = self.batch_in("released")
        assert batch is not None
        mark_sent(batch=batch, actor=self.people[1], now=NOW)
        self.state[batch.pk] = "sent"

    @precondition(lambda self: self.batch_in("sent") is not None)
    @rule(
        which=st.integers(0, 9), failing=st.sets(st.integers(1, LINES)), only=st.sets(st.integers(1, LINES), min_size=1)
    )
    def answer(self, which: int, failing: set[int], only: set[int]) -> None:
        sent = [batch for batch in self.batches if self.state[batch.pk] == "sent"]
        batch = sent[which % len(sent)]
        content = answer(batch, dict.fromkeys(failing, "户名不符"), only=lambda item: item.position in only)
        known = batch.returns.count()
        import_return(batch=batch, content=content, actor=self.people[1], now=NOW)
        if batch.returns.count() == known:
            return  # the same file as before: nothing changes, whatever came between
        living = self.last.setdefault(batch.pk, {})
        for line, position in self.places(batch).items():
            if position not in only:
                continue
            before = living.get(line, "out")
            if before == "out":
                living[line] = "failed" if position in failing else "paid"
                self.where[line] = "free" if position in failing else "paid"
            elif before == "paid" and position in failing and self.where[line] == "paid":
                living[line], self.where[line] = "failed", "free"

    @precondition(lambda self: "paid" in self.where.values())
    @rule()
    def reconcile(self) -> None:
        line = next(pk for pk, where in self.where.items() if where == "paid")
        reconcile_lines(ids=[line], actor=self.people[1], now=NOW)
        self.where[line] = "reconciled"

    @invariant()
    def money_is_where_the_model_says(self) -> None:
        wanted: dict[str, int] = {}
        for where in self.where.values():
            wanted[STAGE[where]] = wanted.get(STAGE[where], 0) + LINE_FEN
        assert balances(self.purse) == wanted | {"funding": -LINES * LINE_FEN}

    @invariant()
    def the_book_holds(self) -> None:
        connection.check_constraints()  # what a commit would do
        assert breaches() == []


def test_a_batch_and_its_returns_behave_as_the_model() -> None:
    Machine.purse = granted(LINES * LINE_FEN)
    Machine.lines = scheduled(LINES)
    Machine.people = [make_user(Role.FINANCE) for _ in range(3)]
    connection.check_constraints()
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=12,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
