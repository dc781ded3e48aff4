"""Users: the demonstration's, a real one's, and what the database itself refuses."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from pytest_django import Settings

from jiujin.accounts.errors import DemoOnly
from jiujin.accounts.models import Role, User
from jiujin.accounts.permissions import ROOMS, Room
from jiujin.accounts.services.create_demo_users import create_demo_users, demo_users
from jiujin.accounts.services.create_user import create_user
from tests.accounts.people import someone

pytestmark = pytest.mark.django_db


def test_demo_has_one_user_of_each_role_and_their_passwords_open_the_door() -> None:
    made = create_demo_users()
    assert {user.role for user in User.objects.all()} == set(Role)
    assert all(User.objects.get(username=demo.username).check_password(demo.password) for demo in made)


def test_demo_users_made_twice_are_the_same_and_a_changed_one_stays_changed() -> None:
    first = create_demo_users()
    User.objects.filter(username=first[0].username).update(display_name="改过名")
    assert create_demo_users() == first
    assert User.objects.count() == len(first)
    assert User.objects.get(username=first[0].username).display_name == "改过名"


def test_real_installation_has_no_demo_users(settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(DemoOnly, match="没有建立任何账号"):
        create_demo_users()
    assert not User.objects.exists()
    assert demo_users() == []


def test_created_user_may_sign_in_and_a_weak_password_or_a_taken_name_is_refused() -> None:
    user = create_user(
        username="li", password="a-good-long-one-7", display_name="李某", role=Role.TOWNSHIP, area_code="341502001"
    )
    assert user.check_password("a-good-long-one-7")
    with pytest.raises(ValidationError):
        create_user(username="wu", password="12345", display_name="吴某", role=Role.CLERK)
    with pytest.raises(ValidationError):
        create_user(username="li", password="a-good-long-one-7", display_name="另一个", role=Role.CLERK)
    with pytest.raises(ValidationError, match="6、9 或 12 位"):
        create_user(username="he", password="a-good-long-one-7", display_name="何某", role=Role.CLERK, area_code="3415")


@pytest.mark.parametrize(
    ("column", "value", "constraint"),
    [("role", "king", "user_role_is_known"), ("area_code", "34150", "user_area_code_is_a_code")],
)
def test_database_refuses_an_unknown_role_and_a_code_that_is_none(column: str, value: str, constraint: str) -> None:
    user = someone()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE accounts_user SET {column} = %s WHERE id = %s", [value, user.pk])


def test_every_role_has_its_rooms_and_the_three_administrators_see_no_content() -> None:
    assert set(ROOMS) == set(Role)
    for role in (Role.ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR):
        assert Room.ROSTERS not in ROOMS[role]
