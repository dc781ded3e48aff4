"""Counts that stop at a bound."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from jiujin.core.bounded_counts import bounded_counts
from jiujin.registry.models import Person
from tests.registry.factories import make_person

pytestmark = pytest.mark.django_db


def test_counts_stop_one_past_the_bound_and_come_in_one_statement(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for name in ("甲甲", "乙乙", "乙丙"):
        make_person(name=name)
    everyone = Person.objects.order_by("name")
    with django_assert_num_queries(1):
        assert bounded_counts([everyone, everyone.filter(name__startswith="乙"), everyone.none()], 2) == [3, 2, 0]


def test_nothing_found_is_nought() -> None:
    assert bounded_counts([Person.objects.all(), Person.objects.filter(pk__in=[])]) == [0, 0]
