"""Every page of money, as each role that may see money and as one that may not."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from jiujin.accounts.models import Role
from jiujin.accounts.permissions import ROOMS, Room
from jiujin.web.funds.urls import urlpatterns
from tests.accounts.people import someone
from tests.funds.factories import SCHEME
from tests.web.funds.worlds import money_of, signed_in

pytestmark = pytest.mark.django_db
NAMELESS = re.compile(r"<a [^>]*>\s*</a>")
READ_BY_POST = {"carried-in-roster"}  # it names people in full, so that reading it leaves an event
POSTED = READ_BY_POST | {
    "send-on", "batch-step", "confirm-voucher", "end-recovery", "change-accounts", "record-city", "take-out",
}  # fmt: skip


def addresses(parts: dict[str, object]) -> dict[str, str]:
    found = {}
    for pattern in urlpatterns:
        names = list(pattern.pattern.converters)
        known = {**parts, "kind": "xlsx", "scheme_id": SCHEME}
        found[str(pattern.name)] = reverse(f"funds:{pattern.name}", kwargs={name: known[name] for name in names})
    return found


@pytest.mark.parametrize("role", [Role.FINANCE, Role.LEADER, Role.SUPERVISOR, Role.TOWNSHIP, Role.OPERATOR])
def test_role_gets_where_it_may_and_nowhere_else(role: Role) -> None:
    parts = money_of()
    client = signed_in(someone(role))
    for pattern in urlpatterns:
        name = str(pattern.name)
        room = pattern.callback.room  # type: ignore[attr-defined]
        answer = client.get(addresses(parts)[name])
        expected = (405 if name in POSTED else 200) if room in ROOMS[role] else 403
        assert answer.status_code == expected, name
        if room in ROOMS[role] and name in POSTED:
            assert room == (Room.FUNDS if name in READ_BY_POST else Room.FUND_CHANGES), name


def test_pages_stand_without_any_money() -> None:
    client = signed_in(someone(Role.FINANCE))
    for name in (
        "overview",
        "lines",
        "batches",
        "accounts",
        "city",
        "recoveries",
        "ledger",
        "reports",
        "check",
        "closing",
        "carried-in",
    ):
        page = client.get(reverse(f"funds:{name}"))
        assert page.status_code == 200, name
        assert NAMELESS.search(page.content.decode()) is None, name
    for kind in ("xlsx", "docx"):
        for name in ("ledger-file", "report-file", "simulate-file"):
            assert client.get(reverse(f"funds:{name}", args=[kind])).status_code == 200
    assert client.get(reverse("funds:ledger-file", args=["exe"])).status_code == 404
