"""A clerk's morning in a real browser: sign in, read the plan, check a roster, look into a row, take the result home."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import openpyxl
import pytest
from playwright.sync_api import expect

from jiujin.accounts.models import Role
from jiujin.exchange.services.judge_check import judge_check
from tests.accounts.people import someone
from tests.browser.visitor import NARROW, WIDE, Visitor
from tests.exchange.uploads import finished_check, queued_check, upload, workbook_bytes
from tests.rosters.workbooks import stable

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = [
    stable(n, 姓名=f"测试{name}", 社会保险缴纳月数=months)
    for n, (name, months) in enumerate((("甲", 6), ("乙", 5), ("丙", None)), 1)
]


def id_in(url: str) -> UUID:
    return UUID(url.rstrip("/").rsplit("/", 1)[1])


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_roster_is_uploaded_judged_looked_into_filtered_and_taken_home(
    visit: Callable[..., Visitor], tmp_path: Path, size: tuple[int, int]
) -> None:
    visitor = visit(size)
    page = visitor.page
    visitor.sign_in(someone(Role.CLERK))

    visitor.go("/plan/schemes/")
    page.click("text=稳定就业服务补助")
    page.wait_for_selector("text=判断条件")
    page.click("main >> text=核对名单")
    page.wait_for_selector("#id_scheme")
    assert page.input_value("#id_scheme") == "stable-employment"

    roster = tmp_path / "第三季度.xlsx"
    roster.write_bytes(workbook_bytes(ROWS))
    page.set_input_files("#id_file", roster)
    page.wait_for_selector("text=已选好")
    page.click("button[type=submit]")
    page.wait_for_selector("#progress")
    judge_check(check_id=id_in(page.url))

    page.wait_for_selector("#lines")
    assert page.locator("[data-row]").count() == 3
    assert page.locator(".figures dd").all_inner_texts() == ["1", "1", "1", "待定"]

    page.locator("[data-row]").nth(1).click()
    page.wait_for_selector("#panel h2:has-text('第 3 行')")
    assert "社会保险还差 1 个月" in page.inner_text("#panel")
    assert page.locator("#panel").is_visible()
    if size == NARROW:
        page.click("[data-panel-close]")
        page.wait_for_selector("#panel", state="hidden")

    page.click(".tabs >> text=不符合")
    page.wait_for_url("**verdict=unmet")
    expect(page.locator("[data-row]")).to_have_count(1)
    assert "测*乙" in page.inner_text("[data-row]")

    with page.expect_download() as download:
        page.click("text=下载结果")
    result = tmp_path / "result.xlsx"
    download.value.save_as(result)
    sheet = openpyxl.load_workbook(result).worksheets[0]
    lines = list(sheet.iter_rows(values_only=True))
    assert [line[lines[0].index("结论")] for line in lines[1:]] == ["符合", "不符合", "待补充"]
    assert "第三季度" in download.value.suggested_filename


def test_scheme_chosen_on_the_page_changes_what_is_asked_and_what_it_rests_on(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    visitor.sign_in(someone())
    page = visitor.go("/rosters/new/?scheme=stable-employment")
    page.select_option("#id_scheme", "flexible-employment")
    page.wait_for_selector("#upload-basis h2:has-text('灵活就业服务补助')")
    page.click("#upload-scheme summary")
    page.wait_for_selector("#id_param_minimum_wage", state="visible")


def test_wrong_trial_value_is_told_beside_its_field_and_the_summary_leads_there(
    visit: Callable[..., Visitor], tmp_path: Path
) -> None:
    visitor = visit()
    visitor.sign_in(someone())
    page = visitor.go("/rosters/new/?scheme=stable-employment")
    roster = tmp_path / "a.xlsx"
    roster.write_bytes(workbook_bytes(ROWS))
    page.set_input_files("#id_file", roster)
    page.click("#upload-scheme summary")
    page.fill("#id_param_stable_grant", "六百")
    page.click("button[type=submit]")
    page.wait_for_selector(".error-summary a[href='#id_param_stable_grant']")
    assert "取值不对" in page.inner_text("#id_param_stable_grant_error")


def test_file_over_the_bound_is_told_before_it_is_sent(visit: Callable[..., Visitor], tmp_path: Path) -> None:
    visitor = visit()
    visitor.sign_in(someone())
    page = visitor.go("/rosters/new/")
    page.evaluate("document.querySelector('[data-drop]').dataset.maxBytes = '10'")
    roster = tmp_path / "a.xlsx"
    roster.write_bytes(workbook_bytes(ROWS))
    page.set_input_files("#id_file", roster)
    page.wait_for_selector("text=文件太大")
    assert page.is_disabled("button[type=submit]")


def test_keys_walk_the_rows_and_the_panel_follows(visit: Callable[..., Visitor]) -> None:
    me = someone()
    check = finished_check_for(visit, me)
    visitor = visit()
    visitor.sign_in(me)
    page = visitor.go(f"/rosters/{check}/")
    page.keyboard.press("j")
    page.wait_for_selector("#panel h2:has-text('第 3 行')")
    page.keyboard.press("j")
    page.wait_for_selector("#panel h2:has-text('第 4 行')")
    page.keyboard.press("k")
    page.wait_for_selector("#panel h2:has-text('第 3 行')")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("测试丙")
    page.keyboard.press("Enter")
    expect(page.locator("[data-row]")).to_have_count(1)
    assert "测*丙" in page.inner_text("[data-row]")


def test_question_mark_shows_the_keys_and_they_can_be_switched_off(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    visitor.sign_in(someone())
    page = visitor.go("/plan/parameters/")
    page.keyboard.press("?")
    page.wait_for_selector("#keys-help", state="visible")
    assert visitor.violations() == []
    page.uncheck("[data-keys-on]")
    page.click("#keys-help button")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") != "q"
    page.click("[data-help-open]")
    page.check("[data-keys-on]")
    page.click("#keys-help button")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"


def test_enter_opens_the_row_reached_by_keys(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    visitor.sign_in(someone())
    page = visitor.go("/plan/schemes/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/plan/schemes/*/")


def test_check_can_be_left_cancelled_and_asked_for_again(visit: Callable[..., Visitor]) -> None:
    me = someone()
    visitor = visit()
    visitor.sign_in(me)
    check = queued_check(me)
    page = visitor.go(f"/rosters/{check.id}/")
    page.wait_for_selector("text=可以离开这一页")
    visitor.go("/rosters/")
    page.click("[data-row] .row-link")
    page.click("text=取消")
    page.wait_for_selector("text=这次核对已取消")
    page.click("button:has-text('再核对一次')")
    page.wait_for_selector("#progress")
    judge_check(check_id=check.id)
    page.wait_for_selector("#lines")
    page.click("text=删除")
    page.click("form.card button.primary")
    page.wait_for_selector("text=还没有核对过名单")


def test_everything_works_without_scripts(visit: Callable[..., Visitor], tmp_path: Path) -> None:
    visitor = visit(scripts=False)
    page = visitor.page
    visitor.sign_in(someone())
    visitor.go("/rosters/new/?scheme=stable-employment")
    roster = tmp_path / "a.xlsx"
    roster.write_bytes(workbook_bytes(ROWS))
    page.set_input_files("#id_file", roster)
    page.click("button[type=submit]")
    page.wait_for_url("**/rosters/*-*/")
    judge_check(check_id=id_in(page.url))
    page.wait_for_selector("#lines")
    page.click("[data-row] >> nth=1 >> .row-link")
    page.wait_for_selector("#panel h2:has-text('第 3 行')")
    page.click(".tabs >> text=待补充")
    page.wait_for_url("**verdict=unknown**")
    assert page.locator("[data-row]").count() == 1


def finished_check_for(visit: Callable[..., Visitor], me: object) -> UUID:
    """A check of ROWS with its verdicts (`visit` has set where uploads go)."""
    return finished_check(me, upload(workbook_bytes(ROWS))).id  # type: ignore[arg-type]
