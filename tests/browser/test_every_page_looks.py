"""Every page at both widths: nothing sticks out, nothing comes from elsewhere, axe has nothing to say."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from jiujin.accounts.models import Role
from jiujin.exchange.models import RosterCheck
from tests.accounts.people import someone
from tests.browser.visitor import NARROW, WIDE, Visitor
from tests.exchange.uploads import finished_check, queued_check, upload, workbook_bytes
from tests.rosters.workbooks import stable

pytestmark = pytest.mark.django_db(transaction=True)

SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
PLAN_PAGES = (
    "/plan/",
    "/plan/schemes/",
    "/plan/schemes/stable-employment/",
    "/plan/parameters/",
    "/plan/parameters/?q=没有这个",
    "/plan/parameters/schooling_paths/",
    "/plan/parameters/minimum_wage/",
    "/plan/targets/",
    "/plan/readings/",
    "/plan/readings/effective-dates/",
    "/plan/areas/?page=2",
)


def looks_right(visitor: Visitor, addresses: tuple[str, ...]) -> None:
    for address in addresses:
        visitor.go(address)
        assert visitor.violations() == [], address
        assert not visitor.is_wider_than_the_window(), address


@SIZES
def test_pages_before_signing_in(visit: Callable[..., Visitor], size: tuple[int, int]) -> None:
    visitor = visit(size)
    looks_right(visitor, ("/account/sign-in/", "/no-such-page/"))
    visitor.go("/account/sign-in/")
    visitor.page.fill("#id_username", "nobody")
    visitor.page.fill("#id_password", "nothing")
    visitor.page.click("form.card button.primary")
    visitor.page.wait_for_selector(".error-summary")
    assert visitor.violations() == []
    assert visitor.page.evaluate("document.activeElement.className") == "error-summary"


@SIZES
def test_pages_of_the_plan(visit: Callable[..., Visitor], size: tuple[int, int]) -> None:
    visitor = visit(size)
    visitor.sign_in(someone(Role.CLERK))
    looks_right(visitor, PLAN_PAGES)


@SIZES
def test_pages_of_a_roster_check(visit: Callable[..., Visitor], size: tuple[int, int]) -> None:
    me, visitor = someone(Role.CLERK), visit(size)
    visitor.sign_in(me)
    looks_right(visitor, ("/rosters/", "/rosters/new/?scheme=flexible-employment"))
    wrong = [stable(n) for n in range(1, 60)] + [stable(60, 身份证号="12345"), stable(61, 社会保险缴纳月数=5)]
    done = finished_check(me, upload(workbook_bytes(wrong)), parameters={"stable_grant": "600"})
    refused = finished_check(me, upload(b"nothing", "名单.xlsx"))
    waiting, running = queued_check(me), queued_check(me)
    RosterCheck.objects.filter(id=running.id).update(
        state="running",
        stage="核对单元格",
        done_count=5,
        total_count=9,
        started_at=running.created_at,
        stage_at=running.created_at,
    )
    page, line = f"/rosters/{done.id}/", f"/rosters/{done.id}/?sheet=名单&row=62"
    states = tuple(f"/rosters/{check.id}/" for check in (refused, waiting, running))
    looks_right(visitor, ("/", "/rosters/", page, line, f"{page}bad-cells/", f"{page}delete/", *states))


@SIZES
def test_workbench_password_and_refusal(visit: Callable[..., Visitor], size: tuple[int, int]) -> None:
    visitor = visit(size)
    visitor.sign_in(someone(Role.OPERATOR, organisation_name="某运营机构"))
    looks_right(visitor, ("/", "/account/password/", "/no-such-page/"))
    other = visit(size)
    other.sign_in(someone(Role.ADMINISTRATOR))
    users = (
        "/account/users/",
        "/account/users/new/",
        f"/account/users/{someone().pk}/",
        "/account/users/?q=没有这个人",
    )
    looks_right(other, ("/", "/rosters/", *users))


@SIZES
def test_pages_in_english(visit: Callable[..., Visitor], size: tuple[int, int]) -> None:
    visitor = visit(size)
    visitor.sign_in(someone(Role.CLERK))
    assert visitor.page.get_attribute("html", "lang") == "zh-hans", "Chinese first, whatever the browser would like"
    visitor.page.click("button[lang=en]")
    visitor.page.wait_for_selector("html[lang=en]")
    looks_right(visitor, ("/", "/plan/", "/plan/schemes/stable-employment/", "/rosters/", "/rosters/new/"))


def test_menu_on_a_narrow_page_opens_as_a_drawer_and_closes_by_escape(visit: Callable[..., Visitor]) -> None:
    visitor = visit(NARROW)
    visitor.sign_in(someone(Role.CLERK))
    page = visitor.page
    assert not page.locator("#menu").is_visible()
    page.click(".menu-button")
    page.wait_for_selector("#menu", state="visible")
    assert visitor.violations() == []
    page.keyboard.press("Escape")
    page.wait_for_selector("#menu", state="hidden")
    page.click(".menu-button")
    page.click("#menu a[href='/plan/parameters/']")
    page.wait_for_url("**/plan/parameters/")


def test_menu_of_the_workbench_takes_one_row_and_its_groups_open_one_at_a_time(visit: Callable[..., Visitor]) -> None:
    visitor = visit(WIDE)
    visitor.sign_in(someone(Role.OPERATOR, organisation_name="某运营机构"))
    page = visitor.go("/desk/people/")
    bar = page.locator("#menu").bounding_box()
    assert bar is not None and bar["height"] < 80
    groups = page.locator("#menu details")
    groups.nth(0).locator("summary").click()
    page.wait_for_selector("#menu a[href='/desk/counter/']", state="visible")
    assert visitor.violations() == []
    groups.nth(1).locator("summary").click()
    page.wait_for_selector("#menu a[href='/desk/counter/']", state="hidden")
    page.keyboard.press("Escape")
    assert page.locator("#menu details[open]").count() == 0
    assert page.evaluate("document.activeElement.localName") == "summary"
    groups.nth(0).locator("summary").press("Enter")
    page.click("#menu a[href='/desk/counter/']")
    page.wait_for_url("**/desk/counter/")
    assert page.locator("#menu [data-here] summary").inner_text().strip() == "服务"


def test_drawer_of_the_workbench_opens_at_the_group_of_the_page_shown(visit: Callable[..., Visitor]) -> None:
    visitor = visit(NARROW)
    visitor.sign_in(someone(Role.OPERATOR, organisation_name="某运营机构"))
    page = visitor.go("/plan/")
    page.click(".menu-button")
    page.wait_for_selector("#menu a[href='/plan/parameters/']", state="visible")
    assert not page.locator("#menu a[href='/desk/counter/']").is_visible()
    assert visitor.violations() == []
