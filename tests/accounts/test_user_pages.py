"""The system administrator makes, changes and disables accounts, and cannot shut himself out."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from jiujin.accounts.models import Role, SignInFailure, User
from jiujin.accounts.passwords import made_password
from tests.accounts.people import PASSWORD, someone

pytestmark = pytest.mark.django_db

USERS = "/account/users/"
NEW = {
    "username": "zhangsan",
    "display_name": "张某",
    "role": "township",
    "area_code": "341502001",
    "organisation_name": "某街道",
}


@pytest.fixture
def me() -> User:
    return someone(Role.ADMINISTRATOR)


@pytest.fixture
def client(me: User) -> Client:
    found = Client()
    found.force_login(me)
    return found


def changes(user: User, **given: str) -> dict[str, str]:
    form = {"display_name": user.display_name, "role": user.role, "area_code": "", "is_active": "on", **given}
    return {name: value for name, value in form.items() if value != "-"}


def password_on(page: str) -> str:
    found = re.search(r'class="secret">([^<]+)<', page)
    assert found is not None
    return found[1]


def test_made_account_opens_with_the_password_that_was_shown_once(client: Client) -> None:
    page = client.post(f"{USERS}new/", NEW).content.decode()
    user = User.objects.get(username="zhangsan")
    assert (user.display_name, user.role, user.area_code, user.organisation_name) == (
        "张某",
        "township",
        "341502001",
        "某街道",
    )
    assert user.check_password(password_on(page))
    assert password_on(page) not in client.get(f"{USERS}{user.pk}/").content.decode()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"display_name": ""}, "这个字段是必填项"),
        ({"username": "has space"}, "用户名"),
        ({"role": "king"}, "角色"),
        ({"area_code": "123"}, "区域"),
    ],
)
def test_account_that_will_not_do_is_not_made(client: Client, given: dict[str, str], words: str) -> None:
    answer = client.post(f"{USERS}new/", {**NEW, **given})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not User.objects.filter(display_name="张某").exists()


def test_username_already_taken_is_told_beside_its_field(client: Client) -> None:
    someone(username="zhangsan")
    answer = client.post(f"{USERS}new/", NEW)
    assert answer.status_code == 422 and 'id="id_username_error"' in answer.content.decode()


def test_changed_role_holds_at_once(client: Client) -> None:
    user, theirs = someone(Role.CLERK), Client()
    theirs.force_login(user)
    assert theirs.get("/rosters/").status_code == 200
    client.post(f"{USERS}{user.pk}/", changes(user, role="leader"))
    assert theirs.get("/rosters/").status_code == 403


def test_disabled_account_is_out_at_the_next_click_and_may_come_back(client: Client) -> None:
    user, theirs = someone(), Client()
    theirs.force_login(user)
    client.post(f"{USERS}{user.pk}/", changes(user, is_active="-"))
    assert theirs.get("/").status_code == 302
    assert Client().post("/account/sign-in/", {"username": user.username, "password": PASSWORD}).status_code == 422
    client.post(f"{USERS}{user.pk}/", changes(user))
    assert Client().post("/account/sign-in/", {"username": user.username, "password": PASSWORD}).status_code == 302


@pytest.mark.parametrize("given", [{"is_active": "-"}, {"role": "clerk"}])
def test_administrator_cannot_shut_himself_out(client: Client, me: User, given: dict[str, str]) -> None:
    answer = client.post(f"{USERS}{me.pk}/", changes(me, **given))
    assert answer.status_code == 422 and "不能停用自己的账号" in answer.content.decode()
    me.refresh_from_db()
    assert me.is_active and me.role == Role.ADMINISTRATOR


def test_administrator_may_change_his_own_name(client: Client, me: User) -> None:
    client.post(f"{USERS}{me.pk}/", changes(me, display_name="新名"))
    me.refresh_from_db()
    assert me.display_name == "新名"


def test_new_password_ends_the_old_one_its_sessions_and_its_lock(client: Client) -> None:
    user, theirs = someone(username="Li"), Client()
    theirs.force_login(user)
    for _ in range(6):
        Client().post("/account/sign-in/", {"username": "li", "password": "wrong"})
    page = client.post(f"{USERS}{user.pk}/password/").content.decode()
    assert theirs.get("/").status_code == 302
    assert not SignInFailure.objects.filter(username="li").exists()
    again = Client().post("/account/sign-in/", {"username": "Li", "password": password_on(page)})
    assert again.status_code == 302


def test_list_filters_searches_and_asks_no_more_for_many(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    someone(display_name="找得到", organisation_name="某机构")
    for more in range(2):
        someone()
        with django_assert_num_queries(8):  # savepoint, read-only, user, two counts, total, rows, release
            page = client.get(USERS).content.decode()
        assert page.count("data-row=") == 3 + more
    assert client.get(f"{USERS}?q=某机构").content.decode().count("data-row=") == 1
    assert "没有符合条件的行" in client.get(f"{USERS}?state=disabled").content.decode()


def test_made_passwords_differ_and_are_easy_to_read_out() -> None:
    made = {made_password() for _ in range(50)}
    assert len(made) == 50
    assert all(re.fullmatch(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", p) and not set("il1o0") & set(p) for p in made)
