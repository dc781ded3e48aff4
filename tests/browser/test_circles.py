"""The circles in a real browser: how each page looks, and a base moved after a look at what that does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django import Settings

from jiujin.accounts.models import Role
from jiujin.circles.models import Circle, CircleSpecialist
from jiujin.circles.services.match_everyone import match_everyone
from jiujin.circles.services.refresh_circle_members import refresh_circle_members
from jiujin.core.current_plan import current_plan
from jiujin.core.proof import Proof
from jiujin.core.target_figures import figure_of
from jiujin.registry.models import ConsentChannel, OrganisationKind, Purpose
from jiujin.registry.services.give_consent import give_consent
from jiujin.work.models import MatchRun
from tests.accounts.people import someone
from tests.browser.money import Visit, claimed_and_paid, looks_right, payee_at, send_form
from tests.browser.visitor import NARROW, WIDE, Visitor
from tests.circles.factories import START, make_circle, make_community, make_point
from tests.funds.fourteen import Clock
from tests.registry.factories import make_organisation, make_status
from tests.work.factories import make_placement, make_workplace
from tests.work.nearby.places import make_address, north_of, person_at, vacancy_at

pytestmark = pytest.mark.django_db(transaction=True)
IN_THE_PLAN = date(2022, 11, 15)  # a day of the plan's year
SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])


def a_whole_circle() -> Circle:
    """A circle with a station, firms of each size, people, somebody at work, a specialist and a run of the night."""
    circle = make_circle(base_point=make_point(0, name="测试服务站"))
    for metres, is_small in ((300, True), (600, False), (900, None)):
        firm = make_organisation(declared_small=is_small)
        make_workplace(firm, address=make_address(north_of(metres)))
    people = [person_at(metres) for metres in (100, 2500, 2900)]
    make_placement(START, person=people[0], workplace=make_workplace(address=make_address(north_of(50))))
    refresh_circle_members(circle=circle, day=START, actor="system:test")
    CircleSpecialist.objects.create(circle=circle, user=someone(Role.SPECIALIST), start_on=START)
    MatchRun.objects.create(day=timezone.localdate(), started_at=timezone.now(), people_done=1, people_total=3)
    return circle


@SIZES
def test_every_page_of_the_circles_looks_right(visit: Callable[..., Visitor], size: tuple[int, int]) -> None:
    circle = a_whole_circle()
    nowhere = make_circle(community=make_community("341502001002", metres=None))
    Circle.objects.filter(pk=nowhere.pk).update(end_on=START + timedelta(days=1))
    visitor, wrong = visit(size), []
    visitor.sign_in(someone())
    vacancy_at(300)
    match_everyone(day=START)
    match_everyone(day=START + timedelta(days=1))
    at = f"/circles/{circle.pk}/"
    for address in (
        "/circles/",
        at,
        f"/circles/{nowhere.pk}/",
        f"{at}base/",
        f"{at}without-service/",
        "/circles/new/",
        "/circles/exposure/",
    ):
        visitor.go(address)
        wrong += [(address, violation) for violation in visitor.violations()]
        wrong += [(address, "wider than the window")] if visitor.is_wider_than_the_window() else []
    assert wrong == []


def test_base_is_moved_after_a_look_at_who_comes_and_goes(visit: Callable[..., Visitor]) -> None:
    circle, point = a_whole_circle(), make_point(2000, name="新服务站")
    person_at(4500)
    visitor = visit(WIDE)
    visitor.sign_in(someone())
    page = visitor.go(f"/circles/{circle.pk}/")
    page.click("text=改基点和半径")
    page.select_option("select[name=base_point]", str(point.pk))
    page.click("button[name=look]")
    page.wait_for_selector(".notice:has-text('1 人进圈，0 人出圈，圈内 4 人')")
    assert visitor.violations() == []
    page.click("button[name=save]")
    page.wait_for_selector("text=已保存：1 人进圈，0 人出圈")
    circle.refresh_from_db()
    assert circle.base_point == point and visitor.trouble == []


def test_specialist_lands_on_today_s_list_and_finds_the_circle(visit: Callable[..., Visitor]) -> None:
    circle = a_whole_circle()
    visitor = visit(NARROW)
    visitor.sign_in(circle.specialists.get().user)
    assert visitor.page.url == f"{visitor.base}/desk/"
    page = visitor.go("/circles/")
    page.click(f"a:has-text('{circle.name}')")
    page.wait_for_selector(f"h1:has-text('{circle.name}')")
    assert page.query_selector("text=改基点和半径") is None


@pytest.mark.clause("2.1-communities", "3.1.2-mode", "3.1.2-engage", "3.1.3-assistance")
def test_circle_goes_from_the_street_s_decision_to_the_target_and_to_the_money(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Settings
) -> None:
    settings.VAR_DIR = tmp_path
    clock, today = Clock(monkeypatch, IN_THE_PLAN), IN_THE_PLAN.isoformat()
    circle, operator, employer = make_circle(), make_organisation(OrganisationKind.OPERATOR), make_organisation()
    person = person_at(900)
    make_status(person, "difficulty", START, proof=Proof.VERIFIED, certified_by="测试社区", certified_on=START)
    give_consent(person=person, purpose=Purpose.SHARED_WITH_OPERATOR, channel=ConsentChannel.COUNTER, actor=someone())
    refresh_circle_members(circle=circle, day=IN_THE_PLAN, actor="system:test")

    desk = visit(WIDE)
    desk.sign_in(someone())
    page = desk.go(f"/circles/{circle.pk}/contracts/")
    send_form(page, "标明为试点", source="测试文件", chosen_on=today)
    send_form(page, "登记街道的决定", mode="委托运营", decided_on=today, officer="测试主任", document="测试1号")
    assert figure_of_target("pilot-communities") == 0
    send_form(
        page,
        "登记运营合同",
        operator=str(operator.pk),
        procurement="entrusted",
        contract_number="测试H1",
        signed_on=today,
        start_on=today,
        end_on="2023-11-14",
        system_used="ours",
    )
    expect(page.locator("main")).to_contain_text("测试H1")
    looks_right(desk)
    assert figure_of_target("pilot-communities") == 1

    theirs = payee_at(visit, operator)
    page = theirs.go(f"/desk/people/{person.pk}/")
    page.fill("#serve-note", "约了面试")
    page.click("[data-serve] button.primary")
    page.wait_for_selector(".file-line li:has-text('约了面试')")
    page = theirs.go(f"/desk/people/{person.pk}/placements/new/")
    page.fill("#id_employer", employer.name)
    page.check("input[name=form][value=part_time]", force=True)
    page.fill("#id_start_on", today)
    page.click("form.card button:has-text('登记就业')")
    page.wait_for_selector("text=已登记就业")
    claimed_and_paid(visit, clock, tmp_path, operator, "employment-assistance")


def figure_of_target(target: str) -> int:
    """How many count by the end of the plan's year."""
    return figure_of(current_plan(), target, date(2022, 12, 31), "").counted
