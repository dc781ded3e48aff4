"""Triggers that many tables carry, as operations of a migration."""

from __future__ import annotations

from collections.abc import Sequence

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


def keeps_people(table: str, keep: str, *, watched: Sequence[str]) -> RunSQL:
    """After a change of `table`, the SQL function `keep(bigint[])` is told whose rows came, went, or changed in what is watched.

    The rows name their `person_id` and have an `id`. The people are locked before `keep` works out what it writes to them, so
    that two who change rows of one person do not each overlook the other's.
    """
    before, after = (", ".join(f"{row}.{column}" for column in ("person_id", *watched)) for row in ("b", "a"))
    told = "people := (SELECT array_agg(DISTINCT person_id) FROM"
    return RunSQL(
        f"""
CREATE FUNCTION {table}_keeps_people() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    people bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        {told} after_rows);
    ELSIF TG_OP = 'DELETE' THEN
        {told} before_rows);
    ELSE
        {told} (
            SELECT unnest(ARRAY[b.person_id, a.person_id]) AS person_id FROM before_rows b JOIN after_rows a USING (id)
            WHERE ({before}) IS DISTINCT FROM ({after})
        ) changed);
    END IF;
    PERFORM FROM registry_person WHERE id = ANY (people) ORDER BY id FOR NO KEY UPDATE;
    PERFORM {keep}(people);
    RETURN NULL;
END
$$;
CREATE TRIGGER {table}_came AFTER INSERT ON {table}
REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION {table}_keeps_people();
CREATE TRIGGER {table}_changed AFTER UPDATE ON {table}
REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION {table}_keeps_people();
CREATE TRIGGER {table}_went AFTER DELETE ON {table}
REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION {table}_keeps_people();
""",
        f"""
DROP TRIGGER {table}_came ON {table};
DROP TRIGGER {table}_changed ON {table};
DROP TRIGGER {table}_went ON {table};
DROP FUNCTION {table}_keeps_people();
""",
    )
