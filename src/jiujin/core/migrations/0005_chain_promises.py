"""What the database itself keeps of the chain, and the name of whoever acts, which other tables ask for."""

from __future__ import annotations

from django.db import migrations

CREATE = """
CREATE FUNCTION core_link_is_the_next() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.seq = 1 AND NEW.previous = repeat('0', 64) THEN RETURN NEW; END IF;
    IF EXISTS (SELECT 1 FROM core_eventlink WHERE seq = NEW.seq - 1 AND hash = NEW.previous) THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'link % does not follow the one before', NEW.seq USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER link_is_the_next BEFORE INSERT ON core_eventlink
FOR EACH ROW EXECUTE FUNCTION core_link_is_the_next();

CREATE FUNCTION core_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER link_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON core_eventlink
FOR EACH STATEMENT EXECUTE FUNCTION core_append_only();

CREATE FUNCTION core_chain_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.seq > OLD.seq THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'the chain only grows' USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER chain_grows BEFORE UPDATE OR DELETE ON core_chainhead
FOR EACH ROW EXECUTE FUNCTION core_chain_grows();

CREATE FUNCTION core_event_has_a_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM core_eventlink WHERE event_id = NEW.id) THEN RETURN NULL; END IF;
    RAISE EXCEPTION 'event % has no place in the chain', NEW.id USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE CONSTRAINT TRIGGER event_has_a_place AFTER INSERT ON core_event
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION core_event_has_a_place();

CREATE FUNCTION core_event_tells_the_actor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('jiujin.actor', NEW.actor, true);
    RETURN NEW;
END
$$;
CREATE TRIGGER event_tells_the_actor BEFORE INSERT ON core_event
FOR EACH ROW EXECUTE FUNCTION core_event_tells_the_actor();

CREATE FUNCTION core_names_an_actor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('jiujin.actor', true), '') <> '' THEN RETURN NULL; END IF;
    RAISE EXCEPTION '% changed and nobody named: record an event', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
"""
DROP = """
DROP FUNCTION core_names_an_actor();
DROP TRIGGER event_tells_the_actor ON core_event; DROP FUNCTION core_event_tells_the_actor();
DROP TRIGGER event_has_a_place ON core_event; DROP FUNCTION core_event_has_a_place();
DROP TRIGGER chain_grows ON core_chainhead; DROP FUNCTION core_chain_grows();
DROP TRIGGER link_is_append_only ON core_eventlink; DROP FUNCTION core_append_only();
DROP TRIGGER link_is_the_next ON core_eventlink; DROP FUNCTION core_link_is_the_next();
"""


class Migration(migrations.Migration):
    """Adds the triggers; `core_names_an_actor` and `core_append_only` serve the tables of money too."""

    dependencies = [("core", "0004_event_chain")]
    operations = [migrations.RunSQL(CREATE, DROP)]
