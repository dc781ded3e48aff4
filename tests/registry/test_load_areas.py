"""The areas of a pack are loaded once, and brought in line when the pack changes."""

from __future__ import annotations

import pytest

from jiujin.core.current_plan import current_plan
from jiujin.registry.models import Area
from jiujin.registry.services.load_areas import load_areas

pytestmark = pytest.mark.django_db


def test_every_area_of_the_pack_is_loaded_under_its_parent() -> None:
    plan = current_plan()
    assert load_areas(plan=plan) == len(plan.areas) == 381
    by_level = {level: Area.objects.filter(level=level).count() for level in ("district", "township", "community")}
    assert by_level == {"district": 1, "township": 23, "community": 357}
    assert Area.objects.get(code="341502001001").parent_id == "341502001"


def test_second_load_changes_nothing() -> None:
    plan = current_plan()
    load_areas(plan=plan)
    assert load_areas(plan=plan) == 0


def test_renamed_area_is_brought_in_line_and_an_area_outside_the_pack_stays() -> None:
    plan = current_plan()
    load_areas(plan=plan)
    Area.objects.filter(code="341502001").update(name="旧名")
    Area.objects.create(code="341502999", name="外来", level="township", parent_id="341502")
    assert load_areas(plan=plan) == 1
    assert Area.objects.get(code="341502001").name == plan.areas["341502001"].name
    assert Area.objects.filter(code="341502999").exists()
