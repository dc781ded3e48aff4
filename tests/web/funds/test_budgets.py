"""Budgets by the pages: a look writes nothing, asked twice is once, nothing is overdrawn, a year is closed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from jiujin.accounts.models import Role
from jiujin.core.models import Event
from jiujin.funds.models import LedgerEntry, Purse, YearClosing
from tests.accounts.people import someone
from tests.funds.factories import balances, granted
from tests.registry.factories import make_area
from tests.web.funds.worlds import finance, signed_in

pytestmark = pytest.mark.django_db
STABLE = "stable-employment"


def request_id(page: Any) -> str:
    found = re.search(r'name="request_id" value="([^"]+)"', page.content.decode())
    assert found
    return found[1]


def test_a_budget_is_granted_once_after_a_look_that_writes_nothing() -> None:
    make_area("341502001")
    client = finance()
    address = reverse("funds:grant")
    given = {
        "request_id": request_id(client.get(address)), "scheme": STABLE, "area_code": "341502001", "year": "2022",
        "amount": "12,345.67", "reason": "财政下达文件",
    }  # fmt: skip
    page = client.post(address, {**given, "look": "1"}).content.decode()
    assert "可用预算 0.00 → 12,345.67 元" in page and "现在还没有记" in page
    assert not Event.objects.exists() and not Purse.objects.exists()
    client.post(address, {**given, "save": "1"})
    client.post(address, {**given, "save": "1"})
    purse = Purse.objects.get()
    assert (purse.area_code, purse.fund_class) == ("341502001", "就业创业服务补助")
    assert balances(purse) == {"funding": -1_234_567, "budget": 1_234_567}
    overview = client.get(reverse("funds:overview")).content.decode()
    assert "12,345.67" in overview and "区域341502001" in overview


@pytest.mark.parametrize(
    ("amount", "reason"), [("", "x"), ("0", "x"), ("-5", "x"), ("1.234", "x"), ("abc", "x"), ("5", " ")]
)
def test_a_budget_that_cannot_be_is_told(amount: str, reason: str) -> None:
    client = finance()
    given = {
        "request_id": request_id(client.get(reverse("funds:grant"))), "scheme": STABLE, "area_code": "", "year": "2022",
        "amount": amount, "reason": reason, "save": "1",
    }  # fmt: skip
    assert client.post(reverse("funds:grant"), given).status_code == 422
    assert not LedgerEntry.objects.exists()


def test_free_budget_is_withdrawn_and_moved_and_never_overdrawn() -> None:
    source, target = granted(100_000), granted(50_000, scheme="flexible-employment")
    client = finance()
    withdraw, move = (reverse(f"funds:{name}", args=[source.pk]) for name in ("withdraw", "move"))
    too_much = {"request_id": request_id(client.get(withdraw)), "amount": "1000.01", "reason": "收回"}
    looked = client.post(withdraw, {**too_much, "look": "1"}).content.decode()
    assert "不够，记不了账" in looked
    refused = client.post(withdraw, {**too_much, "save": "1"})
    assert refused.status_code == 422 and "预算余额不够" in refused.content.decode()
    client.post(withdraw, {**too_much, "amount": "400", "save": "1"})
    given = {"request_id": request_id(client.get(move)), "target": target.pk, "amount": "100", "reason": "调剂"}
    looked = client.post(move, {**given, "look": "1"}).content.decode()
    assert "可用预算 600.00 → 500.00 元" in looked and "可用预算 500.00 → 600.00 元" in looked
    client.post(move, {**given, "save": "1"})
    assert (balances(source)["budget"], balances(target)["budget"]) == (50_000, 60_000)
    page = client.get(reverse("funds:purse", args=[source.pk])).content.decode()
    for words in ("下达预算", "收回预算", "调剂预算", "-400.00"):
        assert words in page


def test_a_year_is_closed_after_a_look() -> None:
    carried, back = granted(100_000), granted(50_000, scheme="flexible-employment")
    client = finance()
    address = reverse("funds:closing")
    page = client.post(address, {"year": "2022", "carry": [carried.pk], "look": "1"}).content.decode()
    assert "转入下一年 1,000.00 元，交回 500.00 元" in page
    assert not YearClosing.objects.exists()
    page = client.post(address, {"year": "2022", "carry": [carried.pk], "close": "1"}, follow=True).content.decode()
    assert "2022 年已结转：2 笔预算" in page
    assert balances(back) == {}
    assert balances(Purse.objects.get(year=2023))["budget"] == 100_000


@pytest.mark.parametrize("role", [Role.LEADER, Role.SUPERVISOR, Role.CLERK, Role.TOWNSHIP])
def test_who_only_reads_sees_no_button_and_is_refused(role: Role) -> None:
    purse = granted(100_000)
    client = signed_in(someone(role))
    page = client.get(reverse("funds:overview")).content.decode()
    assert reverse("funds:grant") not in page
    for name in ("withdraw", "move"):
        assert client.post(reverse(f"funds:{name}", args=[purse.pk]), {"amount": "1"}).status_code == 403


def test_the_book_is_checked_on_the_spot() -> None:
    granted(100_000)
    client = signed_in(someone(Role.SUPERVISOR))
    address = reverse("funds:check")
    assert "还没有查过" in client.get(address).content.decode()
    connection.check_constraints()  # links the events, as a commit does
    assert "查完了，每一条都成立" in client.post(address).content.decode()
    assert "查过，每一条都成立" in client.get(address).content.decode()
