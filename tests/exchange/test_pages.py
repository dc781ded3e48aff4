"""The pages of the roster check: upload, progress, verdicts, evidence, downloads, and whose they are."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now
from pytest_django import DjangoAssertNumQueries

from jiujin.accounts.models import Role, User
from jiujin.core.current_plan import current_plan
from jiujin.exchange.models import RosterCheck
from jiujin.exchange.storage import CheckFiles
from tests.accounts.people import someone
from tests.exchange.uploads import (
    SCHEME,
    THREE_VERDICTS,
    content_of,
    finished_check,
    judged,
    queued_check,
    upload,
    workbook_bytes,
)
from tests.rosters.workbooks import person, stable

pytestmark = pytest.mark.django_db


@pytest.fixture
def me() -> User:
    return someone()


@pytest.fixture
def client(me: User) -> Client:
    found = Client()
    found.force_login(me)
    return found


def page_of(client: Client, name: str, *args: Any, query: str = "", status: int = 200) -> str:
    answer = client.get(reverse(f"rosters:{name}", args=args) + query)
    assert answer.status_code == status
    return answer.content.decode()


def rows_shown(page: str) -> list[str]:
    return re.findall(r'data-row="([^"]*)"', page)


# --- upload ---------------------------------------------------------------------------------------------------------


def send(client: Client, **changes: Any) -> Any:
    form = {"check_id": str(uuid4()), "scheme": SCHEME, "file": upload(), **changes}
    return client.post(reverse("rosters:new"), {key: value for key, value in form.items() if value is not None})


def test_upload_starts_a_check_and_leads_to_its_page(client: Client, me: User) -> None:
    answer = send(client)
    check = RosterCheck.objects.get()
    assert (answer.status_code, answer.headers["location"]) == (302, f"/rosters/{check.id}/")
    assert (check.owner, check.scheme, check.state, len(check.file_sm3)) == (me, SCHEME, "queued", 64)


def test_upload_by_htmx_is_led_on_by_its_header(client: Client) -> None:
    form = {"check_id": str(uuid4()), "scheme": SCHEME, "file": upload()}
    answer = client.post(reverse("rosters:new"), form, headers={"hx-request": "true"})
    assert answer.headers["HX-Redirect"] == f"/rosters/{RosterCheck.objects.get().id}/"


def test_trial_values_and_proof_go_along(client: Client) -> None:
    send(client, param_stable_grant="600", proof="on", param_stable_scope="")
    check = RosterCheck.objects.get()
    assert (check.parameters, check.proof) == ({"stable_grant": "600"}, "declared")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"file": None}, "没有选文件，没有开始核对。"),
        ({"param_stable_grant": "六百"}, "的取值不对"),
        ({"param_stable_grant": "-1"}, "的取值不对"),
        ({"check_id": "not-an-id"}, "没有提交成功"),
    ],
)
def test_upload_that_will_not_do_says_why_and_starts_nothing(
    client: Client, changes: dict[str, Any], words: str
) -> None:
    answer = send(client, **changes)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not RosterCheck.objects.exists()


def test_upload_of_something_else_than_a_table_says_so_beside_the_field(client: Client) -> None:
    answer = send(client, file=upload(b"\x89PNG", "合照.png"))
    assert answer.status_code == 422
    assert "不是能读的表格，没有上传" in answer.content.decode()
    assert not RosterCheck.objects.exists()


def test_form_lists_the_unset_parameters_of_the_chosen_scheme(client: Client) -> None:
    plan = current_plan()
    page = page_of(client, "new", query="?scheme=flexible-employment")
    assert plan.parameters["minimum_wage"].name in page and plan.parameters["flexible_grant"].name in page
    assert plan.parameters["stable_grant"].name not in page
    assert 'value="flexible-employment" selected' in page


def test_every_scheme_has_an_upload_form(client: Client) -> None:
    for scheme_id in current_plan().schemes:
        page_of(client, "new", query=f"?scheme={scheme_id}")
    page_of(client, "new", query="?scheme=no-such-scheme", status=404)


# --- progress -------------------------------------------------------------------------------------------------------


def test_waiting_check_tells_its_place_in_the_queue_and_can_be_left(client: Client, me: User) -> None:
    queued_check(someone())
    check = queued_check(me)
    page = page_of(client, "check", check.id)
    assert "排队等待" in page and "前面还有 1 份" in page and "可以离开这一页" in page
    assert reverse("rosters:progress", args=[check.id]) in page


def test_running_check_tells_stage_count_rate_and_time_left(client: Client, me: User) -> None:
    check = queued_check(me)
    began = now() - timedelta(seconds=10)
    RosterCheck.objects.filter(id=check.id).update(
        state="running", stage="核对单元格", done_count=250_000, total_count=1_000_000, started_at=began, stage_at=began
    )
    page = page_of(client, "progress", check.id)
    assert "核对单元格" in page and "250,000 / 1,000,000" in page
    assert re.search(r"每秒 2\d,\d{3}", page) and re.search(r"约剩 3\d 秒", page)


def test_ended_check_makes_the_progress_page_reload(client: Client, me: User) -> None:
    assert client.get(reverse("rosters:progress", args=[finished_check(me).id])).headers["HX-Refresh"] == "true"


def test_cancel_stops_it_and_again_queues_it(client: Client, me: User) -> None:
    check = queued_check(me)
    client.post(reverse("rosters:cancel", args=[check.id]))
    assert "这次核对已取消" in page_of(client, "check", check.id)
    client.post(reverse("rosters:again", args=[check.id]))
    assert judged(check.id).state == "finished"
    answer = client.post(reverse("rosters:cancel", args=[check.id]), follow=True)
    assert "没有改动" in answer.content.decode()


def test_unreadable_file_shows_the_sentence_and_the_way_on(client: Client, me: User) -> None:
    check = finished_check(me, upload(b"nothing", "名单.xlsx"))
    page = page_of(client, "check", check.id)
    assert check.message in page and "换一份文件" in page and "再核对一次" not in page


# --- verdicts -------------------------------------------------------------------------------------------------------


def test_finished_check_shows_counts_reasons_and_masked_people(client: Client, me: User) -> None:
    page = page_of(client, "check", finished_check(me).id)
    assert "1 行符合，1 行不符合，1 行待补充" in page
    assert "社会保险 5 个月，要求 6 个月以上" in page and "缺：社会保险缴纳月数" in page
    assert "测*甲" in page and "990000********" in page
    assert person(1) not in page and "测试甲" not in page
    assert "补助标准未设定" in page and "待定" in page


def test_verdict_filter_search_and_sort_narrow_the_lines(client: Client, me: User) -> None:
    rows = [
        stable(1, 姓名="甲一"),
        stable(2, 姓名="乙二", 社会保险缴纳月数=5),
        stable(3, 姓名="丙三", 社会保险缴纳月数=None),
    ]
    check_id = finished_check(me, upload(workbook_bytes(rows))).id
    for query, wanted in (
        ("", ["名单:2", "名单:3", "名单:4"]),
        ("?verdict=unmet", ["名单:3"]),
        ("?q=丙三", ["名单:4"]),
        (f"?q={person(2)[-4:].lower()}", ["名单:3"]),
        ("?q=要求 6 个月", ["名单:3"]),
        ("?verdict=met&q=丙三", []),
        ("?sort=-row", ["名单:4", "名单:3", "名单:2"]),
        ("?q=%", []),
        ("?verdict=nonsense", ["名单:2", "名单:3", "名单:4"]),
    ):
        assert rows_shown(page_of(client, "check", check_id, query=query)) == wanted, query


def test_lines_are_paged_and_their_statements_do_not_grow(
    client: Client, me: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    few = finished_check(me)
    many = finished_check(me, upload(workbook_bytes([stable(n) for n in range(1, 121)])))
    for check, shown in ((few, 3), (many, 50)):
        with django_assert_num_queries(6):  # savepoint, read-only, user, check, the same file before, release
            page = page_of(client, "check", check.id)
        assert len(rows_shown(page)) == shown
    last = page_of(client, "check", many.id, query="?page=3")
    assert len(rows_shown(last)) == 20 and "第 101–120 行，共 120 行" in last


def test_roster_without_rows_to_judge_is_told(client: Client, me: User) -> None:
    check = finished_check(me, upload(workbook_bytes([])))
    page = page_of(client, "check", check.id)
    assert check.state == "refused" and check.message in page


def test_lines_of_several_sheets_say_which(client: Client, me: User) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes([stable(1)], "东街")))
    second = book.copy_worksheet(book["东街"])
    second.title = "西街"
    out = io.BytesIO()
    book.save(out)
    page = page_of(client, "check", finished_check(me, upload(out.getvalue())).id)
    assert rows_shown(page) == ["东街:2", "西街:2"]
    assert "<small>东街</small>" in page


def test_same_file_again_is_recognised(client: Client, me: User) -> None:
    content = workbook_bytes(THREE_VERDICTS)
    first = finished_check(me, upload(content))
    page = page_of(client, "check", finished_check(me, upload(content)).id)
    assert "这份文件以前核对过。" in page and reverse("rosters:check", args=[first.id]) in page


def test_trial_is_marked_as_a_trial(client: Client, me: User) -> None:
    page = page_of(client, "check", finished_check(me, parameters={"stable_grant": "600"}).id)
    assert "用了试算值：" in page and "600.00" in page and "只供参考" in page


def test_changed_plan_is_said_and_reasons_stay_those_of_then(client: Client, me: User) -> None:
    check = finished_check(me)
    RosterCheck.objects.filter(id=check.id).update(plan_digest="0" * 64)
    page = page_of(client, "check", check.id)
    assert "方案后来改过。" in page and "社会保险 5 个月，要求 6 个月以上" in page
    panel = page_of(client, "line", check.id, query="?sheet=名单&row=3")
    assert "社会保险 5 个月，要求 6 个月以上" in panel and 'class="conditions"' not in panel


# --- evidence -------------------------------------------------------------------------------------------------------


def test_panel_shows_each_condition_with_answer_value_place_and_clause(client: Client, me: User) -> None:
    check = finished_check(me)
    panel = page_of(client, "line", check.id, query="?sheet=名单&row=3")
    assert "第 3 行" in panel and "测*甲" in panel and "不符合" in panel
    assert "还差 1 个月" in panel
    assert "社会保险缴纳月数 5 个月" in panel and "名单第 3 行 社会保险缴纳月数" in panel
    plan = current_plan()
    assert plan.clauses[plan.schemes[SCHEME].clause].text in panel
    assert person(2) not in panel


def test_way_not_taken_is_folded_away(client: Client, me: User) -> None:
    panel = page_of(client, "line", finished_check(me).id, query="?sheet=名单&row=2")
    taken, _, other = panel.partition("不走的另一种情形")
    assert "签订劳动合同" in taken and "签订劳务协议" not in taken
    assert "签订劳务协议" in other


def test_page_opens_the_line_it_is_asked_for(client: Client, me: User) -> None:
    page = page_of(client, "check", finished_check(me).id, query="?sheet=名单&row=4")
    panel = page[page.index('id="panel"') :]
    assert panel.startswith('id="panel" tabindex="-1" aria-label="这一行的依据" data-open')
    assert "第 4 行" in panel
    assert re.search(r'class="on" data-row="名单:4"', page)


@pytest.mark.parametrize(
    "query", ["", "?row=99", "?sheet=名单&row=-2", "?sheet=别的&row=2", "?sheet=名单&row=9999999999999"]
)
def test_line_that_is_not_there_is_not_found(client: Client, me: User, query: str) -> None:
    page_of(client, "line", finished_check(me).id, query=query, status=404)


def test_bad_cells_are_listed_with_place_cure_and_masked_numbers(client: Client, me: User) -> None:
    wrong = person(1)[:-1] + ("0" if person(1)[-1] != "0" else "1")
    check = finished_check(me, upload(workbook_bytes([stable(1, 身份证号=wrong), stable(2, 开始日期="2022-02-31")])))
    page = page_of(client, "bad-cells", check.id)
    assert check.error_count == 2
    assert "B2" in page and "E3" in page and "2022-02-31" in page
    assert wrong not in page and wrong[-4:] in page
    assert "有 2 个单元格读不懂。" in page_of(client, "check", check.id)
    assert len(rows_shown(page_of(client, "bad-cells", check.id, query="?q=身份证号"))) == 1


# --- downloads --------------------------------------------------------------------------------------------------------


def body(client: Client, name: str, check: RosterCheck) -> bytes:
    answer = client.get(reverse(f"rosters:{name}", args=[check.id]))
    assert answer.status_code == 200 and "attachment" in answer.headers["content-disposition"]
    return content_of(answer)


def test_result_workbook_is_the_person_s_own_with_the_verdicts(client: Client, me: User) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(body(client, "workbook", finished_check(me)))).worksheets[0]
    lines = list(sheet.iter_rows(values_only=True))
    at = lines[0].index("结论")
    assert [line[at] for line in lines[1:]] == ["符合", "不符合", "待补充"]


def test_lines_and_bad_cells_come_as_csv(client: Client, me: User) -> None:
    check = finished_check(me, upload(workbook_bytes([stable(1, 姓名="@cmd"), stable(2, 开始日期="昨天")])))
    lines = body(client, "lines-csv", check).decode("utf-8-sig").splitlines()
    assert len(lines) == 3 and "符合" in lines[1] and ",@cmd" not in lines[1]
    cells = body(client, "bad-cells-csv", check).decode("utf-8-sig").splitlines()
    assert len(cells) == 2 and "E3" in cells[1] and "昨天" in cells[1]


def test_workbook_not_written_yet_is_said_and_not_found(client: Client, me: User) -> None:
    check = finished_check(me)
    RosterCheck.objects.filter(id=check.id).update(workbook_at=None)
    assert "正在写结果工作簿" in page_of(client, "check", check.id)
    page_of(client, "workbook", check.id, status=404)


# --- the list, and whose it is ------------------------------------------------------------------------------------------


def test_list_shows_one_s_own_with_filter_search_sort_and_a_fixed_number_of_statements(
    client: Client, me: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    assert "还没有核对过名单" in page_of(client, "list")
    finished_check(me, upload(name="甲.xlsx"))
    for more in (["乙.xlsx"], ["丙.xlsx", "丁.xlsx"]):
        for name in more:
            queued_check(me, upload(name=name))
        with django_assert_num_queries(7):  # savepoint, read-only, user, counts, total, rows, release
            page_of(client, "list")
    queued_check(someone(), upload(name="别人的.xlsx"))
    page = page_of(client, "list")
    assert "别人的.xlsx" not in page and len(rows_shown(page)) == 4
    assert len(rows_shown(page_of(client, "list", query="?state=finished"))) == 1
    assert len(rows_shown(page_of(client, "list", query="?q=丙"))) == 1
    first = re.search(r"(.)\.xlsx", page_of(client, "list", query="?sort=created").split("<tbody")[1])
    assert first is not None and first[1] == "甲"


def test_another_person_s_check_is_nowhere_to_be_found(client: Client, me: User) -> None:
    theirs = finished_check(someone())
    for name in ("check", "progress", "bad-cells", "workbook", "lines-csv", "bad-cells-csv", "delete"):
        page_of(client, name, theirs.id, status=404)
    page_of(client, "line", theirs.id, query="?sheet=名单&row=2", status=404)
    for name in ("cancel", "again", "delete"):
        assert client.post(reverse(f"rosters:{name}", args=[theirs.id])).status_code == 404
    theirs.refresh_from_db()
    assert theirs.state == "finished" and CheckFiles.of(theirs).workbook.is_file()


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR])
def test_administrators_do_not_see_content(role: Role, me: User) -> None:
    check = finished_check(me)
    administrator = Client()
    administrator.force_login(someone(role))
    for name in ("check", "workbook", "lines-csv"):
        assert administrator.get(reverse(f"rosters:{name}", args=[check.id])).status_code == 403


def test_owner_who_lost_the_room_sees_it_no_more(client: Client, me: User) -> None:
    check = finished_check(me)
    User.objects.filter(pk=me.pk).update(role=Role.ADMINISTRATOR)
    page_of(client, "check", check.id, status=403)


def test_delete_asks_first_and_then_takes_everything(
    client: Client, me: User, django_capture_on_commit_callbacks: Any
) -> None:
    check = finished_check(me)
    assert "不能恢复" in page_of(client, "delete", check.id)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("rosters:delete", args=[check.id]), follow=True)
    assert "已删除“名单.xlsx”的核对和文件。" in answer.content.decode()
    assert not RosterCheck.objects.exists() and not CheckFiles.of(check).folder.exists()
