"""Who sees which placements."""

from __future__ import annotations

import pytest

from jiujin.accounts.models import Role
from jiujin.registry.queries import SEE_PEOPLE_OF_THEIR_AREA
from jiujin.work.queries import placements_seen_by
from tests.registry.factories import make_area, make_person, make_user
from tests.work.factories import make_placement

pytestmark = pytest.mark.django_db


def test_operator_sees_what_it_organised_and_nothing_else() -> None:
    mine = make_placement()
    make_placement()
    make_placement(operator=None)
    assert mine.operator is not None
    operator = make_user(Role.OPERATOR, organisation_name=mine.operator.name)
    assert list(placements_seen_by(operator)) == [mine]
    assert not placements_seen_by(make_user(Role.OPERATOR)).exists()


def test_township_sees_the_placements_of_its_people_wherever_they_work() -> None:
    mine = make_placement(person=make_person(home_area=make_area("341502001001")))
    make_placement(person=make_person(home_area=make_area("341502002001")))
    assert list(placements_seen_by(make_user(Role.TOWNSHIP, area_code="341502001"))) == [mine]


def test_district_sees_all() -> None:
    placements = {make_placement(), make_placement(operator=None)}
    assert set(placements_seen_by(make_user(Role.SUPERVISOR))) == placements


@pytest.mark.parametrize("role", sorted(set(Role) - SEE_PEOPLE_OF_THEIR_AREA - {Role.OPERATOR}))
def test_other_roles_see_none(role: Role) -> None:
    placement = make_placement()
    assert placement.operator is not None
    assert not placements_seen_by(make_user(role, organisation_name=placement.operator.name)).exists()
