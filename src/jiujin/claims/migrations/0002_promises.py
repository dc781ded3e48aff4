"""What the database keeps of a claim, whoever writes: its ways, its history, and that nobody decides on their own."""

from __future__ import annotations

from django.db import migrations

from jiujin.core.promises import append_only, names_an_actor

# As `claims.states.LINE` had it when this was written; a later change of the table is a later migration.
WAYS = """
draft submitted, draft withdrawn, submitted accepted, accepted first_passed, first_passed second_passed,
second_passed in_notice, in_notice noticed, noticed approved, approved scheduled, scheduled approved, scheduled paid,
approved paid, paid scheduled, paid reconciled, paid recovered, reconciled recovered, submitted returned,
accepted returned, first_passed returned, second_passed returned, in_notice returned, noticed returned, returned draft,
returned withdrawn, submitted withdrawn, accepted withdrawn, first_passed withdrawn, second_passed withdrawn,
in_notice withdrawn, noticed withdrawn, accepted rejected, first_passed rejected, second_passed rejected,
in_notice rejected, noticed rejected, rejected accepted, approved rejected
"""
PAIRS = ", ".join(f"('{way.split()[0]}', '{way.split()[1]}')" for way in WAYS.replace("\n", " ").split(","))

CREATE = f"""
CREATE FUNCTION claims_line_keeps_its_ways() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE refused text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state = 'draft' OR NEW.is_carried_in THEN RETURN NEW; END IF;
        refused := 'a line begins as a draft';
    ELSIF TG_OP = 'DELETE' THEN
        IF OLD.state = 'draft' AND NOT EXISTS (SELECT 1 FROM claims_decision WHERE line_id = OLD.id) THEN RETURN OLD; END IF;
        refused := 'a line that was sent stays';
    ELSIF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN ({PAIRS}) THEN
        refused := format('no way from %s to %s', OLD.state, NEW.state);
    ELSIF NEW.version <= OLD.version THEN
        refused := 'a change makes a new version';
    ELSIF NEW.is_carried_in <> OLD.is_carried_in OR NEW.key <> OLD.key OR NEW.claim_id <> OLD.claim_id
            OR NEW.scheme <> OLD.scheme OR NEW.plan_id <> OLD.plan_id OR NEW.payer <> OLD.payer THEN
        refused := 'what a line is does not change';
    ELSIF OLD.state IN ('approved', 'scheduled', 'paid', 'reconciled', 'recovered') AND NEW.state <> 'rejected' AND (
            (NEW.amount_fen, NEW.verdict, NEW.facts, NEW.proofs, NEW.person_id, NEW.payee_id, NEW.limit_key, NEW.limit_max,
             NEW.plan_digest) IS DISTINCT FROM
            (OLD.amount_fen, OLD.verdict, OLD.facts, OLD.proofs, OLD.person_id, OLD.payee_id, OLD.limit_key, OLD.limit_max,
             OLD.plan_digest)
            OR (NEW.limit_ordinal IS DISTINCT FROM OLD.limit_ordinal AND NEW.state <> 'recovered')) THEN
        refused := 'what was approved does not change: correct it by another line';
    ELSE
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'claim line: %', refused USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER line_keeps_its_ways BEFORE INSERT OR UPDATE OR DELETE ON claims_claimline
FOR EACH ROW EXECUTE FUNCTION claims_line_keeps_its_ways();

CREATE FUNCTION claims_step_is_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM claims_decision WHERE line_id = NEW.id AND line_version = NEW.version
               AND source = OLD.state AND target = NEW.state) THEN RETURN NULL; END IF;
    RAISE EXCEPTION 'claim line % went to % and no decision says so', NEW.id, NEW.state
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE CONSTRAINT TRIGGER step_is_decided AFTER UPDATE OF state ON claims_claimline
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION claims_step_is_decided();

CREATE FUNCTION claims_nobody_decides_twice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT NEW.decides THEN RETURN NEW; END IF;
    IF EXISTS (SELECT 1 FROM claims_claimline AS line JOIN claims_claim AS claim ON claim.id = line.claim_id
               WHERE line.id = NEW.line_id AND NEW.by_id IN (line.made_by_id, claim.made_by_id, claim.submitted_by_id)) THEN
        RAISE EXCEPTION 'nobody decides on what they made' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM claims_decision AS earlier WHERE earlier.line_id = NEW.line_id AND earlier.decides
               AND earlier.by_id = NEW.by_id AND earlier.id > coalesce((SELECT max(sent.id) FROM claims_decision AS sent
               WHERE sent.line_id = NEW.line_id AND sent.event = 'line_submitted'), 0)) THEN
        RAISE EXCEPTION 'nobody decides twice on one line' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER nobody_decides_twice BEFORE INSERT ON claims_decision
FOR EACH ROW EXECUTE FUNCTION claims_nobody_decides_twice();
"""
APPEND_ONLY = ("claims_decision", "claims_verifiedfact", "claims_noticeline")
NAMES_AN_ACTOR = (
    "claims_claim", "claims_claimline", "claims_decision", "claims_verifiedfact", "claims_notice", "claims_objection",
    "claims_appeal",
)  # fmt: skip


DROP = """
DROP TRIGGER nobody_decides_twice ON claims_decision; DROP FUNCTION claims_nobody_decides_twice();
DROP TRIGGER step_is_decided ON claims_claimline; DROP FUNCTION claims_step_is_decided();
DROP TRIGGER line_keeps_its_ways ON claims_claimline; DROP FUNCTION claims_line_keeps_its_ways();
"""


class Migration(migrations.Migration):
    """Adds the triggers."""

    dependencies = [("claims", "0001_claims"), ("core", "0007_kept_plan_versions")]
    operations = [
        migrations.RunSQL(CREATE, DROP),
        *(append_only(table) for table in APPEND_ONLY),
        *(names_an_actor(table) for table in NAMES_AN_ACTOR),
    ]
