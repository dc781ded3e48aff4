"""Loads the national classification of occupations."""

from __future__ import annotations

from django.db import transaction

from jiujin.plan.national import read_occupations
from jiujin.work.models import Occupation


@transaction.atomic
def load_occupations() -> int:
    """Bring the occupations in line with the shared file, parents first; one that the file does not list stays.

    Returns the number of occupations added or changed: 0 the second time. Raises PlanInvalid.
    """
    held = {row.code: (row.name, row.parent_id) for row in Occupation.objects.all()}
    changed = [
        Occupation(code=row.code, name=row.name, parent_id=row.parent_code)
        for row in read_occupations()
        if held.get(row.code) != (row.name, row.parent_code)
    ]
    Occupation.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["code"], update_fields=["name", "parent"]
    )
    return len(changed)
