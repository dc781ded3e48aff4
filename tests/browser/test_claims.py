"""Claims in a real browser: an operator files from records, officers review by keyboard, anybody reads the notice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from jiujin.accounts.models import Role, User
from jiujin.claims.models import Claim, ClaimLine, Notice
from jiujin.claims.services.return_lines import return_lines
from tests.accounts.people import someone
from tests.browser.visitor import NARROW, WIDE, Visitor
from tests.claims.factories import set_rates
from tests.web.claims.worlds import a_payee, a_placement, bring_to, ids_of, in_notice, line_of, sent, set_days

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])


def looks_right(visitor: Visitor) -> None:
    """Nothing for axe to say, nothing sticks out."""
    assert visitor.violations() == []
    assert not visitor.is_wider_than_the_window()


@SIZES
def test_operator_files_from_records_and_sends(visit: Callable[..., Visitor], size: tuple[int, int]) -> None:
    user, organisation = a_payee()
    set_rates()
    set_days()
    for _number in range(3):
        a_placement(organisation)
    visitor = visit(size)
    visitor.sign_in(user)
    page = visitor.go("/claims/")
    looks_right(visitor)
    page.click(".empty >> text=新建申报")
    page.wait_for_url("**/claims/new/")
    looks_right(visitor)
    page.click("main h2 >> text=稳定就业服务补助")
    page.click("button:has-text('一键生成')")
    page.wait_for_selector("text=已由记录生成 3 行")
    looks_right(visitor)
    assert not ClaimLine.objects.exclude(state="draft").exists()
    page.click("button:has-text('提交符合的 3 行')")
    page.wait_for_selector("text=已提交 3 行")
    looks_right(visitor)
    claim = Claim.objects.get()
    visitor.go(f"/claims/lines/{line_of(claim).pk}/")
    page.wait_for_selector("text=提交申报")
    looks_right(visitor)


@SIZES
def test_returned_line_is_seen_and_mended(visit: Callable[..., Visitor], size: tuple[int, int]) -> None:
    user, organisation = a_payee()
    claim = sent(user, organisation, people=2)
    return_lines(ids=ids_of(claim)[:1], reasons="缺合同", actor=someone(Role.CLERK), now=timezone.now())
    visitor = visit(size)
    visitor.sign_in(user)
    page = visitor.go(f"/claims/{claim.pk}/")
    page.wait_for_selector("text=1 行退回了，要您改")
    looks_right(visitor)
    visitor.go(f"/claims/lines/{ids_of(claim)[0]}/")
    looks_right(visitor)
    page.click("text=记录已改好，重新判断")
    page.wait_for_selector("text=已改好并重新判断")
    assert line_of(claim).state == "draft"


def a_line_at(step: str, people: int) -> tuple[Claim, User, User]:
    user, organisation = a_payee()
    claim = sent(user, organisation, people=people)
    clerk, reviewer = someone(Role.CLERK), someone(Role.REVIEWER)
    bring_to(claim, step, clerk=clerk, reviewer=reviewer)
    return claim, clerk, reviewer


@SIZES
def test_officer_walks_the_queue_by_keys_and_decides(visit: Callable[..., Visitor], size: tuple[int, int]) -> None:
    claim, clerk, _reviewer = a_line_at("acceptance", 3)
    visitor = visit(size)
    visitor.sign_in(clerk)
    page = visitor.go("/claims/queue/?stage=acceptance")
    looks_right(visitor)
    if size == WIDE:
        name = page.locator("#panel h2").inner_text()
        page.keyboard.press("j")
        expect(page.locator("#panel h2")).not_to_have_text(name)
        looks_right(visitor)
        page.keyboard.press("x")
        assert page.locator("[data-row].on .tick").is_checked()
        page.click("#panel button[value=accept]")
    else:
        page.locator(".tick").first.check()
        page.click("#many button[value=accept]")
    page.wait_for_selector("text=已受理 1 行")
    assert sorted(line.state for line in claim.lines.all()) == ["accepted", "submitted", "submitted"]
    for tick in page.locator(".tick").all():
        tick.check()
    page.click("#many button[value=accept]")
    page.wait_for_selector("text=已受理 2 行")
    assert {line.state for line in claim.lines.all()} == {"accepted"}


@SIZES
def test_pages_of_an_officer(visit: Callable[..., Visitor], size: tuple[int, int]) -> None:
    claim, clerk, _reviewer = a_line_at("first_review", 2)
    visitor = visit(size)
    visitor.sign_in(clerk)
    page = visitor.go(f"/claims/queue/lines/{line_of(claim).pk}/")
    page.click("summary:has-text('记下核实到的事实')")
    looks_right(visitor)
    page.fill("[name=fact_social_insurance_months]", "4")
    page.fill("[name=basis]", "社保系统查询")
    page.click("button:has-text('记下并重新判断')")
    page.wait_for_selector("text=已记下核实的 1 项事实")
    looks_right(visitor)
    page.wait_for_selector("details[open] >> text=社会保险 4 个月，要求 6 个月以上")
    for address in (
        "/claims/queue/matters/",
        "/claims/queue/papers/",
        "/claims/parameters/",
        "/claims/parameters/stable_grant/",
    ):
        visitor.go(address)
        looks_right(visitor)


@SIZES
def test_anybody_reads_the_notice_and_objects(visit: Callable[..., Visitor], size: tuple[int, int]) -> None:
    notice: Notice = in_notice(people=2)
    visitor = visit(size)
    page = visitor.go("/claims/notices/")
    looks_right(visitor)
    page.click("main .lines a")
    page.wait_for_url(f"**/claims/notices/{notice.pk}/")
    looks_right(visitor)
    page.locator("text=提异议").first.click()
    page.wait_for_selector("h1:has-text('提出异议')")
    looks_right(visitor)
    page.fill("[name=text]", "这个人已经不在这里上班")
    page.click("button:has-text('提交异议')")
    page.wait_for_selector("text=异议已收到")
    assert ClaimLine.objects.filter(is_stopped=True).count() == 1


@SIZES
def test_pages_of_a_payee_and_a_resident(visit: Callable[..., Visitor], size: tuple[int, int]) -> None:
    user, organisation = a_payee()
    claim = sent(user, organisation)
    visitor = visit(size)
    visitor.sign_in(user)
    for address in ("/claims/account/", "/claims/entitled/", "/claims/new/?scheme=flexible-employment"):
        visitor.go(address)
        looks_right(visitor)
    resident = someone(Role.RESIDENT)
    person = line_of(claim).person
    assert person is not None
    person.user = resident
    person.save(update_fields=["user"])
    phone = visit(size)
    phone.sign_in(resident)
    phone.go("/near/me/claims/").wait_for_selector("text=稳定就业服务补助")
    looks_right(phone)
