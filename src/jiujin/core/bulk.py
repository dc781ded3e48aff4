"""Many rows at once: by COPY, and found by their keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models.expressions import RawSQL
from psycopg import sql


def among(keys: Iterable[int | UUID], *, kind: Literal["bigint", "uuid"] = "bigint") -> RawSQL:
    """For `pk__in`: the keys as one array. Of a plain list Django and the driver handle each key by itself."""
    return RawSQL(f"SELECT unnest(%s::{kind}[])", [list(keys)])


def reserve_ids(model: type[models.Model], count: int) -> list[int]:
    """`count` primary keys of the table's own sequence, in order, that no other row will get."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [model._meta.db_table, model._meta.pk.column, count],
        )
        return sorted(row[0] for row in cursor.fetchall())


def copy_new(records: Sequence[models.Model], names: Sequence[str]) -> None:
    """Add records of one model that have no primary key yet: each gets one, in their order; see `copy_rows`.

    A column that is not named takes the database's default, which the records do not hear of.
    """
    if not records:
        return
    model = type(records[0])
    for record, pk in zip(records, reserve_ids(model, len(records)), strict=True):
        record.pk = pk
    copy_rows(model, ["pk", *names], ([record.pk, *(getattr(record, name) for name in names)] for record in records))


def copy_rows(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Add rows to a model's table inside the caller's transaction; constraints hold, `save()` is not called.

    Args:
        names: field names, one a value of each row (a foreign key as `home_area_id`); encrypted fields take plain text, and
            a blind index the text it is of.
        rows: values in Python's own types.
    """
    fields = [model._meta.pk if name == "pk" else model._meta.get_field(name) for name in names]
    command = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table), sql.SQL(", ").join(sql.Identifier(field.column) for field in fields)
    )
    prepare = [field.get_db_prep_save for field in fields]
    held = connections[DEFAULT_DB_ALIAS]  # the proxy would be looked through at every value
    with held.wrap_database_errors, held.cursor() as cursor, cursor.copy(command) as copy:
        for row in rows:
            copy.write_row([turn(value, held) for turn, value in zip(prepare, row, strict=True)])
