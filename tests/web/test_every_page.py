"""Every address of the site as every role, and as nobody: the table of permissions says what must happen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django import Settings

from jiujin.accounts.models import Role
from jiujin.accounts.permissions import ROOMS, Room
from jiujin.core.current_plan import current_plan
from jiujin.web.navigation import MENU
from tests.accounts.people import someone
from tests.circles.factories import circle_seen_by, make_circle
from tests.exchange.imports.books import an_import
from tests.exchange.uploads import content_of, finished_check
from tests.web.circles.worlds import post_parts
from tests.web.claims.worlds import claim_parts
from tests.web.desk.worlds import file_of
from tests.web.fairs.worlds import fair_parts
from tests.web.funds.worlds import money_of
from tests.web.internships.worlds import internship_parts
from tests.web.scans import paper_parts
from tests.web.schools.worlds import school_parts

pytestmark = pytest.mark.django_db


def addresses(
    resolver: URLResolver | None = None, prefix: str = ""
) -> Iterator[tuple[str, list[str], Callable[..., Any]]]:
    """Every address: its name with namespace, the names of its parts, and its view."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            space = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from addresses(entry, space)
        elif isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name}", list(entry.pattern.converters), entry.callback


ADDRESSES = list(addresses())


def parts_for(names: list[str], check_id: Any, user_id: int, **more: Any) -> dict[str, Any]:
    """Something that exists for each part of an address."""
    plan = current_plan()
    known = {
        "check_id": check_id,
        "user_id": user_id,
        "scheme_id": next(iter(plan.schemes)),
        "parameter_id": next(iter(plan.parameters)),
        "reading_id": next(iter(plan.readings)),
        "vacancy_id": 0,
        "application_id": UUID(int=0),
        "introduction_id": UUID(int=0),
        "service_id": UUID(int=0),
        "workplace_id": 0,
        "proposal_id": 0,
        "correction_id": 0,
        "import_kind": "person",
        "kind": "xlsx",
        "import_id": UUID(int=0),
        "token_id": 0,
        "key": "1",
        "by": "scheme",
        "year": 2022,
        "voucher_id": UUID(int=0),
        **more,
    }
    return {name: known[name] for name in names}


# A line without a row, a term that is not full, lists of a night that was not.
NOT_YET_THERE = ("rosters:line", "internships:certificate", "circles:exposure-file")


@pytest.fixture
def media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_every_address_names_its_room() -> None:
    unlocked = [name for name, _, view in ADDRESSES if not hasattr(view, "room")]
    assert unlocked == []
    assert len(ADDRESSES) > 20


@pytest.mark.parametrize("role", list(Role))
def test_role_gets_into_its_rooms_and_no_other(role: Role, media: None) -> None:
    person = someone(role)
    inside = Room.ROSTERS in ROOMS[role]
    check = finished_check(person if inside else someone(Role.CLERK))
    more = file_of(person) | money_of() | {"circle_id": circle_seen_by(person).pk, "import_id": an_import(person).pk}
    more |= (
        fair_parts(person) | post_parts(person) | claim_parts(person) | internship_parts(person) | school_parts(person)
    )
    more |= paper_parts(person, more)
    client = Client()
    client.force_login(person)
    for name, parts, view in ADDRESSES:
        answer = client.get(reverse(name, kwargs=parts_for(parts, check.id, check.owner_id, **more)))
        content = content_of(answer)
        allowed = {200, 302, 401, 404, 405} if view.room in ROOMS[role] else {403}  # type: ignore[attr-defined]
        if view.room != Room.PUBLIC and view.room in ROOMS[role]:  # type: ignore[attr-defined]
            allowed = {200, 405} | ({404} if name in NOT_YET_THERE else set())
            allowed |= {302} if (name, role) == ("home", Role.SPECIALIST) else set()  # they land on today's list
        assert answer.status_code in allowed, f"{role} {name}: {answer.status_code}"
        if answer.status_code == 403:
            assert "您的角色不能看这一页" in content.decode()


def test_nobody_gets_in_without_signing_in_by_any_method(media: None) -> None:
    check, more = finished_check(someone()), file_of(someone()) | money_of() | {"circle_id": make_circle().pk}
    more |= (
        fair_parts(someone())
        | post_parts(someone())
        | claim_parts(someone())
        | internship_parts(someone())
        | school_parts(someone())
    )
    more |= paper_parts(someone(), more)
    for name, parts, view in ADDRESSES:
        address = reverse(name, kwargs=parts_for(parts, check.id, check.owner_id, **more))
        for ask in (Client().get, Client().post):
            answer: HttpResponse = ask(address)  # type: ignore[operator]
            if view.room == Room.PUBLIC or answer.status_code == 405:  # type: ignore[attr-defined]
                continue
            assert answer.status_code == 302, f"{name}: {answer.status_code}"
            assert answer.headers["location"].startswith("/account/sign-in/?next=")


@pytest.mark.parametrize("role", list(Role))
def test_menu_leads_only_where_the_role_may_go(role: Role) -> None:
    client = Client()
    client.force_login(someone(role))
    page = client.get("/", follow=True).content.decode()
    for group in MENU:
        for entry in group.entries:
            assert (f'href="{reverse(entry.url_name)}"' in page.split("</nav>")[0]) == (entry.room in ROOMS[role])


def test_signed_in_pages_are_kept_by_no_cache() -> None:
    client = Client()
    client.force_login(someone())
    assert "no-store" in client.get("/plan/").headers["cache-control"]
