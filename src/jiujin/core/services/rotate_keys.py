"""Closes again, with the current key, every encrypted text that an older key closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

from jiujin.core.encryption import key_header, seal, unseal
from jiujin.core.fields import AnyField, EncryptedTextField, place_of

BATCH_ROWS = 1000


def rotate_keys(*, progress: Callable[[str, int], None] = lambda place, rows: None) -> int:
    """Re-encrypt what is not under the first key of `JIUJIN_DATA_KEYS`; afterwards the older keys may be taken out.

    One transaction a batch of BATCH_ROWS, so it can be broken off and run again while people work; a second run finds
    nothing to do.

    Args:
        progress: told the place (`table.column`) and how many rows of it are done.

    Returns the number of texts re-encrypted. Raises SealedTextUnreadable where one does not open; batches done are kept.
    """
    total = 0
    for field in encrypted_fields():
        done = 0
        while rows := _rotate_batch(field):
            done += rows
            progress(place_of(field), done)
        total += done
    return total


def encrypted_fields() -> Iterator[AnyField]:
    """Every encrypted field of every table."""
    for model in apps.get_models():
        yield from (field for field in model._meta.concrete_fields if isinstance(field, EncryptedTextField))


@transaction.atomic
def _rotate_batch(field: AnyField) -> int:
    """Re-encrypt up to BATCH_ROWS texts of one column, its rows locked, and give their number."""
    place, current = place_of(field), key_header(settings.DATA_KEYS.current_id)
    names = {
        "table": sql.Identifier(field.model._meta.db_table),
        "column": sql.Identifier(field.column),
        "key": sql.Identifier(field.model._meta.pk.column),
    }
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(
                "SELECT {key}, {column} FROM {table} WHERE substring({column} FROM 1 FOR %s) <> %s"
                " ORDER BY {key} LIMIT %s FOR UPDATE"
            ).format(**names),
            [len(current), current, BATCH_ROWS],
        )
        rows = [(seal(unseal(bytes(sealed), place=place), place=place), key) for key, sealed in cursor.fetchall()]
        cursor.executemany(sql.SQL("UPDATE {table} SET {column} = %s WHERE {key} = %s").format(**names), rows)
    return len(rows)
