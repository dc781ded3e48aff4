"""The book and each claim line agree to the fen at every commit; batches, accounts and vouchers keep what was put down."""

from __future__ import annotations

from django.db import migrations

from jiujin.core.promises import append_only, names_an_actor

# As `funds.states.BATCH` had it when this was written; a later change of the table is a later migration.
BATCH_WAYS = """
draft checked, checked released_once, released_once checked, released_once released, released sent, sent closed,
draft cancelled, checked cancelled, released_once cancelled
"""
PAIRS = ", ".join(f"('{way.split()[0]}', '{way.split()[1]}')" for way in BATCH_WAYS.replace("\n", " ").split(","))

CREATE = f"""
CREATE FUNCTION funds_line_agrees(of_line bigint) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
    held record;
    book record;
BEGIN
    SELECT state, payer, amount_fen, is_carried_in INTO held FROM claims_claimline WHERE id = of_line;
    SELECT count(*) AS postings,
        coalesce(sum(posting.amount_fen) FILTER (WHERE posting.stage = 'committed'), 0) AS committed,
        coalesce(sum(posting.amount_fen) FILTER (WHERE posting.stage = 'payable'), 0) AS payable,
        coalesce(sum(posting.amount_fen) FILTER (WHERE posting.stage = 'in_transit'), 0) AS in_transit,
        coalesce(sum(posting.amount_fen) FILTER (WHERE posting.stage = 'paid'), 0) AS paid,
        coalesce(sum(posting.amount_fen) FILTER (WHERE posting.stage = 'recoverable'), 0) AS recoverable,
        coalesce(sum(posting.amount_fen) FILTER (WHERE posting.stage = 'budget' AND entry.movement = 'recovery_received'), 0)
            AS received
    INTO book FROM funds_ledgerentry AS entry JOIN funds_posting AS posting ON posting.entry_id = entry.id
    WHERE entry.line_id = of_line;
    IF held.payer = 'city' THEN
        RETURN book.postings = 0 AND (held.is_carried_in OR held.state NOT IN ('paid', 'reconciled')
            OR EXISTS (SELECT 1 FROM funds_citypayment WHERE line_id = of_line AND amount_fen = held.amount_fen));
    END IF;
    IF held.is_carried_in AND book.postings = 0 THEN RETURN true; END IF;
    IF least(book.committed, book.payable, book.in_transit, book.paid, book.recoverable) < 0 THEN RETURN false; END IF;
    RETURN CASE
        WHEN held.state = 'approved' THEN
            book.committed = held.amount_fen AND book.payable + book.in_transit + book.paid + book.recoverable = 0
        WHEN held.state = 'scheduled' THEN
            book.payable + book.in_transit = held.amount_fen AND book.committed + book.paid + book.recoverable = 0
        WHEN held.state IN ('paid', 'reconciled') THEN
            book.paid + book.recoverable + book.received = held.amount_fen
            AND book.committed + book.payable + book.in_transit = 0
        WHEN held.state = 'recovered' THEN
            book.received = held.amount_fen
            AND book.committed + book.payable + book.in_transit + book.paid + book.recoverable = 0
        ELSE book.committed + book.payable + book.in_transit + book.paid + book.recoverable = 0
    END;
END
$$;
CREATE OR REPLACE FUNCTION funds_line_is_backed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE of_line bigint := coalesce(to_jsonb(NEW) ->> 'line_id', to_jsonb(NEW) ->> 'id');
BEGIN
    IF funds_line_agrees(of_line) THEN RETURN NULL; END IF;
    RAISE EXCEPTION 'claim line % and the book do not agree', of_line USING ERRCODE = 'integrity_constraint_violation';
END
$$;
DROP TRIGGER line_is_backed ON claims_claimline;
CREATE CONSTRAINT TRIGGER line_is_backed AFTER UPDATE OF state ON claims_claimline
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN (NEW.state <> OLD.state AND (NEW.state IN ('approved', 'scheduled', 'paid', 'reconciled', 'recovered')
    OR OLD.state IN ('approved', 'scheduled', 'paid', 'reconciled')))
EXECUTE FUNCTION funds_line_is_backed();
CREATE CONSTRAINT TRIGGER entry_agrees AFTER INSERT ON funds_ledgerentry
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.line_id IS NOT NULL) EXECUTE FUNCTION funds_line_is_backed();

CREATE FUNCTION funds_batch_keeps_its_ways() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.prepared_by_id = OLD.prepared_by_id AND NEW.number = OLD.number AND NEW.way = OLD.way
        AND (NEW.state = OLD.state OR (OLD.state, NEW.state) IN ({PAIRS}))
        AND (OLD.state IN ('draft', 'checked', 'released_once') OR
            (NEW.first_released_by_id, NEW.second_released_by_id, NEW.file_digest, NEW.layout) IS NOT DISTINCT FROM
            (OLD.first_released_by_id, OLD.second_released_by_id, OLD.file_digest, OLD.layout))
        AND (OLD.state <> 'released_once' OR NEW.state <> 'released'
            OR NEW.first_released_by_id = OLD.first_released_by_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'payment batch % does not change so', OLD.number USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER batch_keeps_its_ways BEFORE UPDATE OR DELETE ON funds_paymentbatch
FOR EACH ROW EXECUTE FUNCTION funds_batch_keeps_its_ways();

CREATE FUNCTION funds_item_begins_unpaid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state IN ('ready', 'blocked') THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'a payment begins before it is reserved' USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER item_begins_unpaid BEFORE INSERT ON funds_paymentitem
FOR EACH ROW EXECUTE FUNCTION funds_item_begins_unpaid();

CREATE FUNCTION funds_item_is_backed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held record;
    wanted text;
BEGIN
    SELECT item.state, item.line_id, batch.state AS batch_state INTO held FROM funds_paymentitem AS item
        JOIN funds_paymentbatch AS batch ON batch.id = item.batch_id WHERE item.id = NEW.id;
    wanted := CASE held.state WHEN 'reserved' THEN 'payment_reserved' WHEN 'settled' THEN 'payment_settled' END;
    IF (wanted IS NULL OR EXISTS (SELECT 1 FROM funds_ledgerentry
            WHERE item_id = NEW.id AND movement = wanted AND line_id = held.line_id))
        AND (wanted IS NULL OR held.batch_state IN ('released', 'sent', 'closed')) THEN RETURN NULL; END IF;
    RAISE EXCEPTION 'payment % is % and the book does not say so', NEW.id, held.state
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE CONSTRAINT TRIGGER item_is_backed AFTER UPDATE OF state ON funds_paymentitem
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION funds_item_is_backed();

CREATE FUNCTION funds_account_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.organisation_id, NEW.holder, NEW.bank, NEW.number_index, NEW.entered_by_id) IS NOT DISTINCT FROM
            (OLD.organisation_id, OLD.holder, OLD.bank, OLD.number_index, OLD.entered_by_id)
        AND (OLD.confirmed_by_id IS NULL OR NEW.confirmed_by_id = OLD.confirmed_by_id)
        AND (OLD.ended_at IS NULL OR NEW.ended_at = OLD.ended_at) THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'account % is replaced by another, not changed', OLD.id
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER account_stays BEFORE UPDATE OR DELETE ON funds_payeeaccount
FOR EACH ROW EXECUTE FUNCTION funds_account_stays();

CREATE FUNCTION funds_voucher_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.confirmed_by_id IS NULL AND (NEW.batch_id, NEW.number, NEW.paid_on, NEW.entered_by_id)
        = (OLD.batch_id, OLD.number, OLD.paid_on, OLD.entered_by_id) THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'voucher % stays as it was entered', OLD.number USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER voucher_stays BEFORE UPDATE OR DELETE ON funds_treasuryvoucher
FOR EACH ROW EXECUTE FUNCTION funds_voucher_stays();
"""
DROP = """
DROP TRIGGER voucher_stays ON funds_treasuryvoucher; DROP FUNCTION funds_voucher_stays();
DROP TRIGGER account_stays ON funds_payeeaccount; DROP FUNCTION funds_account_stays();
DROP TRIGGER item_is_backed ON funds_paymentitem; DROP FUNCTION funds_item_is_backed();
DROP TRIGGER item_begins_unpaid ON funds_paymentitem; DROP FUNCTION funds_item_begins_unpaid();
DROP TRIGGER batch_keeps_its_ways ON funds_paymentbatch; DROP FUNCTION funds_batch_keeps_its_ways();
DROP TRIGGER entry_agrees ON funds_ledgerentry;
"""


class Migration(migrations.Migration):
    """Adds the triggers; going back leaves `funds_line_is_backed` as it is here."""

    dependencies = [("funds", "0003_vouchers")]
    operations = [
        migrations.RunSQL(CREATE, DROP),
        append_only("funds_voucheritem"),
        append_only("funds_bankreturn"),
        *(names_an_actor(table) for table in ("funds_purse", "funds_treasuryvoucher", "funds_voucheritem")),
    ]
