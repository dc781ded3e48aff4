"""An employer in a real browser: post, see the check, answer an applicant, hire; and a reviewer by the keys."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from jiujin.accounts.models import Role
from jiujin.core.current_plan import current_plan
from jiujin.work.models import Application, Vacancy
from tests.accounts.people import someone
from tests.browser.visitor import NARROW, WIDE, Visitor
from tests.web.hiring.test_bulk import row, workbook
from tests.web.hiring.worlds import a_seeker, an_employer, an_occupation, open_vacancy
from tests.work.factories import make_application, make_vacancy

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])


@pytest.fixture(autouse=True, scope="module")
def plan_is_read() -> None:
    """What is read once a process is not waited for by a browser."""
    current_plan()


def looks_right(visitor: Visitor) -> None:
    assert visitor.violations() == [], visitor.page.url
    assert not visitor.is_wider_than_the_window(), visitor.page.url


@SIZES
def test_vacancy_is_posted_mended_and_an_applicant_hired(visit: Callable[..., Visitor], size: tuple[int, int]) -> None:
    user, _organisation, _place = an_employer()
    an_occupation()
    visitor = visit(size)
    page = visitor.page
    visitor.sign_in(user)
    looks_right(visitor)
    page.click("main >> text=发布岗位")
    page.wait_for_selector("#id_title")
    looks_right(visitor)

    page.fill("#id_title", "收银员 限女性")
    page.fill("#id_wage_min", "三千")
    page.locator("#id_occupation_words").press_sequentially("收银")
    page.click("#occupation-choices >> text=收银员")
    page.click("button:has-text('看居民会看到什么')")
    page.wait_for_selector(".error-summary a[href='#id_wage_min']")
    assert page.input_value("#id_title") == "收银员 限女性"
    assert page.is_checked("#occupation-choices input")
    looks_right(visitor)

    page.fill("#id_wage_min", "3000")
    page.click("button:has-text('看居民会看到什么')")
    page.wait_for_selector("mark:has-text('限女性')")
    looks_right(visitor)
    page.click(".page-head >> text=修改")
    page.fill("#id_title", "收银员")
    page.click("button:has-text('直接检查并发布')")
    page.wait_for_selector("h1:has-text('收银员')")
    vacancy = Vacancy.objects.get()
    assert (vacancy.state, vacancy.occupation_id) in (("open", "4010205"), ("in_review", "4010205"))

    Vacancy.objects.filter(pk=vacancy.pk).update(state="open", published_at=timezone.now())
    make_application(vacancy, person=a_seeker(name="张小兰", phone="13800001234"), distance_m=450)
    visitor.go("/")
    page.click("main >> text=张小兰")
    looks_right(visitor)
    page.click("button:has-text('约见面')")
    page.wait_for_selector("text=138****1234")
    page.click("button:has-text('显示完整号码')")
    page.wait_for_selector("text=13800001234")
    looks_right(visitor)
    page.check("#id_open_ended")
    page.click("form >> button:has-text('录用') >> nth=0")
    page.wait_for_selector(".chip:has-text('已录用')")
    assert Application.objects.get().state == "hired"
    vacancy.refresh_from_db()
    assert vacancy.state == "filled"


@SIZES
def test_pages_of_an_employer(visit: Callable[..., Visitor], size: tuple[int, int]) -> None:
    user, _organisation, place = an_employer()
    vacancy = open_vacancy(place, skills=["收银"], schooling_min=3)
    a_seeker(name="张小兰", wish={"skills": ["收银"], "schooling": 2})
    make_application(vacancy)
    visitor = visit(size)
    visitor.sign_in(user)
    for address in (
        "/hiring/vacancies/",
        f"/hiring/vacancies/{vacancy.pk}/",
        f"/hiring/vacancies/{vacancy.pk}/edit/",
        f"/hiring/vacancies/{vacancy.pk}/candidates/",
        "/hiring/applications/",
        "/hiring/bulk/",
        "/hiring/organisation/",
        f"/hiring/organisation/workplaces/{place.pk}/",
        "/hiring/organisation/workplaces/new/",
    ):
        visitor.go(address)
        looks_right(visitor)


def test_point_picked_on_the_map_is_where_the_place_is(visit: Callable[..., Visitor]) -> None:
    user, _organisation, place = an_employer()
    visitor = visit()
    visitor.sign_in(user)
    page = visitor.go(f"/hiring/organisation/workplaces/{place.pk}/")
    before = float(page.input_value("[name=lat]"))
    page.wait_for_selector("#map .map-mark")
    page.click("#map", position={"x": 200, "y": 100})
    expect(page.locator("[name=lat]")).not_to_have_value(str(before))
    page.wait_for_selector("[data-locate-says]", state="visible")


@SIZES
def test_workbook_is_previewed_and_confirmed(
    visit: Callable[..., Visitor], tmp_path: Path, size: tuple[int, int]
) -> None:
    user, _organisation, _place = an_employer()
    visitor = visit(size)
    visitor.sign_in(user)
    page = visitor.go("/hiring/bulk/")
    book = tmp_path / "岗位.xlsx"
    book.write_bytes(workbook(row(), row(岗位名称="门卫", 招聘人数=0)).read())
    page.set_input_files("#id_file", book)
    page.wait_for_selector("text=已选好")
    page.click("button[type=submit]")
    page.wait_for_selector("h2:has-text('要改的格')")
    looks_right(visitor)
    assert not Vacancy.objects.exists()
    page.click("text=确认，建这 1 个岗位")
    page.wait_for_selector("text=新建 1 个岗位")
    assert Vacancy.objects.get().title == "收银员"


def test_reviewer_walks_the_queue_by_keys_and_decides(visit: Callable[..., Visitor]) -> None:
    _user, _organisation, place = an_employer()
    finding = {
        "code": "x",
        "severity": "review",
        "text": "写有“形象好”：请核对。",
        "clause": "《就业促进法》",
        "words": ["形象好"],
    }
    for number, title in enumerate(("前台", "文员")):
        vacancy = make_vacancy(
            "in_review",
            place,
            title=title,
            description="形象好",
            findings=[finding],
            open_until=timezone.localdate() + timedelta(days=30),
        )
        at = timezone.now() - timedelta(days=2 - number)
        Vacancy.objects.filter(pk=vacancy.pk).update(changed_at=at)
    visitor = visit()
    visitor.sign_in(someone(Role.REVIEWER))
    page = visitor.go("/hiring/review/")
    looks_right(visitor)
    page.keyboard.press("j")
    page.wait_for_selector("#panel h2:has-text('文员')")
    page.keyboard.press("k")
    page.wait_for_selector("#panel h2:has-text('前台')")
    page.wait_for_selector("#panel mark:has-text('形象好')")
    page.click("#panel >> text=通过并发布")
    page.wait_for_selector("text=已通过并发布")
    assert Vacancy.objects.get(title="前台").state == "open"
    page.click("#panel button:has-text('不通过')")
    page.wait_for_selector("text=不通过要写明原因")
    looks_right(visitor)
    page.fill("#id_because", "请删去“形象好”")
    page.click("main button:has-text('不通过')")
    page.wait_for_selector("text=没有待审核的岗位")
    assert Vacancy.objects.get(title="文员").refused_because == "请删去“形象好”"


@SIZES
def test_pages_of_a_reviewer(visit: Callable[..., Visitor], size: tuple[int, int]) -> None:
    _user, _organisation, place = an_employer()
    vacancy = make_vacancy("in_review", place, open_until=timezone.localdate())
    visitor = visit(size)
    visitor.sign_in(someone(Role.CLERK))
    for address in ("/hiring/review/", f"/hiring/review/{vacancy.pk}/", "/hiring/review/all/?state=open"):
        visitor.go(address)
        looks_right(visitor)
