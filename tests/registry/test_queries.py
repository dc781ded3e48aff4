"""Who sees whom."""

from __future__ import annotations

import pytest

from jiujin.accounts.models import Role
from jiujin.registry.queries import SEE_PEOPLE_OF_THEIR_AREA, people_seen_by, person_with_id_number
from tests.registry.factories import make_area, make_person, make_user

pytestmark = pytest.mark.django_db


def test_officer_of_a_township_sees_its_people_and_no_others() -> None:
    mine = make_person(home_area=make_area("341502001001"))
    other = make_person(home_area=make_area("341502002001"))
    make_person(home_area=None)
    officer = make_user(Role.TOWNSHIP, area_code="341502001")
    assert list(people_seen_by(officer)) == [mine]
    assert person_with_id_number(officer, mine.id_number) == mine
    assert person_with_id_number(officer, other.id_number) is None


def test_clerk_of_the_district_sees_everyone_also_without_a_known_home() -> None:
    people = {make_person(home_area=make_area("341502001001")), make_person(home_area=None)}
    assert set(people_seen_by(make_user(Role.CLERK))) == people


@pytest.mark.parametrize("role", sorted(set(Role) - SEE_PEOPLE_OF_THEIR_AREA))
def test_other_roles_see_no_one(role: Role) -> None:
    person = make_person(home_area=make_area("341502001001"))
    assert not people_seen_by(make_user(role)).exists()
    assert person_with_id_number(make_user(role), person.id_number) is None
