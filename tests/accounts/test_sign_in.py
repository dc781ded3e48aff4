"""Signing in and out, and what guessing meets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from jiujin.accounts.address import client_address
from jiujin.accounts.errors import SignInLocked
from jiujin.accounts.models import SignInFailure
from jiujin.accounts.services import count_sign_ins
from jiujin.accounts.services.count_sign_ins import WINDOW, count_try, forgive_tries
from tests.accounts.people import PASSWORD, someone

NOW = datetime(2022, 3, 1, 9, tzinfo=UTC)
SIGN_IN = "/account/sign-in/"

pytestmark = pytest.mark.django_db


def sign_in(username: str, password: str, address: str = "10.0.0.1", **extra: str) -> tuple[Client, int, str]:
    client = Client(REMOTE_ADDR=address)
    answer = client.post(SIGN_IN, {"username": username, "password": password, **extra})
    return client, answer.status_code, answer.headers.get("location", "")


def test_right_password_leads_to_the_first_page() -> None:
    client, status, location = sign_in(someone().username, PASSWORD)
    assert (status, location) == (302, "/")
    assert client.get("/").status_code == 200


def test_wrong_password_says_what_happened_and_what_to_do_and_keeps_the_door_shut() -> None:
    client = Client()
    answer = client.post(SIGN_IN, {"username": someone().username, "password": "wrong"})
    assert answer.status_code == 422
    assert "用户名或密码不对，没有登录。" in answer.content.decode()
    assert client.get("/").status_code == 302


def test_after_signing_in_one_goes_on_to_the_page_asked_for_but_never_to_another_host() -> None:
    username = someone().username
    assert sign_in(username, PASSWORD, next="/plan/")[2] == "/plan/"
    assert sign_in(username, PASSWORD, next="https://elsewhere.example/")[2] == "/"


def test_disabled_account_cannot_sign_in() -> None:
    user = someone()
    user.is_active = False
    user.save()
    assert sign_in(user.username, PASSWORD)[1] == 422


def test_after_five_failures_even_the_right_password_waits_and_the_page_says_how_long() -> None:
    username = someone().username
    for _ in range(count_sign_ins.FAILURES_MAX_PAIR):
        sign_in(username, "wrong")
    client = Client(REMOTE_ADDR="10.0.0.1")
    answer = client.post(SIGN_IN, {"username": username, "password": PASSWORD})
    assert answer.status_code == 422
    assert "登录失败次数过多，已暂停登录。请约 15 分钟后再试" in answer.content.decode()
    assert sign_in(username, PASSWORD, address="10.0.0.2")[1] == 302, "another address is not shut out by the guesser"


def test_username_in_other_letters_counts_as_the_same() -> None:
    for name in ("Zhang", "ZHANG", " zhang", "zhang ", "zHang"):
        count_try(username=name, address="10.0.0.1", now=NOW)
    with pytest.raises(SignInLocked):
        count_try(username="zhang", address="10.0.0.1", now=NOW)


def test_right_password_forgives_the_failures_before_it() -> None:
    username = someone().username
    for _ in range(count_sign_ins.FAILURES_MAX_PAIR - 1):
        sign_in(username, "wrong")
    assert sign_in(username, PASSWORD)[1] == 302
    assert not SignInFailure.objects.exists()


def test_lock_opens_when_the_window_has_passed_since_the_failure_that_filled_the_count() -> None:
    for minute in range(count_sign_ins.FAILURES_MAX_PAIR):
        count_try(username="li", address="10.0.0.1", now=NOW + timedelta(minutes=minute))
    with pytest.raises(SignInLocked) as locked:
        count_try(username="li", address="10.0.0.1", now=NOW + timedelta(minutes=5))
    assert locked.value.minutes_left == 10
    count_try(username="li", address="10.0.0.1", now=NOW + WINDOW)


def test_one_name_guessed_from_many_addresses_locks() -> None:
    for number in range(count_sign_ins.FAILURES_MAX_USERNAME):
        count_try(username="wang", address=f"10.0.1.{number}", now=NOW)
    with pytest.raises(SignInLocked):
        count_try(username="wang", address="10.0.2.1", now=NOW)


def test_many_names_guessed_from_one_address_lock_the_address() -> None:
    for number in range(count_sign_ins.FAILURES_MAX_ADDRESS):
        count_try(username=f"user-{number}", address="10.0.0.9", now=NOW)
    with pytest.raises(SignInLocked):
        count_try(username="someone-else", address="10.0.0.9", now=NOW)
    count_try(username="someone-else", address="10.0.0.10", now=NOW)


def test_locked_try_is_not_counted_so_the_lock_does_not_grow_by_knocking() -> None:
    for _ in range(count_sign_ins.FAILURES_MAX_PAIR):
        count_try(username="zhao", address="10.0.0.1", now=NOW)
    for _ in range(10):
        with pytest.raises(SignInLocked):
            count_try(username="zhao", address="10.0.0.1", now=NOW + timedelta(minutes=14))
    count_try(username="zhao", address="10.0.0.1", now=NOW + WINDOW)


def test_forgiving_one_name_leaves_the_failures_on_others() -> None:
    count_try(username="a", address="10.0.0.1", now=NOW)
    count_try(username="b", address="10.0.0.1", now=NOW)
    forgive_tries(username="a", address="10.0.0.1")
    assert list(SignInFailure.objects.values_list("username", flat=True).order_by("username")) == ["b"]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "believed"),
    [
        (0, "1.2.3.4", "10.0.0.1"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 10.9.9.9", "1.2.3.4"),
        (2, "1.2.3.4", "10.0.0.1"),
        (1, "not-an-address", "10.0.0.1"),
        (1, "", "10.0.0.1"),
    ],
)
def test_address_is_what_our_own_proxies_saw(settings: Settings, proxies: int, forwarded: str, believed: str) -> None:
    settings.PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == believed


def test_signing_out_takes_a_post_and_shuts_the_door() -> None:
    client, _, _ = sign_in(someone().username, PASSWORD)
    assert client.get(reverse("accounts:sign-out")).status_code == 405
    assert client.post(reverse("accounts:sign-out")).status_code == 302
    assert client.get("/").status_code == 302


def test_password_change_holds_at_once_and_keeps_this_session() -> None:
    user = someone()
    client, _, _ = sign_in(user.username, PASSWORD)
    other, _, _ = sign_in(user.username, PASSWORD)
    new = "quite-another-long-one-88"
    answer = client.post(
        reverse("accounts:change-password"),
        {"old_password": PASSWORD, "new_password1": new, "new_password2": new},
        follow=True,
    )
    assert "密码已改。" in answer.content.decode()
    assert client.get("/").status_code == 200
    assert other.get("/").status_code == 302, "a session opened with the old password ends"
    assert sign_in(user.username, new)[1] == 302


@pytest.mark.parametrize(
    ("old", "first", "second", "words"),
    [
        ("wrong", "quite-another-long-one-88", "quite-another-long-one-88", "原密码不对，密码没有改。"),
        (PASSWORD, "quite-another-long-one-88", "quite-another-long-one-89", "两次输入的新密码不一样，密码没有改。"),
        (PASSWORD, "short", "short", "密码太短，密码没有改。"),
    ],
)
def test_password_that_will_not_do_is_told_beside_its_field(old: str, first: str, second: str, words: str) -> None:
    client, _, _ = sign_in(someone().username, PASSWORD)
    answer = client.post(
        reverse("accounts:change-password"), {"old_password": old, "new_password1": first, "new_password2": second}
    )
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_piece_of_a_page_asked_for_without_a_session_sends_the_whole_page_to_sign_in() -> None:
    answer = Client().get(
        "/rosters/", headers={"hx-request": "true", "hx-current-url": "http://testserver/plan/?status=unset"}
    )
    assert answer.headers["HX-Redirect"] == "/account/sign-in/?next=/plan/%3Fstatus%3Dunset"
