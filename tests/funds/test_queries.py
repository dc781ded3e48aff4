"""Who sees which money, and that the figures of balances, base ledger and reports are one."""

from __future__ import annotations

import pytest

from jiujin.accounts.models import Role
from jiujin.funds.queries import (
    LedgerFilters,
    balances,
    base_ledger,
    batches_seen_by,
    book_of,
    report,
    waiting,
)
from tests.funds.factories import DAY, LINE_FEN, approved, granted, noticed, paid, scheduled
from tests.registry.factories import make_user

pytestmark = pytest.mark.django_db


def a_district() -> None:
    granted(10 * LINE_FEN)
    paid(2, area_code="341502100")
    scheduled(1, area_code="341502101")
    approved(noticed(1, area_code="341502101"))


def test_balances_reports_and_base_ledger_come_to_the_same() -> None:
    a_district()
    finance = make_user(Role.FINANCE)
    [purse] = balances(finance, 2022)
    assert (purse.granted_fen, purse.budget_fen, purse.committed_fen, purse.payable_fen, purse.paid_fen) == (
        10 * LINE_FEN, 6 * LINE_FEN, LINE_FEN, LINE_FEN, 2 * LINE_FEN,
    )  # fmt: skip
    for by in ("scheme", "township", "month"):
        rows = report(finance, by, 2022)  # type: ignore[arg-type]
        totals = [
            sum(getattr(row, name) for row in rows) for name in ("lines", "committed_fen", "payable_fen", "paid_fen")
        ]
        assert totals == [4, LINE_FEN, LINE_FEN, 2 * LINE_FEN]
    assert [row.key for row in report(finance, "month", 2022)] == ["", f"{DAY:%Y-%m}"]
    ledger = base_ledger(finance, LedgerFilters(month=6))
    assert [line.settled_items[0].settled_on for line in ledger] == [DAY, DAY]
    assert sum(line.amount_fen or 0 for line in base_ledger(finance)) == 4 * LINE_FEN
    assert report(finance, "scheme", 2021) == []


def test_a_township_sees_its_own_and_a_stranger_nothing() -> None:
    a_district()
    township = make_user(Role.TOWNSHIP, area_code="341502100")
    assert base_ledger(township).count() == 2
    assert sum(row.paid_fen for row in report(township, "scheme")) == 2 * LINE_FEN
    assert not batches_seen_by(township).exists()
    stranger = make_user(Role.EMPLOYER)
    assert not base_ledger(stranger).exists()
    assert (balances(stranger, 2022), report(stranger, "scheme")) == ([], [])


def test_what_waits_and_the_book_of_a_line() -> None:
    a_district()
    finance = make_user(Role.FINANCE)
    assert (waiting(finance).count(), waiting(finance, "scheduled").count()) == (1, 1)
    line = base_ledger(finance, LedgerFilters(state="paid")).first()
    assert line is not None
    assert [row.movement for row in book_of(line)] == [
        "commitment_made", "payable_scheduled", "payment_reserved", "payment_settled",
    ]  # fmt: skip


def test_the_base_ledger_asks_a_fixed_number_of_questions(django_assert_num_queries: object) -> None:
    a_district()
    finance = make_user(Role.FINANCE)
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert len(list(base_ledger(finance, LedgerFilters(search="T-")))) == 4
