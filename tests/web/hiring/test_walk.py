"""Every address of the employers' pages, as the owner of its records and as another employer."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jiujin.accounts.permissions import Room
from jiujin.web.hiring.urls import urlpatterns
from tests.web.hiring.worlds import an_employer, browser_of, open_vacancy
from tests.work.factories import make_application

pytestmark = pytest.mark.django_db
EMPLOYERS = [
    (entry.name, list(entry.pattern.converters)) for entry in urlpatterns if entry.callback.room == Room.HIRING
]  # type: ignore[attr-defined]


def statuses(client: Client, known: dict[str, Any], method: str, *, with_parts: bool) -> dict[str, int]:
    ask = getattr(client, method)
    return {
        name: ask(reverse(f"hiring:{name}", kwargs={part: known[part] for part in parts})).status_code
        for name, parts in EMPLOYERS
        if parts or not with_parts
    }


def test_owner_sees_every_page_and_another_employer_none_that_is_about_a_record() -> None:
    user, _organisation, place = an_employer()
    vacancy = open_vacancy(place)
    application = make_application(vacancy, "accepted")
    known = {"vacancy_id": vacancy.pk, "application_id": application.pk, "workplace_id": place.pk}
    assert set(statuses(browser_of(user), known, "get", with_parts=False).values()) <= {200, 405}

    stranger, _other, _place = an_employer()
    for method in ("get", "post"):
        seen = statuses(browser_of(stranger), known, method, with_parts=True)
        assert len(seen) > 10
        assert set(seen.values()) <= {404, 405}, seen
    for record, state in ((vacancy, "open"), (application, "accepted")):
        record.refresh_from_db()
        assert record.state == state
    place.refresh_from_db()
    assert place.is_open
