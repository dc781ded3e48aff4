"""No list page of any role asks more than a list page may, in a district that has a life."""

from __future__ import annotations

import pytest
from django.test import Client

from benchmarks.list_pages import is_list, pages_of
from jiujin.accounts.models import User
from jiujin.cli.demo_district import load_demo
from jiujin.funds.demo_year import play_year
from tests.web.statements import STATEMENTS_MAX, statements_of

pytestmark = pytest.mark.django_db
LISTS_AT_LEAST = 90  # over all roles, so that the walk cannot come to nothing


def test_every_list_page_of_every_role_stays_under_ten_statements() -> None:
    load_demo(people=150, seed=7)
    play_year(days=45, seed=7)
    asked: dict[tuple[str, str], int] = {}
    for user in User.objects.filter(is_active=True).order_by("role", "pk").distinct("role"):
        client = Client()
        client.force_login(user)
        for address in pages_of(user.role):
            if is_list(client, address):
                asked[user.role, address] = len(statements_of(client, address))
    assert len(asked) > LISTS_AT_LEAST
    assert {page: count for page, count in asked.items() if count > STATEMENTS_MAX} == {}
