"""A payment through the pages: scheduled, put in a batch, released by two others, sent, answered, reconciled, in the ledger."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django import Settings

from jiujin.accounts.models import Role
from jiujin.claims.models import ClaimLine
from jiujin.core.models import Event
from jiujin.funds.models import Balance, PaymentBatch, PaymentItem
from tests.accounts.people import someone
from tests.funds.factories import LINE_FEN, answer, approved, granted, noticed, operator, paid, scheduled, sent
from tests.funds.test_recoveries_wanted import corrected
from tests.registry.factories import make_organisation
from tests.web.funds.worlds import finance, signed_in

pytestmark = pytest.mark.django_db
STATEMENTS_MAX = 10


@pytest.fixture(autouse=True)
def var(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


def text(answer_: Any) -> str:
    return str(answer_.content.decode())


def request_id(page: Any) -> str:
    found = re.search(r'name="request_id" value="([^"]+)"', text(page))
    assert found
    return found[1]


def upload(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("回盘.csv", content)


def balance(stage: str) -> int:
    return sum(Balance.objects.filter(stage=stage).order_by("pk").values_list("amount_fen", flat=True))


def take(client: Client, batch: PaymentBatch, content: bytes) -> Any:
    """Look at a return, then take it."""
    address = reverse("funds:return", args=[batch.pk])
    looked = text(client.post(address, {"file": upload(content)}))
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', looked)
    assert digest, looked
    return looked, client.post(address, {"take": "1", "digest": digest[1]}, follow=True)


def test_lines_go_from_approved_to_reconciled_by_the_pages() -> None:
    granted(10 * LINE_FEN)
    lines = approved(noticed(3))
    ids = [line.pk for line in lines]
    makes, first, second = finance(), finance(), finance()
    page = makes.get(reverse("funds:lines"))
    assert text(page).count('class="tick"') == 3
    done = makes.post(reverse("funds:send-on"), {"line": ids, "stage": ""}, follow=True)
    assert "已排入拨付：3 笔" in text(done)
    page = makes.get(reverse("funds:lines"), {"stage": "scheduled"})
    given = {"line": ids, "stage": "scheduled", "batch": "1", "layout": "bank-csv", "request_id": request_id(page)}
    made = makes.post(reverse("funds:send-on"), given, follow=True)
    makes.post(reverse("funds:send-on"), given)
    batch = PaymentBatch.objects.get()  # asked twice is once
    assert batch.number in text(made) and "要由另一个人来放行" in text(made)
    step = reverse("funds:batch-step", args=[batch.pk])
    assert "另一个人来办" in text(makes.post(step, {"step": "release"}, follow=True))
    assert "已放行" in text(first.post(step, {"step": "release"}, follow=True))
    assert "另一个人来办" in text(first.post(step, {"step": "release"}, follow=True))
    assert balance("in_transit") == 0
    assert "已放行" in text(second.post(step, {"step": "release"}, follow=True))
    assert balance("in_transit") == 3 * LINE_FEN
    file = second.get(reverse("funds:batch-file", args=[batch.pk]))
    assert "attachment" in file.headers["content-disposition"] and b"3000.00" in file.content
    assert "已记为送出" in text(second.post(step, {"step": "send"}, follow=True))

    batch.refresh_from_db()
    looked, taken = take(first, batch, answer(batch, {2: "账号不存在"}))
    assert "账号不存在" in looked
    assert "已导入：到账 2 笔，退汇 1 笔，对不上 0 笔" in text(taken)
    assert (balance("paid"), balance("payable")) == (2 * LINE_FEN, LINE_FEN)
    settled = list(ClaimLine.objects.filter(state="paid").order_by("pk").values_list("pk", flat=True))
    told = first.post(reverse("funds:send-on"), {"line": settled, "stage": "paid"}, follow=True)
    assert "已对账：2 笔" in text(told)
    path = text(first.get(reverse("funds:line", args=[settled[0]])))
    for words in ("批准，占用预算", "排入拨付", "放行，款项在途", "到账", batch.number):
        assert words in path


def test_a_look_at_a_return_changes_nothing_and_the_same_file_twice_is_once() -> None:
    granted(10 * LINE_FEN)
    batch = sent(scheduled(2))
    client, content = finance(), answer(batch)
    events = Event.objects.count()
    page = client.post(reverse("funds:return", args=[batch.pk]), {"file": upload(content)})
    assert "导入，记账" in text(page)
    assert (Event.objects.count(), balance("paid")) == (events, 0)
    take(client, batch, content)
    looked, _again = take(client, batch, content)
    assert "已经导入过" in looked
    assert balance("paid") == 2 * LINE_FEN


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "空"), (b"nothing at all", "读不出来"), ("甲,乙\r\n1,2\r\n".encode("gb18030"), "读不出来")],
)
def test_a_file_that_is_no_return_is_told_and_changes_nothing(content: bytes, words: str) -> None:
    granted(10 * LINE_FEN)
    batch = sent(scheduled(1))
    page = finance().post(reverse("funds:return", args=[batch.pk]), {"file": upload(content)})
    assert page.status_code == 422
    assert words in text(page)
    assert balance("in_transit") == LINE_FEN


def test_what_blocks_a_payment_is_said_and_the_rest_goes_on() -> None:
    granted(10 * LINE_FEN)
    payable, without = scheduled(1), scheduled(1, payee=make_organisation())
    client = finance()
    page = client.get(reverse("funds:lines"), {"stage": "scheduled"})
    given = {"all": "1", "stage": "scheduled", "batch": "1", "layout": "bank-csv", "request_id": request_id(page)}
    made = text(client.post(reverse("funds:send-on"), given, follow=True))
    assert "1 笔（1,000.00 元）现在不能付" in made
    assert "没有在用的收款账号" in made
    states = dict(PaymentItem.objects.order_by("pk").values_list("line_id", "state"))
    assert states == {payable[0].pk: "ready", without[0].pk: "blocked"}


def test_a_batch_is_cancelled_with_a_reason_only() -> None:
    granted(10 * LINE_FEN)
    lines, client = scheduled(1), finance()
    page = client.get(reverse("funds:lines"), {"stage": "scheduled"})
    given = {"line": lines[0].pk, "batch": "1", "layout": "bank-csv", "request_id": request_id(page)}
    client.post(reverse("funds:send-on"), given)
    batch = PaymentBatch.objects.get()
    step = reverse("funds:batch-step", args=[batch.pk])
    assert "请写明事由" in text(client.post(step, {"step": "cancel", "reason": " "}, follow=True))
    assert "已作废" in text(client.post(step, {"step": "cancel", "reason": "做错了"}, follow=True))
    assert client.post(step, {"step": "nothing"}).status_code == 404


def test_the_treasury_pays_a_part_refuses_a_part_and_another_confirms() -> None:
    granted(10 * LINE_FEN)
    batch = sent(scheduled(3), "treasury")
    items = list(batch.items.order_by("position"))
    enters, confirms = finance(), finance()
    address = reverse("funds:voucher", args=[batch.pk])
    given = {
        "request_id": request_id(enters.get(address)), "number": "凭证一号", "paid_on": "2022-06-20", "refusal": "账户冻结",
        f"item-{items[0].pk}": "paid", f"item-{items[1].pk}": "refused", f"item-{items[2].pk}": "",
    }  # fmt: skip
    assert "请另一个人确认" in text(enters.post(address, given, follow=True))
    voucher = batch.vouchers.get()
    confirm = reverse("funds:confirm-voucher", args=[batch.pk])
    assert "另一个人来办" in text(enters.post(confirm, {"voucher": voucher.pk}, follow=True))
    assert balance("paid") == 0
    assert "凭证已确认" in text(confirms.post(confirm, {"voucher": voucher.pk}, follow=True))
    assert (balance("paid"), balance("payable"), balance("in_transit")) == (LINE_FEN, LINE_FEN, LINE_FEN)
    assert confirms.post(confirm, {"voucher": "nonsense"}).status_code == 404


def test_money_is_demanded_back_and_comes() -> None:
    granted(10 * LINE_FEN)
    [line] = paid(1)
    demands = finance()
    address = reverse("funds:demand", args=[line.pk])
    too_much = {"request_id": request_id(demands.get(address)), "amount": "1000.01", "reason": "多付"}
    assert demands.post(address, too_much).status_code == 422
    asked = {**too_much, "amount": "1000"}
    page = demands.post(address, asked, follow=True)
    assert "已要求追回" in text(page) and balance("recoverable") == LINE_FEN
    recovery = line.recoveries.get()
    end = reverse("funds:end-recovery", args=[recovery.pk])
    assert "另一个人来办" in text(demands.post(end, {"drop": "1", "reason": "算了"}, follow=True))
    assert "款项回到预算" in text(demands.post(end, {"receive": "1", "voucher": "回款1"}, follow=True))
    assert (balance("recoverable"), balance("budget")) == (0, 10 * LINE_FEN)
    line.refresh_from_db()
    assert line.state == "recovered"


def test_what_a_correction_found_is_listed_once_with_its_demand_filled_in_and_gone_when_asked() -> None:
    granted(10 * LINE_FEN)
    [line] = paid(1)
    corrected(line, social_insurance_months=3)
    client = finance()
    page = text(client.get(reverse("funds:recoveries")))
    address = reverse("funds:demand", args=[line.pk])
    assert page.count("多付 1,000.00 元") == 1 and address in page
    assert "笔更正后多付了，等要求追回" in text(client.get(reverse("funds:overview")))
    form = client.get(address).context["form"]
    assert (form["amount"].value(), form["reason"].value()) == ("1,000.00", "核对后更正")
    given = {
        "request_id": form["request_id"].value(),
        "amount": form["amount"].value(),
        "reason": form["reason"].value(),
    }
    assert "已要求追回" in text(client.post(address, given, follow=True))
    after = text(client.get(reverse("funds:recoveries")))
    assert "还没有要求追回" not in after and "核对后更正" in after
    assert "1,000.00 元，已要求追回 1,000.00 元" in text(client.get(reverse("funds:line", args=[line.pk])))


def test_an_account_is_confirmed_by_another_and_shown_masked() -> None:
    payee = make_organisation()
    enters, confirms = finance(), finance()
    wrong = {"organisation": "没有这一家", "holder": "某", "bank": "某行", "number": "6222000011112222"}
    assert "没有找到这个单位" in text(enters.post(reverse("funds:new-account"), wrong))
    page = text(enters.post(reverse("funds:new-account"), {**wrong, "organisation": payee.name}, follow=True))
    assert "6222000011112222" not in page and "************2222" in page
    account = payee.accounts.get()
    assert 'class="tick"' not in page
    change = reverse("funds:change-accounts")
    assert "另一个人来办" in text(enters.post(change, {"line": account.pk, "confirm": "1"}, follow=True))
    assert "已确认" in text(confirms.post(change, {"line": account.pk, "confirm": "1"}, follow=True))
    account.refresh_from_db()
    assert account.confirmed_at is not None


def test_ledger_and_reports_come_to_the_book_to_the_fen() -> None:
    granted(10 * LINE_FEN)
    settled = paid(2, area_code="341502001")
    waiting_ = scheduled(1, area_code="341502002")
    client = finance()
    book = load_workbook(io.BytesIO(client.get(reverse("funds:report-file", args=["xlsx"])).content))
    for sheet in book.worksheets:
        rows = list(sheet.iter_rows(values_only=True))
        headings, total = rows[0], next(row for row in rows if row[0] == "合计")
        figures = dict(zip(headings, total, strict=True))
        assert round(figures["已拨付（元）"] * 100) == balance("paid") == 2 * LINE_FEN
        assert round(figures["待拨付（元）"] * 100) == balance("payable") == LINE_FEN
        assert round(figures["已批准（元）"] * 100) == 3 * LINE_FEN
        assert figures["笔数"] == 3
    ledger = load_workbook(io.BytesIO(client.get(reverse("funds:ledger-file", args=["xlsx"])).content)).active
    lines = [row for row in ledger.iter_rows(min_row=2, values_only=True) if row[0] and row[0] != "合计"]
    assert len(lines) == len(settled) + len(waiting_)
    assert round(sum(row[5] for row in lines) * 100) == 3 * LINE_FEN
    narrowed = text(client.get(reverse("funds:ledger"), {"area": "341502002", "state": "scheduled"}))
    assert "1,000.00" in narrowed and "3,000.00" not in narrowed
    assert "没有符合条件的行" in text(client.get(reverse("funds:ledger"), {"month": "1"}))
    words = client.get(reverse("funds:ledger-file", args=["docx"]))
    assert words.content[:2] == b"PK"


def test_a_township_sees_its_own_lines_and_no_batches() -> None:
    granted(10 * LINE_FEN)
    mine, other = paid(1, area_code="341502001"), paid(1, area_code="341502002", payee=operator())
    client = signed_in(someone(Role.TOWNSHIP, area_code="341502001"))
    assert client.get(reverse("funds:line", args=[mine[0].pk])).status_code == 200
    assert client.get(reverse("funds:line", args=[other[0].pk])).status_code == 404
    batch = PaymentBatch.objects.order_by("number").first()
    assert batch is not None
    assert client.get(reverse("funds:batch", args=[batch.pk])).status_code == 404
    page = text(client.get(reverse("funds:ledger")))
    assert f"{other[0].claim.number}-" not in page
    assert client.post(reverse("funds:send-on"), {"line": mine[0].pk}).status_code == 403


@pytest.mark.parametrize("name", ["lines", "batches", "ledger", "accounts", "city", "recoveries", "reports"])
def test_lists_ask_the_database_a_bounded_number_of_times(name: str) -> None:
    granted(20 * LINE_FEN)
    client = finance()
    paid(2)
    scheduled(1)
    with CaptureQueriesContext(connection) as few:
        client.get(reverse(f"funds:{name}"))
    paid(3, payee=operator())
    scheduled(3)
    with CaptureQueriesContext(connection) as more:
        client.get(reverse(f"funds:{name}"))
    asked = [query for query in more if "SAVEPOINT" not in query["sql"] and "TRANSACTION" not in query["sql"]]
    assert len(asked) <= STATEMENTS_MAX, [query["sql"][:100] for query in asked]
    assert len(more) == len(few)
