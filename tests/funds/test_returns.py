"""What the bank says: the good rows settle, the others are told; twice, late, cut off or altered changes nothing wrong."""

from __future__ import annotations

import io

import pytest
import xlsxwriter
from django.db import connection

from jiujin.accounts.models import Role
from jiujin.funds.errors import BatchImpossible, ReturnOfAnother, ReturnUnreadable
from jiujin.funds.models import BankReturn, PaymentBatch
from jiujin.funds.services.batch_file import plain_yuan, reference_of
from jiujin.funds.services.import_return import import_return
from jiujin.funds.services.reconcile_lines import reconcile_lines
from tests.funds.factories import (
    LINE_FEN,
    NOW,
    answer,
    answered,
    balances,
    batch_of,
    granted,
    released,
    scheduled,
    sent,
)
from tests.registry.factories import make_user

pytestmark = pytest.mark.django_db


def take(batch: PaymentBatch, content: bytes) -> BankReturn:
    made = import_return(batch=batch, content=content, actor=make_user(Role.FINANCE), now=NOW)
    connection.check_constraints()
    return made


def outcomes(made: BankReturn) -> list[tuple[str, str]]:
    return list(made.rows.order_by("position").values_list("outcome", "reason"))


def counts(made: BankReturn) -> tuple[int, int, int]:
    return made.settled_count, made.failed_count, made.refused_count


def test_the_same_file_twice_changes_nothing() -> None:
    purse = granted(5 * LINE_FEN)
    batch = sent(scheduled(2))
    content = answer(batch, {2: "户名不符"})
    first = take(batch, content)
    before = balances(purse)
    assert take(batch, content) == first
    assert (balances(purse), BankReturn.objects.count()) == (before, 1)


def test_rows_come_in_any_order_and_in_several_files() -> None:
    granted(5 * LINE_FEN)
    batch = sent(scheduled(3))
    assert counts(take(batch, answer(batch, only=lambda item: item.position == 3))) == (1, 0, 0)
    lines = answer(batch, trailer=False).decode("gb18030").splitlines()
    mixed = "\r\n".join([lines[0], lines[2], lines[1], lines[3], "合计,3"]).encode("gb18030")
    made = take(batch, mixed)
    assert [outcome for outcome, _ in outcomes(made)] == ["settled", "settled", "known"]
    batch.refresh_from_db()
    assert batch.state == "closed"


def test_a_file_cut_off_in_the_middle_settles_what_is_whole_and_says_so() -> None:
    granted(5 * LINE_FEN)
    batch = sent(scheduled(3))
    whole = answer(batch, {3: "账号不存在"})
    cut = whole[: whole.index("失败,账".encode("gb18030")) + 1]  # in the middle of a character
    made = take(batch, cut)
    assert counts(made) == (2, 0, 2)
    assert "没有结尾行" in outcomes(made)[-1][1]
    assert counts(take(batch, whole)) == (0, 1, 0)


def test_another_batchs_rows_and_altered_amounts_are_refused_and_told() -> None:
    purse = granted(9 * LINE_FEN)
    batch, other = sent(scheduled(2)), sent(scheduled(1))
    made = take(batch, answer(other))
    assert outcomes(made) == [("refused", "不是这一批里的付款")]
    with pytest.raises(ReturnOfAnother):
        take(other, answer(other))
    altered = take(batch, answer(batch, amount="999.99"))
    assert outcomes(altered) == [("refused", "金额和放行的不一样")] * 2
    unread = take(batch, answer(batch, amount="一千"))
    assert {reason for _, reason in outcomes(unread)} == {"金额读不出来"}
    assert balances(purse)["in_transit"] == 3 * LINE_FEN


def test_a_payment_that_comes_back_late_is_payable_again() -> None:
    purse = granted(5 * LINE_FEN)
    lines = scheduled(2)
    batch = sent(lines)
    take(batch, answer(batch))
    made = take(batch, answer(batch, {1: "账户已销户"}, only=lambda item: item.position == 1))
    assert outcomes(made) == [("failed", "账户已销户")]
    assert balances(purse)["payable"] == LINE_FEN
    lines[0].refresh_from_db()
    assert lines[0].state == "scheduled"
    only_first = answer(batch, only=lambda item: item.position == 1)
    assert outcomes(take(batch, only_first))[0] == ("refused", "此前已记退汇，这里又说成功：请向银行核实")
    answered(sent([lines[0]]))
    assert balances(purse)["paid"] == 2 * LINE_FEN
    connection.check_constraints()


def test_what_was_reconciled_does_not_go_back_by_itself() -> None:
    granted(5 * LINE_FEN)
    [line] = scheduled(1)
    batch = sent([line])
    take(batch, answer(batch))
    reconcile_lines(ids=[line.pk], actor=make_user(Role.FINANCE), now=NOW)
    assert outcomes(take(batch, answer(batch, {1: "账户已销户"})))[0][0] == "refused"


def test_a_row_twice_in_one_file_counts_once_and_a_contradiction_is_told() -> None:
    purse = granted(5 * LINE_FEN)
    batch = sent(scheduled(1))
    [heading, row] = answer(batch, trailer=False).decode("gb18030").splitlines()
    no = row.replace("成功", "失败")
    made = take(batch, "\r\n".join([heading, row, row, no, "合计,3"]).encode("gb18030"))
    assert [outcome for outcome, _ in outcomes(made)] == ["settled", "known", "refused"]
    assert balances(purse)["paid"] == LINE_FEN


def test_a_workbook_is_read_by_the_same_layout() -> None:
    granted(5 * LINE_FEN)
    batch = sent(scheduled(1))
    item = batch.items.get()
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["代发结果"])
        sheet.write_row(2, 0, ["业务参考号", "金额（元）", "处理结果", "失败原因", "入账日期"])
        sheet.write_row(3, 0, [reference_of(batch, item), item.amount_fen / 100, "成功", "", "20220615"])
        sheet.write_row(4, 0, ["合计", 1])
    assert counts(take(batch, out.getvalue())) == (1, 0, 0)
    item.refresh_from_db()
    assert item.settled_on.isoformat() == "2022-06-15"


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01\x02", b"\xff\xfe\xfd\xfc" * 40, "没有表头\r\n".encode(), b"PK\x03\x04xx"]
)
def test_what_is_no_return_is_refused_whole(content: bytes) -> None:
    granted(5 * LINE_FEN)
    batch = sent(scheduled(1))
    with pytest.raises(ReturnUnreadable):
        take(batch, content)


def test_nothing_is_imported_before_the_batch_was_sent() -> None:
    granted(5 * LINE_FEN)
    batch = released(batch_of(scheduled(1)))
    assert plain_yuan(12345) == "123.45"
    with pytest.raises(BatchImpossible):
        take(batch, b"x")
