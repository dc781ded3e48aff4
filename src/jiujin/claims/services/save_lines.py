"""Writes fields of many lines by one statement."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection
from psycopg import sql

from jiujin.claims.models import ClaimLine


def save_lines(lines: Sequence[ClaimLine], fields: Sequence[str]) -> None:
    """Write these fields of lines that the caller has locked; what each holds is as the model keeps it."""
    if not lines:
        return
    held = [ClaimLine._meta.get_field(name) for name in fields]
    columns = [(field.column, field.attname, field.db_type(connection)) for field in held]
    rows = [{"id": line.pk, **{column: getattr(line, name) for column, name, _ in columns}} for line in lines]
    assigned = sql.SQL(", ").join(sql.SQL("{0} = told.{0}").format(sql.Identifier(column)) for column, _, _ in columns)
    typed = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(kind)) for column, _, kind in columns
    )
    query = sql.SQL(
        "UPDATE claims_claimline AS line SET {} FROM jsonb_to_recordset(%s) AS told(id bigint, {}) WHERE line.id = told.id"
    ).format(assigned, typed)
    with connection.cursor() as cursor:
        cursor.execute(query, [json.dumps(rows, ensure_ascii=False, default=_told)])


def _told(value: Any) -> str:
    """Days and instants as ISO 8601 writes them, to the microsecond."""
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value))
