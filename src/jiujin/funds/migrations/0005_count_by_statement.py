"""Balances are counted, and postings held against their entries, once a statement instead of once a row.

A payment batch posts ten thousand entries to the same few accounts in one transaction: a row's trigger would write the same balance
as many times, each time past all the versions before.
"""

from __future__ import annotations

import importlib

from django.db import migrations

EARLIER = importlib.import_module("jiujin.funds.migrations.0002_promises")

CREATE = f"""
DROP TRIGGER posting_counts ON funds_posting;
CREATE OR REPLACE FUNCTION funds_posting_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO funds_balance AS held (purse_id, stage, amount_fen)
        SELECT purse_id, stage, 0 FROM added GROUP BY purse_id, stage ORDER BY purse_id, stage
        ON CONFLICT (purse_id, stage) DO NOTHING;
    UPDATE funds_balance AS held SET amount_fen = held.amount_fen + summed.total
        FROM (SELECT purse_id, stage, sum(amount_fen) AS total FROM added GROUP BY purse_id, stage) AS summed
        WHERE held.purse_id = summed.purse_id AND held.stage = summed.stage;
    RETURN NULL;
END
$$;
CREATE TRIGGER posting_counts AFTER INSERT ON funds_posting REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION funds_posting_counts();

DROP TRIGGER posting_balances ON funds_posting;
CREATE FUNCTION funds_postings_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE faulty uuid;
BEGIN
    SELECT entry.id INTO faulty FROM (SELECT DISTINCT entry_id FROM added) AS touched
        JOIN funds_ledgerentry AS entry ON entry.id = touched.entry_id
        JOIN funds_posting AS posting ON posting.entry_id = entry.id
        GROUP BY entry.id
        HAVING NOT (count(*) = 2 AND sum(posting.amount_fen) = 0 AND (entry.movement,
            min(posting.stage) FILTER (WHERE posting.amount_fen < 0),
            min(posting.stage) FILTER (WHERE posting.amount_fen > 0)) IN ({EARLIER.TRIPLES}))
        LIMIT 1;
    IF faulty IS NULL THEN RETURN NULL; END IF;
    RAISE EXCEPTION 'entry % does not balance, or does not move as it says', faulty
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER posting_balances AFTER INSERT ON funds_posting REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION funds_postings_balance();
"""


class Migration(migrations.Migration):
    """Replaces the two triggers on postings; what they keep is the same."""

    dependencies = [("funds", "0004_line_agrees")]
    operations = [migrations.RunSQL(CREATE, migrations.RunSQL.noop)]
