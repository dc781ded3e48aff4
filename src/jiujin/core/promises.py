"""Triggers that many tables carry, as operations of a migration."""

from __future__ import annotations

from django.db.migrations.operations import RunSQL


def append_only(table: str) -> RunSQL:
    """Nothing of the table is changed or taken away."""
    return RunSQL(
        f"CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION core_append_only()",
        f"DROP TRIGGER {table}_is_append_only ON {table}",
    )


def names_an_actor(table: str) -> RunSQL:
    """A change is refused at the commit where no event of the same transaction names who made it."""
    return RunSQL(
        f"CREATE CONSTRAINT TRIGGER {table}_names_an_actor AFTER INSERT OR UPDATE OR DELETE ON {table}"
        " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION core_names_an_actor()",
        f"DROP TRIGGER {table}_names_an_actor ON {table}",
    )
