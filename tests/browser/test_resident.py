"""A resident at a phone of 390 px: from the first page to having applied, in few taps; and how each page looks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page

from jiujin.accounts.models import Role, User
from jiujin.accounts.services.hand_code import hand_code
from jiujin.registry.models import Area, Person
from jiujin.work.models import Application
from jiujin.work.nearby.search import search_near
from jiujin.work.services.introduce import introduce
from tests.accounts.people import someone
from tests.browser.visitor import NARROW, WIDE, Visitor
from tests.registry.factories import make_area
from tests.web.resident.worlds import COMMUNITY, a_resident, work_at
from tests.work.nearby.places import HERE, make_occupation

pytestmark = pytest.mark.django_db(transaction=True)

TAPS_MAX = 6
PHONE_PAGES = ("", "?view=map", "?in=circle", "?q=没有这种活", "points/", "where/", "where/?view=map", "policies/")
MY_PAGES = ("applications/", "me/", "me/basics/", "me/home/", "me/home/?view=map", "me/wish/", "me/consents/")
TOO_SMALL = """() => [...document.querySelectorAll("a, button, summary, select, input:not([type=hidden])")]
  .filter((e) => !e.closest(".skip, .leaflet-control-attribution") && !["checkbox", "radio"].includes(e.type))
  .map((e) => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
  .filter(([, box]) => box.width > 1 && box.height > 1 && (box.height < 43.5 || box.width < 43.5))
  .map(([html, box]) => `${html} ${box.width} × ${box.height}`)"""


class Thumb:
    """Whoever taps, and how often."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = 0

    def tap(self, what: str) -> None:
        self.page.locator(what).first.click()
        self.taps += 1


@pytest.fixture(autouse=True)
def ready(transactional_db: None) -> None:
    """What a process reads and compiles once is not waited for in a browser."""
    search_near(lat=HERE[0], lon=HERE[1], radius_m=1)


@pytest.fixture
def phone(chromium: Browser, live_server: Any) -> Iterator[Visitor]:
    """A phone that says where it stands when it is asked."""
    context = chromium.new_context(
        viewport={"width": NARROW[0], "height": NARROW[1]},
        geolocation={"latitude": HERE[0], "longitude": HERE[1]},
        permissions=["geolocation"],
        has_touch=True,
        is_mobile=True,
    )
    visitor = Visitor(context, live_server.url)
    yield visitor
    context.close()
    assert visitor.trouble == []


def come_in(visitor: Visitor, number: str = "10990000001") -> None:
    """From the first page through the phone's door, to where the code is right."""
    page = visitor.go("/")
    page.click("a:text-is('手机号登录')")
    page.fill("#id_phone", number)
    page.click("text=发验证码")
    digits = re.search(r"\d{6}", page.inner_text("[data-demo-message]"))
    assert digits is not None
    page.fill("#id_digits", digits.group())
    page.click("main button.primary")


@pytest.mark.clause("2.1-nearby", "3.1.1-circle")
def test_new_resident_has_applied_for_work_nearby_within_six_taps_of_signing_in(phone: Visitor) -> None:
    work_at(5000, title="太远的活")
    near = work_at(650, title="超市理货员")
    come_in(phone)
    phone.page.wait_for_url("**/near/enter/new/")
    thumb = Thumb(phone.page)
    phone.page.fill("#id_name", "林小禾")
    thumb.tap("#id_name")
    thumb.tap("[data-locate]")
    phone.page.wait_for_selector("text=已取到您现在的位置")
    thumb.tap("text=看离我近的岗位")
    phone.page.wait_for_selector("text=3 公里内 1 个岗位")
    assert phone.page.locator("text=从我家算起").count() == 1
    thumb.tap(".job")
    thumb.tap("text=投递")
    phone.page.wait_for_url("**/near/applications/")
    assert thumb.taps <= TAPS_MAX
    application = Application.objects.get()
    assert (application.vacancy, application.distance_m) == (near, 650)
    assert application.person.name == "林小禾"
    assert phone.page.locator("text=已投递").count() >= 1


def test_without_a_position_a_community_will_do(visit: Callable[..., Visitor]) -> None:
    Area.objects.filter(pk=make_area(COMMUNITY).pk).update(lat=HERE[0], lon=HERE[1])
    work_at(650, title="超市理货员")
    visitor = visit(NARROW, scripts=False)
    page = visitor.go("/near/")
    page.select_option("#id_area", COMMUNITY)
    page.click("text=从这里算起")
    page.click(".job")
    assert page.locator("h1", has_text="超市理货员").count() == 1
    assert page.locator("text=登录后投递").count() == 1, "all this without a script"


def test_tapping_twice_sends_once(phone: Visitor) -> None:
    work_at(650)
    user, _person = a_resident()
    sign_in(phone, user)
    phone.go("/near/").click(".job")
    phone.page.dblclick(".apply-bar button")
    phone.page.wait_for_url("**/near/applications/")
    assert Application.objects.count() == 1


def test_map_leads_to_the_vacancy_and_a_tap_on_it_says_where_to_start(phone: Visitor) -> None:
    work_at(650, title="超市理货员")
    page = phone.go("/near/where/?view=map")
    page.wait_for_selector(".leaflet-interactive, .leaflet-overlay-pane path")
    assert page.locator("[data-picked-button]").is_disabled()
    page.click("#map", position={"x": 200, "y": 200})
    page.click("[data-picked-button]")
    page.wait_for_selector("text=从地图上选的位置算起")
    page.goto(f"{phone.base}/near/where/")
    page.click("[data-locate]")
    page.wait_for_selector("text=3 公里内 1 个岗位")
    page.click("text=地图")
    page.click(".map-mark:not(.here)")
    page.click(".leaflet-popup a[href*=vacancies]")
    assert page.locator("h1", has_text="超市理货员").count() == 1


def test_without_a_network_the_page_says_so_and_sends_nothing(phone: Visitor) -> None:
    work_at(650)
    user, _person = a_resident()
    sign_in(phone, user)
    page = phone.go("/near/")
    page.click(".job")
    page.wait_for_load_state()  # a script still on its way when the network goes is another matter
    assert page.locator("#offline").is_hidden()
    page.context.set_offline(True)
    page.wait_for_selector("#offline:not([hidden])")
    page.click(".apply-bar button")
    assert not Application.objects.exists()
    page.context.set_offline(False)
    page.wait_for_selector("#offline", state="hidden")
    page.click(".apply-bar button")
    page.wait_for_url("**/near/applications/")
    assert Application.objects.count() == 1


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("large", [False, True], ids=["usual", "large"])
def test_every_page_of_a_resident(visit: Callable[..., Visitor], size: tuple[int, int], large: bool) -> None:
    sewing = make_occupation("6040303", "缝纫工")
    vacancy = work_at(
        650, title="缝纫工（可带回家做）", occupation=sewing, welcomes_priority_groups=True, wage_max_fen=400_000
    )
    applied = work_at(900, title="社区保洁")
    user, person = a_resident()
    Application.objects.create(person=person, vacancy=applied, distance_m=900)
    introduce(id=uuid4(), person=person, vacancy=work_at(300), actor=someone(Role.SPECIALIST), reasons=["离家近"])
    visitor = visit(size)
    if large:
        visitor.go("/near/").click("button[name=large]")
    anonymous = ("/account/sign-in/", "/near/", "/near/enter/", "/near/enter/handed/", f"/near/vacancies/{vacancy.pk}/")
    looks_right(visitor, anonymous, narrow=size == NARROW)
    sign_in(visitor, user)
    mine = [f"/near/{path}" for path in (*PHONE_PAGES, *MY_PAGES, f"vacancies/{vacancy.pk}/")]
    looks_right(visitor, (*mine, "/", "/account/password/", "/no-such-page/"), narrow=size == NARROW)


def looks_right(visitor: Visitor, addresses: tuple[str, ...], *, narrow: bool) -> None:
    for address in addresses:
        visitor.go(address)
        assert visitor.violations() == [], address
        assert not visitor.is_wider_than_the_window(), address
        if narrow and address.startswith("/near/"):
            assert visitor.page.evaluate(TOO_SMALL) == [], address


def sign_in(visitor: Visitor, user: User) -> None:
    """By a slip of paper, as somebody without a telephone does."""
    person = Person.objects.get(user=user)
    page = visitor.go("/near/enter/handed/")
    page.fill("#id_digits", hand_code(handed_for=person.pk, actor=someone(), now=timezone.now()))
    page.click("main button.primary")
    page.wait_for_url("**/near/")
