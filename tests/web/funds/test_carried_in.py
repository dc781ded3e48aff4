"""The pages of what was paid before: a look, then in; the result with its totals; out again; the template to fill in."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from jiujin.accounts.models import Role
from jiujin.claims.models import Claim
from jiujin.claims.services.carry_in import paid_columns
from jiujin.core.plan_in_force import plan_in_force
from tests.accounts.people import someone
from tests.claims.test_rosters_of_lines import NEW, OTHER, SCHEME
from tests.exchange.uploads import content_of
from tests.funds.factories import balances
from tests.funds.test_carried_in import EACH_FEN, base, book_of, purse, two
from tests.web.funds.worlds import finance, signed_in

pytestmark = pytest.mark.django_db
PAGE = "/funds/carried-in/"


@pytest.fixture(autouse=True)
def var(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = settings.MEDIA_ROOT = tmp_path / "var"


def look(client: Client, path: Path, payee: str, total: str = "12,000.00", **given: Any) -> Any:
    """The workbook looked at through the page."""
    form = client.get(PAGE + "new/").context["form"]
    upload = SimpleUploadedFile("以前付的.xlsx", path.read_bytes())
    usual = {"request_id": str(form.initial["request_id"]), "scheme": SCHEME, "organisation": payee, "total": total}
    return client.post(PAGE + "new/", usual | {"file": upload, "look": "1"} | given)


def take(client: Client, looked: Any) -> Any:
    """What was looked at, taken as the page's own form sends it."""
    held = looked.context
    kept = {name: held["form"].data[name] for name in ("request_id", "scheme", "organisation", "total")}
    kept |= {"waiting": held["waiting"], "file_name": held["file_name"], "take": "1"}
    return client.post(PAGE + "new/", kept, follow=True)


def test_without_any_the_page_says_what_it_is_for() -> None:
    page = finance().get(PAGE).content.decode()
    assert "还没有带入过" in page and PAGE + "new/" in page
    reading = signed_in(someone(Role.SUPERVISOR)).get(PAGE).content.decode()
    assert PAGE + "new/" not in reading


def test_a_look_shows_people_lines_totals_and_budget_and_changes_nothing(tmp_path: Path) -> None:
    held, payee = purse(), base()
    page = look(finance(), two(tmp_path), payee.name, "12,100.00").content.decode()
    assert "12,000.00" in page and "12,100.00" in page and "-100.00" in page
    assert "和财务账上的合计不一致" in page and "48,000.00" in page
    assert not Claim.objects.exists() and balances(held)["budget"] == 10 * EACH_FEN


def test_what_was_looked_at_comes_in_and_its_page_agrees_with_the_book(tmp_path: Path) -> None:
    held, payee, client = purse(), base(), finance()
    looked = look(client, two(tmp_path), payee.name)
    page = take(client, looked).content.decode()
    claim = Claim.objects.get()
    assert "已带入 2 人次，记入账" in page and "已对账" in page and claim.number in page
    assert balances(held)["paid"] == 2 * EACH_FEN
    again = take(client, looked).content.decode()
    assert "看过的文件已不在" in again and Claim.objects.count() == 1
    assert claim.number in client.get(PAGE).content.decode()
    assert content_of(client.post(f"{PAGE}{claim.pk}/roster/"))[:2] == b"PK"


def test_a_budget_that_is_lacking_is_said_before(tmp_path: Path) -> None:
    looked = look(finance(), two(tmp_path), base().name)
    page = looked.content.decode()
    assert "记不了账，不能带入" in page and 'name="take"' not in page
    assert take(finance(), looked).status_code == 422 and not Claim.objects.exists()


def test_wrong_cells_and_what_is_over_the_limit_are_listed(tmp_path: Path) -> None:
    purse()
    path = book_of(tmp_path, ("甲", NEW, 6000, None), ("乙", OTHER, 6000, date(2022, 9, 1)))
    page = look(finance(), path, base().name).content.decode()
    assert "没有填，这一行没有带入" in page and "1 格有问题" in page


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"organisation": "没有这家"}, "没有找到这个单位"),
        ({"organisation": ""}, "必填"),
        ({"total": "很多"}, "金额"),
        ({"file": SimpleUploadedFile("a.txt", b"x")}, "不是能读的表格"),
        ({"file": ""}, "必填"),
    ],
)
def test_what_cannot_be_looked_at_is_said_in_words(given: dict[str, Any], words: str, tmp_path: Path) -> None:
    answer = look(finance(), two(tmp_path), base().name, **given)
    assert answer.status_code == 422 and words in answer.content.decode()


def test_what_came_in_by_mistake_is_taken_out_with_a_reason(tmp_path: Path) -> None:
    held, client = purse(), finance()
    take(client, look(client, two(tmp_path), base().name))
    claim = Claim.objects.get()
    assert "请写明" in client.post(f"{PAGE}{claim.pk}/take-out/", {"reason": " "}, follow=True).content.decode()
    assert balances(held)["paid"] == 2 * EACH_FEN
    page = client.post(f"{PAGE}{claim.pk}/take-out/", {"reason": "拿错了"}, follow=True).content.decode()
    assert "已撤销带入" in page and "这一份已经撤销" in page and "撤销带入</button>" not in page
    assert balances(held) == {"budget": 10 * EACH_FEN, "funding": -10 * EACH_FEN}


def test_the_template_has_the_schemes_columns_with_amount_and_day() -> None:
    answer = finance().get(f"{PAGE}templates/{SCHEME}/")
    sheet = openpyxl.load_workbook(BytesIO(content_of(answer))).worksheets[0]
    said = {str(cell.value) for line in sheet.iter_rows(max_row=6) for cell in line if cell.value}
    plan = plan_in_force()
    for column in paid_columns(plan, plan.scheme(SCHEME)):
        assert any(word.startswith(column.label) for word in said), column.label
    assert finance().get(f"{PAGE}templates/none/").status_code == 404


@pytest.mark.parametrize("role", [Role.CLERK, Role.REVIEWER, Role.LEADER, Role.TOWNSHIP])
def test_who_may_read_may_not_bring_in_or_take_out(role: Role, tmp_path: Path) -> None:
    purse()
    client = finance()
    take(client, look(client, two(tmp_path), base().name))
    claim, other = Claim.objects.get(), signed_in(someone(role))
    assert other.get(f"{PAGE}{claim.pk}/").status_code == 200
    assert other.get(PAGE + "new/").status_code == 403
    assert other.post(f"{PAGE}{claim.pk}/take-out/", {"reason": "x"}).status_code == 403
