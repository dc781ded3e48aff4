"""What the database keeps of the book, whoever writes: it balances, stays covered, stays as it is, and backs the lines."""

from __future__ import annotations

from django.db import migrations

from jiujin.core.promises import append_only, names_an_actor

# As `ledger.MOVEMENTS` had it when this was written; a later change of the table is a later migration.
WAYS = {
    "budget_granted": ("funding", "budget"),
    "budget_withdrawn": ("budget", "funding"),
    "budget_moved": ("budget", "budget"),
    "commitment_made": ("budget", "committed"),
    "commitment_released": ("committed", "budget"),
    "payable_scheduled": ("committed", "payable"),
    "payable_cancelled": ("payable", "committed"),
    "payment_reserved": ("payable", "in_transit"),
    "payment_settled": ("in_transit", "paid"),
    "payment_released": ("in_transit", "payable"),
    "payment_returned": ("paid", "payable"),
    "recovery_demanded": ("paid", "recoverable"),
    "recovery_dropped": ("recoverable", "paid"),
    "recovery_received": ("recoverable", "budget"),
}
TRIPLES = ", ".join(f"('{name}', '{source}', '{target}')" for name, (source, target) in WAYS.items())

CREATE = f"""
CREATE SEQUENCE funds_entry_place;
CREATE FUNCTION funds_entry_takes_its_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.place := nextval('funds_entry_place');
    RETURN NEW;
END
$$;
CREATE TRIGGER entry_takes_its_place BEFORE INSERT ON funds_ledgerentry
FOR EACH ROW EXECUTE FUNCTION funds_entry_takes_its_place();

CREATE FUNCTION funds_posting_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE funds_balance SET amount_fen = amount_fen + NEW.amount_fen WHERE purse_id = NEW.purse_id AND stage = NEW.stage;
    IF NOT FOUND THEN
        INSERT INTO funds_balance (purse_id, stage, amount_fen) VALUES (NEW.purse_id, NEW.stage, NEW.amount_fen);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER posting_counts AFTER INSERT ON funds_posting FOR EACH ROW EXECUTE FUNCTION funds_posting_counts();

CREATE FUNCTION funds_balance_is_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() > 1 AND TG_OP <> 'DELETE' THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'a balance is counted from postings, never written' USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER balance_is_counted BEFORE INSERT OR UPDATE OR DELETE ON funds_balance
FOR EACH ROW EXECUTE FUNCTION funds_balance_is_counted();

CREATE FUNCTION funds_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE of_entry uuid := coalesce(to_jsonb(NEW) ->> 'entry_id', to_jsonb(NEW) ->> 'id');
BEGIN
    IF (SELECT count(*) = 2 AND sum(amount_fen) = 0 AND (
            (SELECT movement FROM funds_ledgerentry WHERE id = of_entry),
            min(stage) FILTER (WHERE amount_fen < 0), min(stage) FILTER (WHERE amount_fen > 0)) IN ({TRIPLES})
        FROM funds_posting WHERE entry_id = of_entry) THEN RETURN NULL; END IF;
    RAISE EXCEPTION 'entry % does not balance, or does not move as it says', of_entry
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE CONSTRAINT TRIGGER entry_balances AFTER INSERT ON funds_ledgerentry
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION funds_entry_balances();
CREATE CONSTRAINT TRIGGER posting_balances AFTER INSERT ON funds_posting
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION funds_entry_balances();

CREATE FUNCTION funds_line_is_backed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wanted text := CASE NEW.state WHEN 'approved' THEN 'commitment_made' WHEN 'scheduled' THEN 'payable_scheduled'
    WHEN 'paid' THEN 'payment_settled' END;
BEGIN
    IF NEW.payer = 'city' THEN
        IF NEW.state <> 'paid' OR EXISTS (SELECT 1 FROM funds_citypayment WHERE line_id = NEW.id) THEN RETURN NULL; END IF;
    ELSIF EXISTS (SELECT 1 FROM funds_ledgerentry WHERE line_id = NEW.id AND movement = wanted) THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'claim line % is % and the book does not say so', NEW.id, NEW.state
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE CONSTRAINT TRIGGER line_is_backed AFTER UPDATE OF state ON claims_claimline
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN (NEW.state <> OLD.state AND NEW.state IN ('approved', 'scheduled', 'paid') AND NOT NEW.is_carried_in)
EXECUTE FUNCTION funds_line_is_backed();

CREATE FUNCTION funds_item_stays_paid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.amount_fen, NEW.line_id, NEW.batch_id) IS DISTINCT FROM (OLD.amount_fen, OLD.line_id, OLD.batch_id)
        OR (OLD.state IN ('failed', 'dropped') AND NEW.state <> OLD.state)
        OR (OLD.state = 'settled' AND NEW.state NOT IN ('settled', 'failed'))
        OR (OLD.state = 'reserved' AND NEW.state NOT IN ('reserved', 'settled', 'failed')) THEN
        RAISE EXCEPTION 'payment item % does not change so', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER item_stays_paid BEFORE UPDATE OR DELETE ON funds_paymentitem
FOR EACH ROW EXECUTE FUNCTION funds_item_stays_paid();
"""
DROP = """
DROP TRIGGER item_stays_paid ON funds_paymentitem; DROP FUNCTION funds_item_stays_paid();
DROP TRIGGER line_is_backed ON claims_claimline; DROP FUNCTION funds_line_is_backed();
DROP TRIGGER posting_balances ON funds_posting; DROP TRIGGER entry_balances ON funds_ledgerentry;
DROP FUNCTION funds_entry_balances();
DROP TRIGGER balance_is_counted ON funds_balance; DROP FUNCTION funds_balance_is_counted();
DROP TRIGGER posting_counts ON funds_posting; DROP FUNCTION funds_posting_counts();
DROP TRIGGER entry_takes_its_place ON funds_ledgerentry; DROP FUNCTION funds_entry_takes_its_place();
DROP SEQUENCE funds_entry_place;
"""
APPEND_ONLY = ("funds_ledgerentry", "funds_posting", "funds_bankreturnrow", "funds_citypayment", "funds_yearclosing")
NAMES_AN_ACTOR = (
    "funds_ledgerentry", "funds_posting", "funds_payeeaccount", "funds_paymentbatch", "funds_paymentitem",
    "funds_bankreturn", "funds_recovery", "funds_citypayment", "funds_yearclosing",
)  # fmt: skip


class Migration(migrations.Migration):
    """Adds the triggers."""

    dependencies = [("funds", "0001_funds"), ("claims", "0002_promises")]
    operations = [
        migrations.RunSQL(CREATE, DROP),
        *(append_only(table) for table in APPEND_ONLY),
        *(names_an_actor(table) for table in NAMES_AN_ACTOR),
    ]
