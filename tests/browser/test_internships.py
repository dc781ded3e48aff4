"""A unit and a clerk in a real browser: from the recommendation to the target's figure; and who applies, on the phone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from jiujin.accounts.models import Role
from jiujin.core.current_plan import current_plan
from jiujin.core.target_figures import figure_of
from jiujin.internships.models import InternApplication, Internship
from tests.accounts.people import someone
from tests.browser.money import Visit, claimed_and_paid, looks_right
from tests.browser.visitor import NARROW, WIDE, Visitor
from tests.funds.fourteen import Clock
from tests.internships.factories import make_post, unit_user
from tests.registry.factories import make_person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True, scope="module")
def plan_is_read() -> None:
    """What is read once a process is not waited for by a browser."""
    current_plan()


def act(visitor: Visitor, name: str, **fields: str) -> None:
    """Open one of the small forms of the page, fill it in and send it."""
    form = visitor.page.locator(f"details:has(input[value='{name}'])")
    if form.get_attribute("open") is None:
        form.locator("summary").click()
    for field, value in fields.items():
        target = form.locator(f"#id_{name}_{field}")
        target.select_option(value) if target.evaluate("each => each.tagName") == "SELECT" else target.fill(value)
    form.locator("button.primary").click()
    visitor.page.wait_for_load_state()


def from_application_to_target(visit: Visit, size: tuple[int, int], stipend: str) -> Internship:
    """A resident applies, the clerk recommends, the unit accepts, agrees, begins and pays a month; one intern counts."""
    post = make_post()
    resident, clerk, employer = someone(Role.RESIDENT), someone(Role.CLERK), unit_user(post.base.unit)
    make_person(user=resident)

    phone = visit(NARROW)
    phone.sign_in(resident)
    page = phone.go("/internships/near/")
    looks_right(phone)
    page.click("a:has-text('想去这里')")
    page.fill("#id_wish_graduated_on", "2022-06-30")
    page.fill("#id_wish_start_on", "2022-07-01")
    page.fill("#id_wish_months", "6")
    page.select_option("#id_wish_group", "graduate")
    looks_right(phone)
    page.click("button:has-text('交上申请')")
    expect(page.locator("main")).to_contain_text("符合条件")

    application = InternApplication.objects.get()
    desk = visit(size)
    desk.sign_in(clerk)
    desk.go(f"/internships/applications/{application.pk}/")
    looks_right(desk)
    act(desk, "recommend", post=str(post.pk))

    bench = visit(size)
    bench.sign_in(employer)
    bench.go(f"/internships/applications/{application.pk}/")
    act(bench, "accept")
    act(bench, "agree", start_on="2022-07-01", end_on="2022-12-31", agreement_on="2022-07-01")
    internship = Internship.objects.get()
    bench.go(f"/internships/{internship.pk}/")
    act(bench, "begin")
    act(bench, "month", month="2022-07-10", attended_days="21", stipend_fen=stipend)
    looks_right(bench)
    assert figure_of(current_plan(), "interns", date(2022, 12, 31), "").counted == 1
    return internship


@pytest.mark.clause("2.2-interns", "3.2.2-apply")
def test_resident_applies_on_the_phone_is_accepted_and_counted_and_a_low_stipend_is_told(visit: Visit) -> None:
    internship = from_application_to_target(visit, NARROW, stipend="1900")
    clerk = visit(NARROW)
    clerk.sign_in(someone(Role.CLERK))
    expect(clerk.go(f"/internships/{internship.pk}/").locator("main")).to_contain_text("低于方案的")


@pytest.mark.clause("2.2-interns", "3.2.3-guidance")
def test_internship_goes_from_the_application_to_the_target_and_to_the_money(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Settings
) -> None:
    settings.VAR_DIR = tmp_path
    internship = from_application_to_target(visit, WIDE, stipend="2100")
    claimed_and_paid(visit, Clock(monkeypatch), tmp_path, internship.unit, "internship-guidance")
