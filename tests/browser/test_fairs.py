"""A fair in a real browser: thirty intents on a phone without a network, the door, the screen on the wall, how the pages look."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django import Settings

from jiujin.accounts.models import Role, User
from jiujin.core.current_plan import current_plan
from jiujin.core.target_figures import figure_of
from jiujin.fairs.models import Fair, FairIntent, FairVacancy, FairVisitor
from jiujin.registry.models import Area, OrganisationKind, Person
from tests.accounts.people import someone
from tests.browser.money import Visit, claimed_and_paid, looks_right, send_form
from tests.browser.visitor import NARROW, WIDE, Visitor
from tests.fairs.factories import make_intent, make_part
from tests.funds.fourteen import Clock
from tests.registry.factories import make_area, make_organisation, make_status
from tests.web.circles.worlds import post_parts
from tests.web.desk.worlds import EAST, PIXEL, open_vacancy, resident
from tests.web.fairs.worlds import fair_parts, fair_today

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
INTENTS = 30
IN_THE_PLAN = date(2022, 11, 15)  # a day of the plan's year


def officer(role: Role = Role.TOWNSHIP) -> User:
    make_area(EAST)
    Area.objects.filter(code=EAST).update(lat=31.75, lon=116.5)
    return someone(role, area_code=EAST[:9] if role == Role.TOWNSHIP else "")


def busy_fair() -> tuple[Fair, list[Any]]:
    """A fair of today with three employers that signed in, each with a vacancy."""
    fair = fair_today(name="春风行动专场")
    parts = []
    for number in range(3):
        vacancy = open_vacancy(title=f"包装工{number}")
        part = make_part(fair, at=timezone.now(), employer=vacancy.employer, booth=f"A{number}")
        FairVacancy.objects.create(fair_employer=part, vacancy=vacancy)
        parts.append(part)
    return fair, parts


def ready_to_go_out(visitor: Visitor, fair: Fair) -> None:
    """The page open, its lists and the page for bad times kept."""
    page = visitor.go(f"/fairs/{fair.pk}/record/")
    page.wait_for_selector("[data-fair-pick-said]:has-text('没有网络也能用')")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def note_one(visitor: Visitor, person: Person, employer_id: int) -> None:
    page = visitor.page
    page.fill("#intent-find", str(person.id_number)[-4:])
    page.click(f"[data-fair-pick] button:has-text('{str(person.id_number)[-4:]}')")
    page.select_option("#intent-employer", str(employer_id))
    page.click("[data-fair-record] button.primary")


@pytest.mark.clause("3.3.2-fairs", "2.3-intents")
def test_thirty_intents_noted_without_a_network_are_there_once_when_it_is_back(visit: Callable[..., Visitor]) -> None:
    me, (fair, parts) = officer(), busy_fair()
    people = [resident(name=f"张小{'一二三四五六七八九十'[n % 10]}{'甲乙丙'[n // 10]}") for n in range(INTENTS)]
    visitor = visit(NARROW)
    page = visitor.page
    visitor.sign_in(me)
    ready_to_go_out(visitor, fair)

    page.context.set_offline(True)
    for number, person in enumerate(people):
        note_one(visitor, person, parts[number % 3].employer_id)
    expect(page.locator("[data-fair-count]")).to_have_text(str(INTENTS))
    assert visitor.violations() == []
    assert not visitor.is_wider_than_the_window()
    assert not FairIntent.objects.exists()

    page.context.set_offline(False)
    expect(page.locator("[data-fair-queue]")).to_be_hidden()
    pairs = {(i.person_id, i.employer_id, i.recorded_by_id) for i in FairIntent.objects.order_by("pk")}
    assert pairs == {(p.pk, parts[n % 3].employer_id, me.pk) for n, p in enumerate(people)}
    assert FairIntent.objects.count() == INTENTS
    visitor.go(f"/fairs/{fair.pk}/record/")
    expect(page.locator("[data-fair-pick-said]")).to_contain_text("没有网络也能用")
    assert FairIntent.objects.count() == INTENTS, "opened again, nothing is sent again"


def test_page_opened_without_a_network_still_takes_an_intent(visit: Callable[..., Visitor]) -> None:
    me, (fair, parts), person = officer(), busy_fair(), resident(name="张小兰")
    visitor = visit(NARROW)
    page = visitor.page
    visitor.sign_in(me)
    ready_to_go_out(visitor, fair)
    expect(page.get_by_text("断网后也能重新打开")).to_be_visible()
    page.context.set_offline(True)
    visitor.go(f"/fairs/{fair.pk}/record/")
    assert me.display_name not in page.inner_text("body"), "what the phone keeps names nobody"
    note_one(visitor, person, parts[0].employer_id)
    expect(page.locator("[data-fair-count]")).to_have_text("1")
    page.context.set_offline(False)
    expect(page.locator("[data-fair-queue]")).to_be_hidden()
    assert FairIntent.objects.get().person == person


def test_intent_that_is_refused_stays_on_the_phone_with_the_reason(visit: Callable[..., Visitor]) -> None:
    me, (fair, parts), person = officer(), busy_fair(), resident(name="张小兰")
    visitor = visit(NARROW)
    page = visitor.page
    visitor.sign_in(me)
    ready_to_go_out(visitor, fair)
    page.context.set_offline(True)
    note_one(visitor, person, parts[0].employer_id)
    Person.objects.filter(pk=person.pk).update(home_area=None)
    page.context.set_offline(False)
    expect(page.locator("[data-fair-list]")).to_contain_text("不在这场招聘会的名单里")
    page.click("text=删掉这条")
    expect(page.locator("[data-fair-queue]")).to_be_hidden()
    assert not FairIntent.objects.exists()


def test_visitor_and_employer_sign_in_at_the_door_on_a_weak_network(visit: Callable[..., Visitor]) -> None:
    fair, employer = fair_today(name="春风行动专场"), make_organisation()
    visitor = visit(NARROW)
    page = visitor.go(f"/fairs/in/{fair.sign_in_code}/")
    assert visitor.violations() == []
    assert not visitor.is_wider_than_the_window()
    page.context.set_offline(True)
    page.click("[data-fair-record=visitor] button")
    page.fill("#employer-code", str(employer.credit_code))
    page.click("[data-fair-record=employer] button")
    expect(page.locator("[data-fair-count]")).to_have_text("2")
    page.context.set_offline(False)
    expect(page.locator("[data-fair-queue]")).to_be_hidden()
    assert FairVisitor.objects.filter(fair=fair).count() == 1
    assert fair.employers.get().employer == employer


def test_screen_on_the_wall_shows_what_comes_in_without_being_touched(visit: Callable[..., Visitor]) -> None:
    me, (fair, _parts) = officer(Role.CLERK), busy_fair()
    visitor = visit(WIDE)
    visitor.sign_in(me)
    page = visitor.go(f"/fairs/{fair.pk}/live/")
    figure = page.locator(".live .figure:has-text('意向') dd")
    expect(figure).to_have_text("0")
    make_intent(fair)
    expect(figure).to_have_text("1", timeout=20_000)
    assert visitor.violations() == []


@SIZES
def test_pages_of_fairs_posts_and_help_look_right(visit: Callable[..., Visitor], size: tuple[int, int]) -> None:
    me = officer(Role.CLERK)
    fair, _parts = busy_fair()
    parts, post = fair_parts(me), post_parts(me)
    person = resident(name="张小兰")
    make_status(person, "difficulty", timezone.localdate() - timedelta(days=90))
    visitor = visit(size)
    visitor.sign_in(me)
    for address in (
        "/fairs/",
        "/fairs/new/",
        f"/fairs/{fair.pk}/",
        f"/fairs/{fair.pk}/poster/",
        f"/fairs/{fair.pk}/live/",
        f"/fairs/{fair.pk}/record/",
        f"/fairs/{fair.pk}/invitations/",
        "/fairs/intents/",
        f"/fairs/intents/{parts['intent_id']}/",
        "/fairs/visits/",
        "/fairs/visits/new/",
        f"/fairs/visits/{parts['visit_id']}/",
        "/fairs/townships/",
        f"/fairs/townships/{parts['home']}/{parts['work']}/",
        "/fairs/supported/",
        "/circles/posts/",
        "/circles/posts/new/",
        f"/circles/posts/{post['post_id']}/",
        f"/circles/posts/{post['post_id']}/holdings/{post['holding_id']}/",
        "/circles/help/?show=without",
        f"/circles/help/{person.pk}/",
    ):
        visitor.go(address)
        assert visitor.violations() == [], address
        assert not visitor.is_wider_than_the_window(), address


@pytest.mark.clause("2.3-fairs", "2.3-enterprises", "2.3-intents", "3.3.3-campus")
def test_campus_fair_goes_from_its_plan_to_the_targets_and_to_the_money(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Settings
) -> None:
    settings.VAR_DIR = tmp_path
    clock, today = Clock(monkeypatch, IN_THE_PLAN), IN_THE_PLAN.isoformat()
    clerk, university = officer(Role.CLERK), make_organisation(OrganisationKind.UNIVERSITY)
    vacancy, graduate, scan = open_vacancy(), resident(name="张小兰"), tmp_path / "协议.png"
    scan.write_bytes(PIXEL)

    desk, other = visit(WIDE), visit(WIDE)
    desk.sign_in(clerk)
    other.sign_in(someone(Role.REVIEWER))
    page = desk.go("/fairs/new/")
    page.fill("#id_name", "测试校园招聘会")
    page.select_option("#id_kind", "campus")
    page.fill("#id_held_on", today)
    page.fill("#id_place", "测试体育馆")
    page.fill("#id_host", university.name)
    page.click("main form.form button.primary")
    page.wait_for_selector("h1:has-text('测试校园招聘会')")
    fair = Fair.objects.get()
    other.go(f"/fairs/{fair.pk}/").click("button:has-text('批准')")
    other.page.wait_for_selector("button:has-text('记为已举办')")

    page = desk.go(f"/fairs/{fair.pk}/")
    send_form(page, "加一家参会单位", employer=str(vacancy.employer.credit_code), booth="A1")
    page.click("button:has-text('签到')")
    ready_to_go_out(desk, fair)
    note_one(desk, graduate, vacancy.employer_id)
    expect(page.locator("[data-fair-queue]")).to_be_hidden()
    desk.go(f"/fairs/{fair.pk}/").click("button:has-text('记为已举办')")
    page.wait_for_selector("text=计入目标")
    send_form(
        page,
        "记一份三方协议",
        person=str(graduate.id_number),
        university=university.name,
        agreement_number="测试T1",
        scan=scan,
    )
    expect(page.locator("main")).to_contain_text("测试T1")
    looks_right(desk)
    for target in ("job-fairs", "enterprises-served", "intents"):
        assert figure_of(current_plan(), target, date(2022, 12, 31), "").counted == 1, target
    claimed_and_paid(visit, clock, tmp_path, university, "campus-fair")
