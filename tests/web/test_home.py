"""The first page: what each role came to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from jiujin.accounts.models import Role
from jiujin.core.current_plan import current_plan
from tests.accounts.people import someone
from tests.exchange.uploads import queued_check

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def first_page(role: Role) -> str:
    client = Client()
    client.force_login(someone(role))
    return client.get("/").content.decode()


def test_who_signs_in_lands_where_they_work() -> None:
    client = Client()
    client.force_login(someone(Role.SPECIALIST))
    assert client.get("/").headers["location"] == "/desk/"
    client.force_login(someone(Role.RESIDENT))
    assert "附近的岗位" in client.get("/").content.decode()


@pytest.mark.parametrize(("role", "payee"), [(Role.OPERATOR, "operator"), (Role.SCHOOL, "technical_school")])
def test_organisation_finds_the_schemes_it_is_paid_by_on_its_workbench(role: Role, payee: str) -> None:
    page = first_page(role)
    assert 'class="shell workbench"' in page
    for scheme in current_plan().schemes.values():
        assert (f"/rosters/new/?scheme={scheme.id}" in page) == (scheme.payee.role == payee)


def test_officer_has_a_desk_and_is_told_what_the_plan_waits_for() -> None:
    page = first_page(Role.CLERK)
    assert 'class="shell desk"' in page
    assert "项参数待区里设定" in page and "还没有核对过名单" in page


def test_administrator_is_offered_no_roster_check() -> None:
    assert "/rosters/" not in first_page(Role.ADMINISTRATOR)


def test_recent_checks_are_the_person_s_own_and_cost_the_same_however_many(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    me, client = someone(), Client()
    client.force_login(me)
    queued_check(someone())
    counts = []
    for _ in range(2):
        queued_check(me)
        with django_assert_num_queries(5) as asked:  # savepoint, read-only, user, checks, release
            page = client.get("/").content.decode()
        counts.append(len(asked))
        assert page.count("名单.xlsx") == len(counts)
