"""Batches: each payment is checked, what blocks one is said, and three people stand behind what goes out."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection

from jiujin.accounts.models import Role
from jiujin.claims.marks import mark_words
from jiujin.claims.models import ClaimLine, Objection
from jiujin.core.services.record_event import record_event
from jiujin.funds.errors import (
    AccountWrong,
    BatchImpossible,
    FileChanged,
    LayoutUnknown,
    LineNotPayable,
    NeedsAnother,
    NothingToPay,
    RequestReused,
)
from jiujin.funds.models import PayeeAccount, PaymentBatch
from jiujin.funds.queries import mask_account
from jiujin.funds.services.batch_file import batch_file
from jiujin.funds.services.cancel_batch import cancel_batch
from jiujin.funds.services.check_batch import check_batch
from jiujin.funds.services.confirm_account import confirm_account, end_account
from jiujin.funds.services.make_batch import make_batch
from jiujin.funds.services.mark_sent import mark_sent
from jiujin.funds.services.release_batch import release_batch
from jiujin.funds.services.schedule_lines import unschedule_lines
from jiujin.funds.services.set_account import set_account
from jiujin.registry.models import OrganisationKind
from tests.funds.factories import (
    LINE_FEN,
    NOW,
    account_of,
    balances,
    batch_of,
    granted,
    operator,
    released,
    scheduled,
)
from tests.registry.factories import make_organisation, make_user

pytestmark = pytest.mark.django_db


def states(batch: PaymentBatch) -> list[tuple[str, str]]:
    return list(batch.items.order_by("position").values_list("state", "reason"))


def test_each_blocked_payment_says_why_and_the_rest_goes_on() -> None:
    purse = granted(20 * LINE_FEN)
    without = make_organisation(OrganisationKind.OPERATOR)
    waiting = make_organisation(OrganisationKind.OPERATOR)
    entered = {"bank": "测试银行", "actor": make_user(Role.FINANCE), "now": NOW}
    set_account(organisation=waiting, holder=waiting.name, number="6200000000000001", **entered)
    misnamed = make_organisation(OrganisationKind.OPERATOR)
    wrong = set_account(organisation=misnamed, holder="别的名字", number="6200000000000002", **entered)
    confirm_account(account=wrong, actor=make_user(Role.FINANCE), now=NOW)
    one, two = operator(name="甲公司"), make_organisation(OrganisationKind.OPERATOR, name="乙公司")
    account_of(two, PayeeAccount.objects.get(organisation=one).number)
    objected = scheduled(1)
    Objection.objects.create(line=objected[0], text="不属实", raised_by="群众")
    record_event(actor="system:test", verb="objection_raised", subject=objected[0])
    good = scheduled(1)
    payees = [without, waiting, misnamed, one, two]
    lines = [line for payee in payees for line in scheduled(1, payee=payee)] + objected + good
    batch = batch_of(sorted(lines, key=lambda line: line.pk))
    reasons = dict(batch.items.values_list("line", "reason"))
    told = {line.payee.name: reasons[line.pk] for line in lines}
    assert told[without.name] == "没有在用的收款账号"
    assert told[waiting.name] == "账号还没有第二个人确认"
    assert told[misnamed.name] == "户名“别的名字”和收款单位的名称不一致"
    assert (told["甲公司"], told["乙公司"]) == ("账号和“乙公司”的相同", "账号和“甲公司”的相同")
    assert reasons[objected[0].pk] == "有异议还没有处理完"
    assert reasons[good[0].pk] == ""
    batch = released(batch)
    connection.check_constraints()
    assert sorted(state for state, _ in states(batch)) == ["dropped"] * 6 + ["reserved"]
    assert balances(purse)["in_transit"] == LINE_FEN
    again = batch_of([line for line in lines if line.pk != good[0].pk])
    assert again.items.filter(state="blocked").count() == 6


def test_two_people_release_and_neither_prepared_the_batch() -> None:
    granted(5 * LINE_FEN)
    preparer, first, second = (make_user(Role.FINANCE) for _ in range(3))
    batch = batch_of(scheduled(1), actor=preparer)
    with pytest.raises(NeedsAnother):
        release_batch(batch=batch, actor=preparer, now=NOW)
    release_batch(batch=batch, actor=first, now=NOW)
    for person in (preparer, first):
        with pytest.raises(NeedsAnother):
            release_batch(batch=batch, actor=person, now=NOW)
    with pytest.raises(BatchImpossible):
        mark_sent(batch=batch, actor=first, now=NOW)
    with pytest.raises(BatchImpossible):
        batch_file(batch)
    done = release_batch(batch=batch, actor=second, now=NOW)
    assert release_batch(batch=batch, actor=second, now=NOW) == done
    assert (done.state, done.file_digest != "") == ("released", True)
    connection.check_constraints()


def test_an_account_replaced_after_the_check_is_not_paid_to() -> None:
    granted(5 * LINE_FEN)
    lines = scheduled(1)
    batch = batch_of(lines)
    release_batch(batch=batch, actor=make_user(Role.FINANCE), now=NOW)
    account_of(lines[0].payee, "6299999999999999")
    with pytest.raises(NothingToPay) as refused:
        release_batch(batch=batch, actor=make_user(Role.FINANCE), now=NOW)
    assert list(refused.value.reasons.values()) == ["收款账号在校验之后换过"]
    checked = check_batch(batch=batch, actor=make_user(Role.FINANCE), now=NOW)
    assert (checked.state, checked.first_released_by, states(checked)) == ("checked", None, [("ready", "")])
    assert b"6299999999999999" in batch_file(released(checked))
    connection.check_constraints()


def test_a_batch_asked_for_twice_is_one_and_its_id_serves_nothing_else() -> None:
    granted(5 * LINE_FEN)
    lines = scheduled(2)
    asked = {
        "batch_id": uuid.uuid4(),
        "way": "bank",
        "layout": "bank-csv",
        "actor": make_user(Role.FINANCE),
        "now": NOW,
    }
    batch = make_batch(ids=[line.pk for line in lines], **asked)
    assert make_batch(ids=[line.pk for line in lines], **asked) == batch
    with pytest.raises(RequestReused):
        make_batch(ids=[lines[0].pk], **asked)
    with pytest.raises(LineNotPayable):
        make_batch(ids=[lines[0].pk], **{**asked, "batch_id": uuid.uuid4()})
    with pytest.raises(LineNotPayable):
        unschedule_lines(ids=[lines[0].pk], actor=make_user(Role.FINANCE), now=NOW)
    with pytest.raises(LayoutUnknown):
        make_batch(ids=[lines[0].pk], **{**asked, "batch_id": uuid.uuid4(), "layout": "treasury-csv"})
    assert PaymentBatch.objects.count() == 1


def test_a_cancelled_batch_lets_its_lines_go() -> None:
    granted(5 * LINE_FEN)
    lines = scheduled(1)
    batch = cancel_batch(batch=batch_of(lines), reason="金额要核", actor=make_user(Role.FINANCE), now=NOW)
    assert cancel_batch(batch=batch, reason="金额要核", actor=make_user(Role.FINANCE), now=NOW).state == "cancelled"
    assert batch_of(lines).items.get().state == "ready"
    with pytest.raises(BatchImpossible):
        release_batch(batch=batch, actor=make_user(Role.FINANCE), now=NOW)
    connection.check_constraints()


def test_the_file_is_the_released_one_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    granted(5 * LINE_FEN)
    batch = released(batch_of(scheduled(2)))
    text = batch_file(batch).decode("gb18030")
    assert text.splitlines()[0] == "序号,业务参考号,收款账号,收款户名,开户行,金额（元）,用途"
    assert len(text.splitlines()) == 4
    monkeypatch.setattr("jiujin.funds.services.batch_file.plain_yuan", lambda fen: f"{fen}.00")
    with pytest.raises(FileChanged):
        batch_file(batch)


def test_an_account_is_confirmed_by_another_replaced_and_ended() -> None:
    payee = make_organisation(OrganisationKind.OPERATOR)
    enterer, other = make_user(Role.FINANCE), make_user(Role.FINANCE)
    said = {"organisation": payee, "holder": payee.name, "bank": "测试银行", "actor": enterer, "now": NOW}
    first = set_account(number="6222 0000 0000 0001", **said)
    assert set_account(number="6222000000000001", **said) == first
    with pytest.raises(NeedsAnother):
        confirm_account(account=first, actor=enterer, now=NOW)
    confirm_account(account=first, actor=other, now=NOW)
    second = confirm_account(account=set_account(number="6222000000000002", **said), actor=other, now=NOW)
    first.refresh_from_db()
    assert (first.ended_at, second.ended_at) == (NOW, None)
    assert end_account(account=second, actor=other, now=NOW).ended_at == NOW
    with pytest.raises(AccountWrong):
        set_account(number="12", **said)
    assert mask_account(second.number) == "************0002"
    connection.check_constraints()


def test_a_line_that_is_stopped_after_the_check_is_not_paid() -> None:
    granted(5 * LINE_FEN)
    lines = scheduled(1)
    batch = batch_of(lines)
    ClaimLine.objects.filter(pk=lines[0].pk).update(is_stopped=True, version=60)
    with pytest.raises(NothingToPay):
        release_batch(batch=batch, actor=make_user(Role.FINANCE), now=NOW)


def test_a_line_whose_payees_account_is_another_payees_too_is_marked() -> None:
    granted(5 * LINE_FEN)
    one = operator(name="甲公司")
    [clear] = scheduled(1, payee=one)
    other = make_organisation(OrganisationKind.OPERATOR, name="乙公司")
    account_of(other, PayeeAccount.objects.get(organisation=one).number)
    [marked] = scheduled(1, payee=one)
    assert (clear.risk, marked.risk) == ("clear", "marked")
    assert [mark_words(mark) for mark in marked.marks] == ["收款账号和“乙公司”的相同"]
    assert "message" not in marked.marks[0]
