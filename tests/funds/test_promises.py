"""What the database keeps of money against whoever writes SQL: each attack is tried and refused."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from jiujin.funds.invariants import breaches
from tests.funds.factories import LINE_FEN, answered, approved, batch_of, granted, noticed, scheduled, sent

pytestmark = pytest.mark.django_db

NEW_ENTRY = (
    "WITH made AS (INSERT INTO funds_ledgerentry (id, movement, line_id, item_id, actor) SELECT gen_random_uuid(), '{movement}',"
    " line_id, {item}, 'system:raw' FROM funds_paymentitem WHERE state = '{state}' LIMIT 1 RETURNING id), posted AS (INSERT INTO"
    " funds_posting (entry_id, purse_id, stage, amount_fen) SELECT made.id, (SELECT min(id) FROM funds_purse), stage, amount"
    " FROM made, (VALUES ('{source}', -5), ('{target}', 5)) AS moved (stage, amount)) SELECT 1"
)
ATTACKS = {
    "edit a posting": "UPDATE funds_posting SET amount_fen = amount_fen + 1",
    "delete a posting": "DELETE FROM funds_posting",
    "delete an entry": "DELETE FROM funds_ledgerentry",
    "empty the book": "TRUNCATE funds_posting",
    "delete an event": "DELETE FROM core_event",
    "edit an event": "UPDATE core_event SET actor = 'user:1'",
    "cut the chain": "DELETE FROM core_eventlink",
    "write a balance": "UPDATE funds_balance SET amount_fen = 1",
    "unbalance an entry": "INSERT INTO funds_posting (entry_id, purse_id, stage, amount_fen)"
    " SELECT entry_id, purse_id, 'recoverable', 1 FROM funds_posting LIMIT 1",
    "overrun a limit": "UPDATE claims_claimline SET limit_ordinal = limit_max + 1, version = version + 1",
    "raise a limit": "UPDATE claims_claimline SET limit_max = 9, version = version + 1 WHERE state = 'approved'",
    "raise an amount": "UPDATE claims_claimline SET amount_fen = amount_fen * 2, version = version + 1 WHERE state = 'scheduled'",
    "approve one's own claim": "INSERT INTO claims_decision (line_id, event, source, target, decides, by_id, reasons, meeting, facts,"
    " proofs, verdict, unmet, missing, plan_digest, line_version) SELECT line.id, 'line_approved', 'noticed', 'approved', true,"
    " decision.by_id, '', '', decision.facts, decision.proofs, 'met', '{}', '{}', decision.plan_digest, line.version + 1"
    " FROM claims_claimline AS line JOIN claims_decision AS decision ON decision.line_id = line.id"
    " WHERE line.state = 'noticed' AND decision.decides",
    "approve past the book": "WITH decided AS (INSERT INTO claims_decision (line_id, event, source, target, decides, by_id, reasons,"
    " meeting, facts, proofs, verdict, unmet, missing, plan_digest, line_version) SELECT id, 'line_approved', 'noticed', 'approved',"
    " true, (SELECT max(id) FROM accounts_user), '', '', '{}', '{}', 'met', '{}', '{}', '', version + 1 FROM claims_claimline"
    " WHERE state = 'noticed' RETURNING line_id) UPDATE claims_claimline SET state = 'approved', version = version + 1"
    " FROM decided WHERE id = decided.line_id",
    "move a line's money without its step": NEW_ENTRY.format(
        movement="payable_cancelled", item="NULL", state="ready", source="payable", target="committed"
    ),
    "pay twice in another batch": "INSERT INTO funds_paymentitem (id, batch_id, position, line_id, account_id, amount_fen, state,"
    " reason, bank_reference) SELECT gen_random_uuid(), batch_id, position + 900, line_id, account_id, amount_fen, 'ready', '', ''"
    " FROM funds_paymentitem WHERE state = 'settled'",
    "settle twice": NEW_ENTRY.format(
        movement="payment_settled", item="id", state="settled", source="in_transit", target="paid"
    ),
    "begin as paid": "INSERT INTO funds_paymentitem (id, batch_id, position, line_id, account_id, amount_fen, state, reason,"
    " bank_reference) SELECT gen_random_uuid(), batch_id, position + 900, line_id, account_id, amount_fen, 'settled', '', ''"
    " FROM funds_paymentitem WHERE state = 'failed'",
    "settle past the book": "UPDATE funds_paymentitem SET state = 'settled' WHERE state = 'reserved'",
    "pay another amount": "UPDATE funds_paymentitem SET amount_fen = amount_fen + 1 WHERE state = 'ready'",
    "unpay": "UPDATE funds_paymentitem SET state = 'ready' WHERE state = 'settled'",
    "delete a payment": "DELETE FROM funds_paymentitem WHERE state = 'ready'",
    "release one's own batch": "UPDATE funds_paymentbatch SET state = 'released_once', first_released_by_id = prepared_by_id"
    " WHERE state = 'checked'",
    "release without a second person": "UPDATE funds_paymentbatch SET state = 'released' WHERE state = 'checked'",
    "rename who prepared": "UPDATE funds_paymentbatch SET prepared_by_id = (SELECT max(id) FROM accounts_user)",
    "another file": "UPDATE funds_paymentbatch SET file_digest = repeat('0', 64) WHERE state = 'sent'",
    "redirect an account": "UPDATE funds_payeeaccount SET number_index = NULL",
    "confirm one's own account": "INSERT INTO funds_payeeaccount (organisation_id, holder, bank, entered_by_id, confirmed_by_id)"
    " SELECT organisation_id, holder, bank, entered_by_id, entered_by_id FROM funds_payeeaccount",
    "edit a return": "UPDATE funds_bankreturnrow SET outcome = 'settled'",
    "overdraw a budget": "WITH made AS (INSERT INTO funds_ledgerentry (id, movement, actor) VALUES (gen_random_uuid(),"
    " 'budget_withdrawn', 'system:raw') RETURNING id) INSERT INTO funds_posting (entry_id, purse_id, stage, amount_fen)"
    " SELECT made.id, (SELECT min(id) FROM funds_purse), stage, amount FROM made,"
    " (VALUES ('budget', -999999999), ('funding', 999999999)) AS moved (stage, amount)",
}


def test_every_attack_is_refused_and_leaves_nothing() -> None:
    granted(20 * LINE_FEN)
    noticed(1)
    approved(noticed(1))
    batch_of(scheduled(1))
    sent(scheduled(1))
    answered(sent(scheduled(2)), {1: "账号不存在"})
    connection.check_constraints()
    for name, statement in ATTACKS.items():
        with pytest.raises(DatabaseError), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(statement.replace("%", "%%"))
                assert cursor.rowcount, name
            connection.check_constraints()
            pytest.fail(f"the database let somebody {name}")
    assert breaches() == []


def test_a_posting_that_names_nobody_is_refused() -> None:
    purse = granted(500)
    connection.check_constraints()
    with pytest.raises(DatabaseError, match="nobody named"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('jiujin.actor', '', true)")
            cursor.execute("UPDATE funds_purse SET area_code = '1' WHERE id = %s", [purse.pk])
        connection.check_constraints()
