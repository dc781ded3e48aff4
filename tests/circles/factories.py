"""Small circles and points of service for tests."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from jiujin.accounts.models import Role, User
from jiujin.circles.models import Circle, CircleSpecialist, ServicePoint
from jiujin.registry.models import Area, Membership, OrganisationKind
from jiujin.work.acting_for import operator_of
from tests.accounts.people import someone
from tests.registry.factories import make_area, make_organisation
from tests.work.nearby.places import HERE, make_address, north_of

START = date(2022, 3, 1)
COMMUNITY = "341502001001"
_numbers = count(1)


def make_community(code: str = COMMUNITY, *, metres: float | None = 0.0) -> Area:
    """A community whose middle is so far north of HERE, or not known."""
    area = make_area(code)
    area.lat, area.lon = (None, None) if metres is None else north_of(metres)
    area.save()
    return area


def make_circle(**given: Any) -> Circle:
    """A circle of three kilometres about HERE that nobody was counted into."""
    usual = {"name": f"测试就业圈{next(_numbers)}", "radius_m": 3000, "start_on": START}
    if "community" not in given:
        usual["community"] = make_community()
    return Circle.objects.create(**{**usual, **given})


def make_point(metres: float = 0.0, **given: Any) -> ServicePoint:
    """A public point of service so far north of HERE."""
    usual = {
        "name": f"测试服务点{next(_numbers)}",
        "kind": "community_counter",
        "address": make_address(north_of(metres)),
    }
    return ServicePoint.objects.create(**{**usual, **given})


def circle_seen_by(viewer: User) -> Circle:
    """A circle that this viewer sees, if their role sees any."""
    circle = make_circle(operator=operator_of(viewer) or make_organisation(OrganisationKind.OPERATOR))
    if viewer.role == Role.SPECIALIST:
        CircleSpecialist.objects.create(circle=circle, user=viewer, start_on=START)
    return circle


def operator_user() -> User:
    """A user who acts for an operator."""
    user = someone(Role.OPERATOR)
    Membership.objects.create(user=user, organisation=make_organisation(OrganisationKind.OPERATOR))
    return user


__all__ = [
    "COMMUNITY",
    "HERE",
    "START",
    "circle_seen_by",
    "make_circle",
    "make_community",
    "make_point",
    "operator_user",
]
