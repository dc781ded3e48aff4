"""Many vacancies from a workbook: preview first, faults by cell, once and not twice."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from jiujin.sheets import SheetUnreadable
from jiujin.web.hiring import bulk_rows
from jiujin.web.hiring.bulk_rows import read_sheet, write_empty_sheet
from jiujin.work.models import Vacancy
from tests.registry.factories import make_organisation
from tests.web.hiring.worlds import a_place, an_employer, an_occupation, browser_of

pytestmark = pytest.mark.django_db


def row(**given: Any) -> dict[str, Any]:
    usual = {
        "岗位名称": "收银员",
        "工作地点": "城北门店",
        "用工形式": "劳动合同",
        "招聘人数": 2,
        "工资下限": 3000,
        "工资上限": 4000,
        "截止日期": (timezone.localdate() + timedelta(days=30)).isoformat(),
    }
    return usual | given


def workbook(*rows: dict[str, Any], name: str = "岗位.xlsx") -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    sheet = book.active
    headings = list(dict.fromkeys(key for one in rows for key in one)) or ["岗位名称", "工作地点"]
    sheet.append(headings)
    for one in rows:
        sheet.append([one.get(key) for key in headings])
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile(name, out.getvalue())


def preview(client: Any, *rows: dict[str, Any]) -> str:
    return client.post("/hiring/bulk/", {"file": workbook(*rows)}).content.decode()  # type: ignore[no-any-return]


def confirm(client: Any, page: str) -> str:
    ticket = re.search(r'name="ticket" value="([^"]+)"', page)
    assert ticket is not None
    return client.post("/hiring/bulk/confirm/", {"ticket": ticket[1]}, follow=True).content.decode()  # type: ignore[no-any-return]


@pytest.mark.clause("3.3.2-collect")
def test_preview_writes_nothing_and_the_confirmation_posts_each_row() -> None:
    user, organisation, _place = an_employer()
    client = browser_of(user)
    an_occupation()
    page = preview(
        client, row(职业="收银员", 技能="收银、微笑", 每周工时="40小时"), row(岗位名称="理货员", 班次="夜班")
    )
    assert not Vacancy.objects.exists()
    said = confirm(client, page)
    assert "新建 2 个岗位" in said
    cashier = Vacancy.objects.get(title="收银员")
    assert (cashier.employer, cashier.wage_min_fen, cashier.skills) == (organisation, 300_000, ["收银", "微笑"])
    assert (cashier.occupation_id, cashier.hours_a_week) == ("4010205", 40)
    assert {vacancy.state for vacancy in Vacancy.objects.all()} <= {"open", "in_review"}
    assert Vacancy.objects.get(title="理货员").shift == "night"


def test_same_file_twice_creates_nothing_twice() -> None:
    user, _organisation, _place = an_employer()
    client = browser_of(user)
    rows = [row(), row(), row(岗位名称="保洁员", 编号="A-1")]
    page = preview(client, *rows)
    confirm(client, page)
    assert Vacancy.objects.count() == 3
    again = confirm(client, page)  # the same preview, pressed twice
    assert "3 行以前建过" in again
    second = preview(client, *rows)
    assert 'name="ticket"' not in second and "以前都建过" in second
    changed = preview(client, *rows[:2], row(岗位名称="保洁员（新）", 编号="A-1"), row(岗位名称="门卫"))
    confirm(client, changed)
    assert sorted(Vacancy.objects.values_list("title", flat=True)) == ["保洁员", "收银员", "收银员", "门卫"]


def test_every_fault_is_told_by_its_cell_and_good_rows_go_on() -> None:
    user, _organisation, _place = an_employer()
    client = browser_of(user)
    bad = [
        row(招聘人数=0), row(招聘人数="许多"), row(工资下限="面议"), row(工资下限=4000, 工资上限=3000),
        row(截止日期="2020-01-01"), row(截止日期="哪天"), row(岗位名称=None), row(工作地点="别家的店"),
        row(用工形式="打零工"), row(岗位名称="长" * 81), row(每周工时="很多"), row(联系电话="一二三四五"),
        row(职业="不存在的职业"), row(截止日期=None),
    ]  # fmt: skip
    page = preview(client, *bad, row(岗位名称="好的一行"))
    told = re.findall(r'<td role="cell" class="k-short">([A-Z]+\d+)</td>', page)
    assert {int(re.sub(r"\D", "", cell)) for cell in told} == set(range(2, len(bad) + 2))
    assert "好的一行" in page
    confirm(client, page)
    assert list(Vacancy.objects.values_list("title", flat=True)) == ["好的一行"]


def test_script_in_every_cell_stays_text() -> None:
    user, _organisation, _place = an_employer()
    client = browser_of(user)
    script = "<script>alert(1)</script>"
    page = preview(client, row(岗位名称=script, 岗位说明=script, 技能=script, 联系人=script), row(招聘人数=script))
    assert script not in page and "&lt;script&gt;" in page
    confirm(client, page)
    assert Vacancy.objects.get().title == script


def test_wording_that_may_not_be_is_refused_by_the_check() -> None:
    user, _organisation, _place = an_employer()
    client = browser_of(user)
    said = confirm(client, preview(client, row(岗位说明="限女性")))
    assert "1 个没有通过检查" in said
    assert Vacancy.objects.get().state == "refused"


@pytest.mark.parametrize(
    ("upload", "said"),
    [
        (SimpleUploadedFile("a.exe", b"x"), "只读 .xlsx、.xls、.csv"),
        (SimpleUploadedFile("a.xlsx", b""), ""),
        (SimpleUploadedFile("a.xlsx", b"not a workbook"), ""),
        (SimpleUploadedFile("a.csv", "姓名,年龄\n张三,20\n".encode()), "没有"),
    ],
)
def test_file_that_is_no_such_workbook_is_told(upload: SimpleUploadedFile, said: str) -> None:
    user, _organisation, _place = an_employer()
    answer = browser_of(user).post("/hiring/bulk/", {"file": upload})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_file_error"' in page and said in page
    assert "人员" not in page.split('id="id_file_error"')[1][:300]


def test_too_many_rows_and_too_large_a_file_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    _user, organisation, _place = an_employer()
    monkeypatch.setattr(bulk_rows, "ROWS_MAX", 1)
    with pytest.raises(SheetUnreadable, match="一次最多 1 行，这份有 2 行"):
        read_sheet(organisation, workbook(row(), row()), timezone.localdate())
    monkeypatch.setattr(bulk_rows, "FILE_BYTES_MAX", 10)
    with pytest.raises(SheetUnreadable, match="MiB"):
        read_sheet(organisation, workbook(row()), timezone.localdate())


def test_ticket_of_another_organisation_or_made_up_posts_nothing() -> None:
    user, _organisation, _place = an_employer()
    other_user, _other, _ = an_employer()
    page = preview(browser_of(user), row())
    ticket = re.search(r'name="ticket" value="([^"]+)"', page)
    assert ticket is not None
    for who, given in ((other_user, ticket[1]), (user, ticket[1] + "x"), (user, "")):
        said = browser_of(who).post("/hiring/bulk/confirm/", {"ticket": given}, follow=True).content.decode()
        assert "没有建岗位" in said
    assert not Vacancy.objects.exists()


def test_template_names_the_organisations_own_places(tmp_path: Path) -> None:
    user, organisation, _place = an_employer()
    a_place(make_organisation(), "别家的店")
    out = tmp_path / "t.xlsx"
    write_empty_sheet(organisation, out)
    book = openpyxl.load_workbook(out)
    lists = [rule.formula1 for rule in book.worksheets[0].data_validations.dataValidation if rule.type == "list"]
    assert any("城北门店" in str(formula) for formula in lists)
    assert not any("别家的店" in str(formula) for formula in lists)
    answer = browser_of(user).get("/hiring/bulk/template.xlsx")
    assert b"".join(answer.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
