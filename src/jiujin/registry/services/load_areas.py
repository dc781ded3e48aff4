"""Loads the areas of a plan pack."""

from __future__ import annotations

from django.db import transaction

from jiujin.plan import Plan
from jiujin.registry.models import Area


@transaction.atomic
def load_areas(*, plan: Plan) -> int:
    """Bring the areas in line with the pack's `areas.csv`, parents first; an area that the pack does not list stays.

    Returns the number of areas added or changed: 0 the second time.
    """
    held = {area.code: area for area in Area.objects.all()}
    wanted = [
        Area(
            code=area.code,
            name=area.name,
            level=area.level,
            parent_id=None if area.level == "district" else area.parent_code,
        )
        for area in sorted(plan.areas.values(), key=lambda area: (len(area.code), area.code))
    ]
    changed = [area for area in wanted if _values(held.get(area.code)) != _values(area)]
    Area.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["code"], update_fields=["name", "level", "parent"]
    )
    return len(changed)


def _values(area: Area | None) -> tuple[str, str, str | None] | None:
    return (area.name, area.level, area.parent_id) if area else None
