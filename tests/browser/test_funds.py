"""Money in a real browser: one makes a batch, two others release it, the return comes in, and the report agrees with the book."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest
from django.db import transaction
from playwright.sync_api import expect
from pytest_django import Settings

from jiujin.accounts.models import Role
from jiujin.claims.models import Claim
from jiujin.core.current_plan import current_plan
from jiujin.funds.models import Balance, PaymentBatch
from jiujin.web.funds import simulate
from jiujin.web.funds.trial_progress import TrialProgress
from tests.accounts.people import someone
from tests.browser.visitor import NARROW, PATIENCE_MS, WIDE, Visitor
from tests.claims.test_rosters_of_lines import SCHEME
from tests.funds.factories import LINE_FEN, answer, approved, granted, noticed, operator, paid
from tests.funds.test_carried_in import base, purse, two
from tests.registry.factories import make_area

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])


@pytest.fixture(autouse=True, scope="module")
def plan_is_read() -> None:
    """What is read once a process is not waited for by a browser."""
    current_plan()


@pytest.fixture(autouse=True)
def var(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


def looks_right(visitor: Visitor) -> None:
    assert visitor.violations() == [], visitor.page.url
    assert not visitor.is_wider_than_the_window(), visitor.page.url


def finance(visit: Callable[..., Visitor], size: tuple[int, int], name: str) -> Visitor:
    visitor = visit(size)
    visitor.sign_in(someone(Role.FINANCE, display_name=name))
    return visitor


@SIZES
def test_a_batch_is_made_released_by_two_answered_and_reported(
    visit: Callable[..., Visitor], size: tuple[int, int], tmp_path: Path
) -> None:
    with transaction.atomic():
        make_area("341502001")
        granted(10 * LINE_FEN)
        approved(noticed(3, payee=operator(name="某运营机构"), area_code="341502001"))
    makes, first, second = (finance(visit, size, name) for name in ("财务甲", "财务乙", "财务丙"))

    page = makes.page
    makes.go("/funds/")
    looks_right(makes)
    page.click("text=笔已批准，等排入拨付")
    for box in page.locator("input.tick").all():
        box.check()
    looks_right(makes)
    page.click("button:has-text('把勾选的排入拨付')")
    page.wait_for_selector("text=已排入拨付：3 笔")
    page.click("text=待拨付，等编批次")
    page.wait_for_selector("#chosen select")
    page.check("#chosen input[name=all]")
    looks_right(makes)
    page.click("button:has-text('把勾选的编成一批')")
    page.wait_for_selector("h1:has-text('拨付批次')")
    expect(page.locator("main")).to_contain_text("要由另一个人来放行")
    looks_right(makes)
    address = page.url.removeprefix(makes.base)

    for visitor, button, words in (
        (first, "放行（第一个人）", "一人放行"),
        (second, "放行（第二个人）", "已放行"),
    ):
        visitor.go(address)
        visitor.page.click(f"button:has-text('{button}')")
        visitor.page.wait_for_selector(f".chip:has-text('{words}')")
        looks_right(visitor)
    with second.page.expect_download() as downloaded:
        second.page.click("a:has-text('下载付款文件')")
    assert b"3000.00" in Path(downloaded.value.path()).read_bytes()
    second.page.click("button:has-text('记为已送出')")
    second.page.wait_for_selector("a:has-text('导入回盘')")

    batch = PaymentBatch.objects.get()
    file = tmp_path / "回盘.csv"
    file.write_bytes(answer(batch, {2: "账号不存在"}))
    second.page.click("a:has-text('导入回盘')")
    second.page.set_input_files("#id_file", file)
    second.page.click("button:has-text('先看会怎样')")
    second.page.wait_for_selector("text=账号不存在")
    looks_right(second)
    assert not Balance.objects.filter(stage="paid").exclude(amount_fen=0).exists()
    second.page.click("button:has-text('导入，记账')")
    second.page.wait_for_selector("h1:has-text('回盘')")
    looks_right(second)

    second.go("/funds/reports/?by=township")
    expect(second.page.locator(".figures")).to_contain_text("2,000.00")
    looks_right(second)
    assert sum(Balance.objects.filter(stage="paid").order_by("pk").values_list("amount_fen", flat=True)) == 2 * LINE_FEN
    second.go("/funds/ledger/")
    expect(second.page.locator("main")).to_contain_text("3,000.00")
    looks_right(second)
    second.page.locator(".row-link").first.click()
    second.page.wait_for_selector("text=这笔钱走过的路")
    looks_right(second)


@SIZES
def test_a_trial_is_asked_and_answered_and_the_other_pages_look_right(
    visit: Callable[..., Visitor], size: tuple[int, int]
) -> None:
    with transaction.atomic():
        granted(10 * LINE_FEN)
        paid(1)
    visitor = finance(visit, size, "财务甲")
    visitor.go("/funds/simulate/")
    visitor.page.fill("[id='set.stable_grant']", "1200")
    visitor.page.click("button:has-text('测算')")
    visitor.page.wait_for_selector("text=改后要付（元）")
    expect(visitor.page.locator("main")).to_contain_text("+200.00")
    looks_right(visitor)
    for address in (
        "",
        "budgets/grant/",
        "budgets/closing/",
        "batches/",
        "accounts/",
        "accounts/new/",
        "city/",
        "recoveries/",
        "check/",
    ):
        visitor.go(f"/funds/{address}")
        looks_right(visitor)


@SIZES
def test_what_was_paid_before_is_looked_at_brought_in_and_taken_out(
    visit: Callable[..., Visitor], size: tuple[int, int], tmp_path: Path
) -> None:
    with transaction.atomic():
        purse()
        payee = base()
    visitor = finance(visit, size, "财务甲")
    page = visitor.page
    visitor.go("/funds/carried-in/")
    looks_right(visitor)
    page.click("a:has-text('带入一份名单')")
    page.wait_for_selector("#id_file")
    looks_right(visitor)
    page.select_option("#id_scheme", SCHEME)
    page.fill("#id_organisation", payee.name)
    page.fill("#id_total", "12,000.00")
    page.set_input_files("#id_file", two(tmp_path))
    page.click("button:has-text('先看会带入什么')")
    page.wait_for_selector("text=和财务账上的合计一致")
    looks_right(visitor)
    assert not Claim.objects.exists()
    page.click("button:has-text('带入 2 人次')")
    page.wait_for_selector(".chip:has-text('已对账')")
    expect(page.locator(".figures")).to_contain_text("12,000.00")
    looks_right(visitor)
    page.fill("#reason", "名单拿错了")
    page.click("button:has-text('撤销带入')")
    page.wait_for_selector("text=这一份已经撤销")
    looks_right(visitor)
    assert not Balance.objects.filter(stage="paid").exclude(amount_fen=0).exists()


@SIZES
def test_a_long_trial_is_watched_until_its_answer_comes(
    visit: Callable[..., Visitor], size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction.atomic():
        granted(10 * LINE_FEN)
        paid(1)
    monkeypatch.setattr(simulate, "AT_ONCE_UP_TO", 0)
    looked, may_end = Event(), Event()
    begin = TrialProgress.tell

    def tell_and_wait(self: TrialProgress, stage: str, done: int, total: int) -> None:
        begin(self, stage, done, total)
        looked.set()
        may_end.wait(PATIENCE_MS / 1000)

    monkeypatch.setattr(TrialProgress, "tell", tell_and_wait)
    visitor = finance(visit, size, "财务甲")
    visitor.go("/funds/simulate/?try=1&set.stable_grant=1200")
    visitor.page.wait_for_selector(".progress h2:has-text('读取记录')")
    assert looked.is_set()
    looks_right(visitor)
    may_end.set()
    visitor.page.wait_for_selector("text=改后要付（元）")
    expect(visitor.page.locator("main")).to_contain_text("+200.00")
    assert visitor.page.locator(".progress").count() == 0
    looks_right(visitor)
