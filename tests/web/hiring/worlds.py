"""A small employer for the tests of hiring: an organisation, a place of work, somebody who acts for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from jiujin.accounts.models import Role, User
from jiujin.registry.models import Address, Consent, Membership, Organisation, Person, Purpose, Workplace
from jiujin.work.models import JobWish, Occupation, Vacancy
from jiujin.work.states import VacancyState
from tests.accounts.people import someone
from tests.registry.factories import make_area, make_organisation, make_person
from tests.work.factories import make_vacancy

HERE = (31.7536, 116.5078)
NEAR = 0.004  # degrees of latitude, some 450 m
COMMUNITY = "341502001001"


def a_place(organisation: Organisation, name: str = "城北门店", *, at: tuple[float, float] = HERE) -> Workplace:
    """An open place of work with an exact point."""
    address = Address.objects.create(lat=at[0], lon=at[1], point_source="picked", came_as="WGS84", is_synthetic=True)
    return Workplace.objects.create(organisation=organisation, name=name, area=make_area(COMMUNITY), address=address)


def an_employer(**given: Any) -> tuple[User, Organisation, Workplace]:
    """Somebody who signs in, the organisation they act for, and its place of work."""
    organisation = make_organisation(**given)
    user = someone(Role.EMPLOYER)
    Membership.objects.create(user=user, organisation=organisation)
    return user, organisation, a_place(organisation)


def browser_of(user: User) -> Client:
    """Their browser."""
    client = Client()
    client.force_login(user)
    return client


def an_occupation(name: str = "收银员", code: str = "4010205") -> Occupation:
    """A whole occupation with its group."""
    parent, _ = Occupation.objects.get_or_create(code=code[:5], defaults={"name": f"{name}所在的小类"})
    occupation, _ = Occupation.objects.get_or_create(code=code, defaults={"name": name, "parent": parent})
    return occupation


def open_vacancy(workplace: Workplace, **given: Any) -> Vacancy:
    """An open vacancy that has a month to go."""
    usual = {"open_until": timezone.localdate() + timedelta(days=30), "published_at": timezone.now(), "headcount": 2}
    return make_vacancy(VacancyState.OPEN, workplace, **{**usual, **given})


def a_seeker(
    *, at: tuple[float, float] = HERE, agrees: bool = True, wish: dict[str, Any] | None = None, **given: Any
) -> Person:
    """A person with a home point and a wish, who agreed to be found."""
    home = Address.objects.create(
        lat=at[0] + NEAR, lon=at[1], point_source="picked", came_as="WGS84", is_synthetic=True
    )
    person = make_person(home=home, home_area=make_area(COMMUNITY), **given)
    JobWish.objects.create(person=person, **(wish or {}))
    if agrees:
        Consent.objects.create(
            person=person,
            purpose=Purpose.FOUND_BY_EMPLOYERS,
            channel="online",
            given_at=timezone.now(),
            recorded_by=someone(Role.RESIDENT),
        )
    return person


def filled_in(place: Workplace, /, **given: Any) -> dict[str, Any]:
    """What an employer fills in."""
    usual = {
        "key": str(uuid4()),
        "title": "收银员",
        "form": "labour_contract",
        "headcount": "2",
        "wage_min": "3000",
        "wage_max": "4000",
        "wage_period": "month",
        "hours_a_week": "40",
        "shift": "day",
        "workplace": str(place.pk),
        "schooling_min": "0",
        "open_until": (timezone.localdate() + timedelta(days=30)).isoformat(),
        "description": "收款，退换货登记。",
    }
    return usual | given
