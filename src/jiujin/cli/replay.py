"""`jiujin replay …`: from money back to the clause, and the verdict once more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jiujin.cli.instance import database_at_hand
from jiujin.cli.main import say
from jiujin.cli.serve import set_up_django

if TYPE_CHECKING:
    from jiujin.claims.models import ClaimLine
    from jiujin.funds.models import PaymentItem
    from jiujin.funds.replay import Replayed

PROOFS = {1: "自报", 2: "有材料", 3: "已核验"}
VERDICTS = {"met": "符合", "unmet": "不符合", "unknown": "待补充"}
ANSWERS = {True: "是", False: "否", None: "不知道"}


def replay(
    wanted: Annotated[str, typer.Argument(metavar="编号", help="申报编号、明细号，或付款的编号")],
) -> None:
    """从一笔钱一直追到条款：付款、批次、回盘、记账、每一步决定和当时的事实，再按当时的方案重判一遍。

    结论和当时一样，退出码 0；不一样，写出差别，退出码 1。

    例：jiujin replay 2022-000012
        jiujin replay 4711
    """
    with database_at_hand(say=say):
        set_up_django()
        from jiujin.funds.replay import find_lines, replayed

        lines = differing = 0
        for line in find_lines(wanted).iterator(chunk_size=200):
            again = replayed(line)
            lines += 1
            differing += any(each.differences for each in again)
            for text in told(line, again):
                typer.echo(text)
    if differing:
        say(f"{lines} 条明细里有 {differing} 条重判的结论和当时不一样，差别写在上面。")
        raise typer.Exit(1)
    typer.echo(f"{lines} 条明细重判的结论和当时一样。")


def told(line: ClaimLine, again: list[Replayed]) -> Iterator[str]:
    """The whole path of one line, from money to clause."""
    from jiujin.values import format_yuan, mask_name

    payee = line.payee.name if line.payee else "（方案没有写明）"
    name = mask_name(line.person.name) if line.person else "（单位自己）"
    yield f"== 第 {line.pk} 号明细：申报 {line.claim.number} 第 {line.position} 条，{name}，收款单位 {payee}"
    amount = "未知" if line.amount_fen is None else f"{format_yuan(line.amount_fen)} 元"
    yield f"   项目 {line.scheme}，状态 {line.get_state_display()}，金额 {amount}"
    yield from _money(line)
    last = None
    for each in again:
        last = each if each.plan is not None else last
        yield from _step(each)
    if last is not None:
        yield from _ground(line, last)


def _money(line: ClaimLine) -> Iterator[str]:
    from jiujin.funds.queries import book_of
    from jiujin.funds.replay import payments_of
    from jiujin.values import format_yuan

    for item in payments_of(line):
        yield from _payment(item)
    city = getattr(line, "city_payment", None)
    if city is not None:
        yield f"   市里拨付：凭证 {city.voucher_number}，{city.paid_on}，{format_yuan(city.amount_fen)} 元"
    for posting in book_of(line):
        yield f"   记账：{_at(posting.at)} {posting.movement} {format_yuan(posting.amount_fen)} 元（{posting.actor}）"


def _payment(item: PaymentItem) -> Iterator[str]:
    from jiujin.funds.queries import mask_account
    from jiujin.values import format_yuan

    batch, account = item.batch, item.account
    yield f"   付款 {item.pk}：{item.get_state_display()}，{format_yuan(item.amount_fen)} 元 {item.reason}"
    released = "、".join(
        f"{person.get_full_name()}（{_at(at)}）"
        for person, at in (
            (batch.first_released_by, batch.first_released_at),
            (batch.second_released_by, batch.second_released_at),
        )
        if person and at
    )
    yield f"     批次 {batch.number}（{batch.get_state_display()}），编制 {batch.prepared_by.get_full_name()}，放行 {released or '还没有'}"
    if batch.file_digest:
        yield f"     文件 SM3 {batch.file_digest}"
    if account is not None:
        people = f"{account.entered_by.get_full_name()} 录入，{account.confirmed_by.get_full_name() if account.confirmed_by else '没有人'} 确认"
        yield f"     账户 {account.holder}，{account.bank}，{mask_account(account.number)}（{people}）"
    for row in item.return_rows.all():
        yield f"     回盘 {row.bank_return_id[:12]} 第 {row.position} 行：{row.get_outcome_display()} {row.reason}"
    for word in item.voucher_items.all():
        yield f"     凭证 {word.voucher.number}（{word.voucher.paid_on}）：{'已付' if word.is_paid else '退回'} {word.reason}"


def _step(each: Replayed) -> Iterator[str]:
    from jiujin.claims.states import LineState
    from jiujin.values import format_yuan

    decision = each.decision
    who = decision.by.get_full_name() if decision.by else "系统"
    amount = "未知" if decision.amount_fen is None else f"{format_yuan(decision.amount_fen)} 元"
    yield (
        f"   {_at(decision.at)} {LineState(decision.target).label} {decision.event}（{who}）：{VERDICTS[decision.verdict]}，{amount}"
        f"，方案 {decision.plan_digest[:12]} {decision.meeting} {decision.reasons}".rstrip()
    )
    if not each.differences:
        yield "     重判：一样"
    for difference in each.differences:
        yield f"     重判不一样：{difference.what} 当时 {difference.kept}，现在 {difference.again}"


def _ground(line: ClaimLine, each: Replayed) -> Iterator[str]:
    """What the last judged step rests on: facts with their proof and source, conditions with clause and reading."""
    from jiujin.claims.queries import verified_facts_of
    from jiujin.funds.replay import conditions_of
    from jiujin.rules.explain import value_text

    plan, decision = each.plan, each.decision
    assert plan is not None
    program, conditions = conditions_of(line, decision, plan)
    verified = {fact.fact: fact for fact in verified_facts_of(line)}
    yield "   事实："
    for name, value in decision.facts.items():
        fact = plan.facts.get(name)
        said_as_it_is = fact is None or (isinstance(value, str) and fact.type != "choice")
        text = _plain(value) if said_as_it_is else value_text(fact, value)
        source = _source(line, verified.get(name))
        yield f"     {fact.label if fact else name}：{text if name != 'id_number' else '（已核对，不显示）'}（{PROOFS[decision.proofs.get(name, 1)]}，{source}）"
    yield "   条件："
    by_leaf = {leaf.id: leaf for leaf in program.leaves}
    for answer in conditions:
        clause = plan.clauses.get(answer.clause)
        place = f"{clause.place}" if clause else answer.clause
        condition = by_leaf[answer.id].condition
        readings = list(condition.readings) if condition else []
        shown = f"，解读 {'、'.join(readings)}" if readings else ""
        yield f"     {ANSWERS[answer.answer]} {answer.text}（{answer.value_text}；要求 {answer.need_text or '成立'}；{place}{shown}）"
    yield f"   方案 {plan.header.title}，版本 {plan.digest}"


def _source(line: ClaimLine, verified: Any) -> str:
    if verified is not None:
        evidence = f"，材料 {verified.evidence.name}" if verified.evidence else ""
        return f"{verified.by.get_full_name()} 核实：{verified.basis}{evidence}"
    return f"系统记录 {line.record_id}" if line.basis == "records" else "申报填写"


def _at(instant: datetime) -> str:
    from django.utils import timezone

    return f"{timezone.localtime(instant):%Y-%m-%d %H:%M}"


def _plain(value: Any) -> str:
    return "是" if value is True else "否" if value is False else str(value)
