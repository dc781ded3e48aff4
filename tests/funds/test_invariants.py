"""The checks of the book find nothing in a sound one, and each fault where there is one."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from jiujin.cli.main import run_command
from jiujin.core.models import Event
from jiujin.funds.invariants import CHECKS, breaches
from jiujin.funds.tasks import check_nightly
from jiujin.ledger import CHECKS as BOOK_CHECKS
from tests.funds.factories import (
    LINE_FEN,
    answered,
    approved,
    batch_of,
    granted,
    noticed,
    paid,
    scheduled,
    sent,
    write_past_every_trigger,
)

pytestmark = pytest.mark.django_db


def a_busy_district() -> None:
    """Money at every stage."""
    granted(100 * LINE_FEN)
    approved(noticed(1))
    scheduled(1)
    batch_of(scheduled(1))
    sent(scheduled(1))
    answered(sent(scheduled(2)), {1: "账号不存在"})
    paid(1)
    connection.check_constraints()


def test_a_sound_district_breaches_nothing() -> None:
    a_busy_district()
    assert breaches() == []


def test_an_empty_district_breaches_nothing() -> None:
    assert breaches() == []


FAULTS = {
    "balances_are_their_postings": "UPDATE funds_balance SET amount_fen = amount_fen + 1 WHERE stage = 'budget'",
    "lines_stand_where_the_book_says": "UPDATE claims_claimline SET amount_fen = amount_fen + 1 WHERE state = 'approved'",
    "city_lines_have_no_postings": "UPDATE claims_claimline SET payer = 'city' WHERE state = 'paid'",
    "money_of_a_line_stays_in_one_purse": "WITH other AS (INSERT INTO funds_purse (fund_class, scheme, year) VALUES ('a', 'b', 2022)"
    " RETURNING id) UPDATE funds_posting SET purse_id = (SELECT id FROM other) WHERE stage = 'payable' AND amount_fen < 0",
    "payments_stand_where_the_book_says": "UPDATE funds_paymentitem SET amount_fen = amount_fen + 1 WHERE state = 'settled'",
    "paid_lines_have_one_payment": "UPDATE funds_paymentitem SET state = 'dropped' WHERE state = 'settled'",
    "batches_and_payments_agree": "UPDATE funds_paymentbatch SET state = 'closed' WHERE state = 'sent'",
    "batches_were_released_in_order": "UPDATE funds_paymentbatch SET sent_at = second_released_at - interval '1 hour'",
    "totals_of_claims_book_and_batches_are_one": "UPDATE claims_claimline SET state = 'approved' WHERE state = 'paid'",
    "returns_count_their_rows": "DELETE FROM funds_bankreturnrow WHERE position = 1",
    "recoveries_stand_where_the_book_says": "INSERT INTO funds_recovery (id, line_id, amount_fen, reason, state, demanded_by_id, voucher)"
    " SELECT gen_random_uuid(), max(line.id), 5, 'x', 'demanded', (SELECT max(id) FROM accounts_user), '' FROM claims_claimline line",
    "steps_follow_each_other": "UPDATE claims_decision SET source = 'draft' WHERE event = 'line_approved'",
    "lines_stand_where_their_last_step_led": "UPDATE claims_claimline SET state = 'noticed' WHERE state = 'approved'",
    "steps_left_their_events": "UPDATE core_event SET verb = 'line_seen' WHERE verb = 'line_approved'",
    "nobody_decided_on_their_own": "UPDATE claims_claimline AS line SET made_by_id = decision.by_id FROM claims_decision AS decision"
    " WHERE decision.line_id = line.id AND decision.event = 'line_approved'",
    "approvals_were_met_and_priced": "UPDATE claims_decision SET verdict = 'unknown' WHERE event = 'line_approved'",
    "limits_are_kept": "UPDATE claims_claimline SET limit_key = 'one'",
    "every_event_is_in_the_chain": "DELETE FROM core_eventlink WHERE seq = (SELECT max(seq) FROM core_eventlink)",
    "entries_balance": "UPDATE funds_posting SET amount_fen = amount_fen + 1 WHERE stage = 'paid'",
    "entries_move_as_named": "UPDATE funds_ledgerentry SET movement = 'payment_settled' WHERE movement = 'commitment_made'",
    "accounts_stay_covered": "UPDATE funds_posting SET amount_fen = -amount_fen WHERE stage IN ('funding', 'budget')"
    " AND entry_id IN (SELECT id FROM funds_ledgerentry WHERE movement = 'budget_granted')",
}


def test_each_check_finds_its_fault() -> None:
    a_busy_district()
    for check, statement in FAULTS.items():
        mark = transaction.savepoint()
        if check == "limits_are_kept":
            drop_the_index_of_places()
        write_past_every_trigger(statement)
        assert check in {breach.check for breach in breaches()}, check
        transaction.savepoint_rollback(mark)
    assert breaches() == []


def test_every_check_has_a_fault_that_it_finds() -> None:
    names = {*CHECKS, *(check.__name__ for check in BOOK_CHECKS)}
    assert names - set(FAULTS) == {"entries_happen_once"}  # the database's own key; the engine's tests try it


def drop_the_index_of_places() -> None:
    """Else the database itself refuses a place that stands twice."""
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX one_line_a_place_of_a_limit")


def test_the_command_says_that_the_book_holds_and_exits_with_1_where_it_does_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    a_busy_district()
    assert run_command(["ledger", "check"]) == 0
    assert "账是对的" in capsys.readouterr().out
    write_past_every_trigger("UPDATE funds_balance SET amount_fen = amount_fen + 1 WHERE stage = 'budget'")
    assert run_command(["ledger", "check"]) == 1
    shown = capsys.readouterr()
    assert "balances_are_their_postings" in shown.out and "账对不上" in shown.err


def test_the_nightly_check_leaves_an_event_of_what_it_found() -> None:
    a_busy_district()
    check_nightly(0)
    assert Event.objects.get(verb="ledger_checked").details == {"breaches": 0}
    write_past_every_trigger("UPDATE core_event SET actor = 'user:999999' WHERE verb = 'line_approved'")
    check_nightly(0)
    assert Event.objects.filter(verb="ledger_checked").order_by("pk").last().details == {"breaches": 1}
