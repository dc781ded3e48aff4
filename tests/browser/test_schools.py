"""A school and a clerk in a real browser: headings mapped once, the list uploaded, stamped, replied to, and counted."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django import Settings

from jiujin.accounts.models import Role
from jiujin.claims.models import ClaimLine
from jiujin.core.current_plan import current_plan
from jiujin.core.target_figures import figure_of
from jiujin.registry.models import Organisation
from tests.accounts.people import someone
from tests.browser.money import Visit, claimed_and_paid, looks_right
from tests.browser.test_internships import act
from tests.browser.visitor import NARROW, WIDE, Visitor
from tests.funds.fourteen import Clock
from tests.schools.factories import make_intake, school_user
from tests.schools.test_headings import STRANGE, strange_list
from tests.web.desk.worlds import PIXEL

pytestmark = pytest.mark.django_db(transaction=True)
FACTS = {"姓名": "name", "公民身份号码": "id_number", "入学时间": "enrolled_on", "学制": "schooling_years"}


def send_file(visitor: Visitor, name: str, field: str, path: Path) -> None:
    """Send a file by one of the small forms of the page."""
    form = visitor.page.locator(f"details:has(input[value='{name}'])")
    if form.get_attribute("open") is None:
        form.locator("summary").click()
    form.locator(f"#id_{name}_{field}").set_input_files(path)
    form.locator("button.primary").click()
    visitor.page.wait_for_load_state()


def from_headings_to_target(visit: Visit, size: tuple[int, int], folder: Path) -> Organisation:
    """A school maps its headings, uploads and stamps its list; the clerk enters the city's reply; the student counts."""
    intake = make_intake()
    path = strange_list(folder / "名单.xlsx")
    scan = folder / "章.png"
    scan.write_bytes(PIXEL)
    school = visit(size)
    school.sign_in(school_user(intake.school))
    page = school.go(f"/schools/{intake.pk}/")
    looks_right(school)
    send_file(school, "upload", "file", path)
    page.click("a:has-text('去指明')")
    page.set_input_files("#file", path)
    page.click("button:has-text('看有哪些列')")
    page.wait_for_selector("select[aria-label='乙栏']")
    for heading, strange in STRANGE.items():
        page.select_option(f"select[aria-label='{strange}']", FACTS[heading])
    looks_right(school)
    page.click("button:has-text('保存各列的意思')")
    page.wait_for_load_state()
    school.go(f"/schools/{intake.pk}/")
    send_file(school, "upload", "file", path)
    expect(page.locator("main")).to_contain_text("测试学生1")
    looks_right(school)
    send_file(school, "stamp", "scan", scan)
    expect(page.locator("main")).to_contain_text("已盖章上报")

    desk = visit(size)
    desk.sign_in(someone(Role.CLERK))
    desk.go(f"/schools/{intake.pk}/")
    act(desk, "reply", number="六人社1号", replied_on=timezone.localdate().isoformat(), refused="3 已在外省入学")
    expect(desk.page.locator("main")).to_contain_text("核准 1 人")
    looks_right(desk)
    assert figure_of(current_plan(), "school-intake", date(2022, 12, 31), "").counted == 1
    return intake.school


@pytest.mark.clause("2.4-intake", "3.4.3-list", "3.4.3-review")
def test_list_is_mapped_uploaded_stamped_and_counted_on_a_narrow_screen(visit: Visit, tmp_path: Path) -> None:
    from_headings_to_target(visit, NARROW, tmp_path)


@pytest.mark.clause("2.4-intake", "3.4.3-payment")
def test_list_goes_from_its_headings_to_the_target_and_to_the_city_s_money(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Settings
) -> None:
    settings.VAR_DIR = tmp_path
    school = from_headings_to_target(visit, WIDE, tmp_path)
    claimed_and_paid(visit, Clock(monkeypatch), tmp_path, school, "technical-school-training")
    assert ClaimLine.objects.count() == 1, "whom the city refused is not claimed"
