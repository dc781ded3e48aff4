"""The classification comes into the database once, and follows its file."""

from __future__ import annotations

import pytest

from jiujin.plan.national import read_occupations
from jiujin.work.models import Occupation
from jiujin.work.services.load_occupations import load_occupations

pytestmark = pytest.mark.django_db


def test_second_load_changes_nothing() -> None:
    assert load_occupations() == len(read_occupations())
    assert load_occupations() == 0
    cashier = Occupation.objects.get(code="4010204")
    assert (cashier.name, cashier.parent_id) == ("收银员", "40102")


def test_changed_name_is_brought_back_and_an_own_code_stays() -> None:
    load_occupations()
    Occupation.objects.filter(code="4010204").update(name="收款员")
    Occupation.objects.create(code="4010299", name="本地自定", parent_id="40102")
    assert load_occupations() == 1
    assert Occupation.objects.get(code="4010204").name == "收银员"
    assert Occupation.objects.filter(code="4010299").exists()
