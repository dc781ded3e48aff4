"""Counts that stop at a bound: a list that everybody is on need not be counted to the end to show its first page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

COUNTED_MAX: Final = 1000


def bounded_counts(found: Sequence[QuerySet[Any]], at_most: int | Sequence[int] = COUNTED_MAX) -> list[int]:
    """How many each of these finds, all in one statement; `at_most` + 1 (of all alike, or of each its own) says that there are
    more than that.
    """
    bounds = [at_most] * len(found) if isinstance(at_most, int) else at_most
    parts, given = [], []
    for each, bound in zip(found, bounds, strict=True):
        try:
            sql, parameters = each.order_by().values("pk")[: bound + 1].query.sql_with_params()
        except EmptyResultSet:
            sql, parameters = "SELECT 1 WHERE false", ()
        parts.append(f"(SELECT count(*) FROM ({sql}) AS counted)")
        given += parameters
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", given)
        return list(cursor.fetchone())
