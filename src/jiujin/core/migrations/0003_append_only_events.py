"""An event is never changed or taken away: the database refuses it, whoever asks."""

from __future__ import annotations

from django.db import migrations

CREATE = """
CREATE FUNCTION core_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are append-only: % refused', TG_OP USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TRIGGER event_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON core_event
FOR EACH STATEMENT EXECUTE FUNCTION core_event_is_append_only();
"""
DROP = "DROP TRIGGER event_is_append_only ON core_event; DROP FUNCTION core_event_is_append_only();"


class Migration(migrations.Migration):
    """Adds the trigger."""

    dependencies = [("core", "0002_events_and_messages")]
    operations = [migrations.RunSQL(CREATE, DROP)]
