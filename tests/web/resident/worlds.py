"""A resident, their browser, and work near their home, for the tests of residents' pages."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from jiujin.accounts.models import Role, User
from jiujin.core.models import OutboundMessage
from jiujin.registry.models import Person
from jiujin.work.models import Vacancy
from jiujin.work.words import fill_search
from tests.accounts.people import someone
from tests.registry.factories import make_area, make_person
from tests.work.nearby.places import make_address, north_of, vacancy_at

COMMUNITY = "341502001001"
PHONE = "10990000001"


def soon() -> dict[str, Any]:
    """A last day that has not come."""
    return {"open_until": timezone.localdate() + timedelta(days=30), "published_at": timezone.now()}


def work_at(metres: float, **given: Any) -> Vacancy:
    """An open vacancy so far north of HERE, to be found by its words."""
    vacancy = vacancy_at(metres, **{**soon(), **given})
    fill_search(vacancy)
    return vacancy


def a_resident(metres: float | None = 0.0, **given: Any) -> tuple[User, Person]:
    """A resident with a sign-in of their own, at home so far north of HERE; None: at no known place."""
    user = someone(Role.RESIDENT)
    home = None if metres is None else make_address(north_of(metres))
    usual = {"user": user, "home": home, "home_area": make_area(COMMUNITY)}
    return user, make_person(**{**usual, **given})


def browser_of(user: User) -> Client:
    """Their browser."""
    client = Client()
    client.force_login(user)
    return client


def ask_for_code(client: Client, phone: str = PHONE) -> str:
    """Ask for a code on the page; the digits of the message."""
    answer = client.post("/near/enter/", {"phone": phone})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    message = OutboundMessage.objects.order_by("-pk").first()
    assert message is not None and message.text is not None
    found = re.search(r"\d{6}", message.text)
    assert found is not None
    return found.group()


def enter(client: Client, phone: str = PHONE) -> Any:
    """Through the phone's door; the answer to the right code."""
    return client.post("/near/enter/code/", {"digits": ask_for_code(client, phone)})


def stand(client: Client, point: tuple[float, float]) -> None:
    """Search from this point."""
    answer = client.post("/near/where/", {"kind": "here", "lat": str(point[0]), "lon": str(point[1])})
    assert answer.status_code == 302


def said(answer: Any) -> str:
    """The page's words."""
    text: str = answer.content.decode()
    return text
