"""Plays a year of claims in the demo district, through the services as people would take them, and not by writing rows.

Each month the payees claim what came due, clerks accept and review, notices run, leaders approve, finance pays, the bank answers.
Some lines are returned, withdrawn, objected to, appealed; some payments fail and are made again, some are recovered.
"""

from __future__ import annotations

import random
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from jiujin.accounts.models import Role, User
from jiujin.claims.errors import ClaimRefused, NothingToClaim, NothingToSend
from jiujin.claims.models import Claim, ClaimLine, NoticeLine, Source
from jiujin.claims.records import HeldRecord, unclaimed_records
from jiujin.claims.services.accept_lines import accept_lines
from jiujin.claims.services.answer_appeal import answer_appeal
from jiujin.claims.services.answer_objection import answer_objection
from jiujin.claims.services.claim_from_records import line_of
from jiujin.claims.services.close_notices import close_notices
from jiujin.claims.services.file_claim import KINDS, file_claim
from jiujin.claims.services.pass_lines import pass_lines
from jiujin.claims.services.publish_notice import publish_notice
from jiujin.claims.services.raise_appeal import raise_appeal
from jiujin.claims.services.raise_objection import raise_objection
from jiujin.claims.services.reject_lines import reject_lines
from jiujin.claims.services.return_lines import return_lines
from jiujin.claims.services.submit_claim import submit_claim
from jiujin.claims.services.verify_facts import verify_facts
from jiujin.claims.services.withdraw_lines import withdraw_lines
from jiujin.claims.states import LineState
from jiujin.core.plan_in_force import plan_in_force
from jiujin.core.proof import Proof
from jiujin.core.services.set_parameter import set_parameter
from jiujin.funds.errors import BudgetShort, FundsRefused, PurseMissing
from jiujin.funds.models import PayeeAccount, PaymentBatch, PaymentItem
from jiujin.funds.services.approve_lines import approve_lines
from jiujin.funds.services.batch_file import plain_yuan, reference_of
from jiujin.funds.services.check_batch import check_batch
from jiujin.funds.services.confirm_account import confirm_account
from jiujin.funds.services.demand_recovery import demand_recovery
from jiujin.funds.services.grant_budget import grant_budget
from jiujin.funds.services.import_return import import_return
from jiujin.funds.services.make_batch import make_batch
from jiujin.funds.services.mark_sent import mark_sent
from jiujin.funds.services.receive_recovery import receive_recovery
from jiujin.funds.services.reconcile_lines import reconcile_lines
from jiujin.funds.services.record_city_payment import record_city_payment
from jiujin.funds.services.release_batch import release_batch
from jiujin.funds.services.schedule_lines import schedule_lines
from jiujin.funds.services.set_account import set_account
from jiujin.funds.states import ItemState
from jiujin.plan import Plan, demo_settings
from jiujin.plan.models import Scheme
from jiujin.registry.models import Organisation

NAMESPACE = uuid.UUID("7a0c35f4-52c2-4d0f-8a67-9b8f6e1c4f10")
MONTH_DAYS, CLAIMS_HOUR = 30, 10
REVIEW_LINES = 200  # a selection that is decided at once
SHARES = {  # of a hundred lines: what becomes of them on the way
    "tried": 5, "withdrawn": 1, "returned": 3, "rejected": 1, "appealed": 50, "objected": 1, "failed": 2, "recovered": 1,
}  # fmt: skip
RESULT_HEADINGS = ("业务参考号", "金额（元）", "处理结果", "失败原因", "入账日期", "银行流水号")
Progress = Callable[[str, int, int], None]


class YearRefused(Exception):
    """A year that is not played; the text says why, and what to do."""


@dataclass(frozen=True)
class Office:
    """The people of the office; who decides on one line are three."""

    clerk: User
    second_clerk: User
    reviewer: User
    leader: User
    finance: User
    second_finance: User


@dataclass
class Year:
    """One play: its office, its dice, the day it is, and what has happened so far."""

    office: Office
    dice: random.Random
    seed: int
    plan: Plan
    day: date
    happened: Counter[str] = field(default_factory=Counter)

    @property
    def now(self) -> datetime:
        """Ten in the morning of the day."""
        return timezone.make_aware(datetime.combine(self.day, time(CLAIMS_HOUR)))

    def some(self, ids: Sequence[int], share: str) -> list[int]:
        """Those of the lines to whom this happens."""
        return [each for each in ids if self.dice.randrange(100) < SHARES[share]]

    def id_of(self, *parts: object) -> uuid.UUID:
        """A client's id, the same in each play of the same seed."""
        return uuid.uuid5(NAMESPACE, "|".join(str(part) for part in (self.seed, *parts)))


def play_year(*, days: int, seed: int, progress: Progress = lambda stage, done, total: None) -> Counter[str]:
    """Play `days` from the plan's first day on, a month at a time; gives how often what happened.

    Raises YearRefused outside demo mode, where claims stand already, and where the demo district is not loaded.
    """
    if not settings.DEMO:
        raise YearRefused("一年的申报只能在演示用的系统里演，没有改动。要演示，请设 JIUJIN_DEMO=1 再运行。")
    if Claim.objects.exists():
        raise YearRefused("系统里已经有申报，没有再演。要重来，请换一个数据文件夹（JIUJIN_VAR）。")
    office = _office()
    set_demo_values(actor=office.leader)
    plan = plan_in_force()
    year = Year(office, random.Random(seed), seed, plan, _first_day(plan))
    months = max(1, round(days / MONTH_DAYS))
    for month in range(months):
        year.day = _nth_day(plan, month)
        for place, scheme in enumerate(plan.schemes.values(), start=1):
            progress(
                f"第 {month + 1} 个月：{scheme.name}", month * len(plan.schemes) + place, months * len(plan.schemes)
            )
            _play_scheme(year, scheme, month=month, months=months)
    return year.happened


def set_demo_values(*, actor: User) -> None:
    """Set what the document leaves to the district, as the pack's `demo.yaml` has it."""
    plan = plan_in_force()
    for parameter, values in demo_settings(plan.id).parameters.items():
        if not plan.parameters[parameter].values:
            for value in values:
                set_parameter(
                    parameter=parameter,
                    value=value.value,
                    source=value.source,
                    actor=actor,
                    start_on=value.start,
                    end_on=value.end,
                )


def _office() -> Office:
    def two(role: Role) -> list[User]:
        found = list(User.objects.filter(role=role, is_active=True).order_by("pk")[:2])
        if not found:
            raise YearRefused("还没有演示账号，没有改动。请先运行 jiujin demo。")
        return found if len(found) == 2 else found * 2

    clerks, finance = two(Role.CLERK), two(Role.FINANCE)
    return Office(*clerks, two(Role.REVIEWER)[0], two(Role.LEADER)[0], *finance)


def _first_day(plan: Plan) -> date:
    start = plan.header.period.start
    if start is None:
        raise YearRefused("方案没有写从哪一天起施行，演不了一年。")
    return start


def _nth_day(plan: Plan, month: int) -> date:
    return _first_day(plan) + timedelta(days=MONTH_DAYS * (month + 1) - 1)


# --- a scheme's month ---------------------------------------------------------------------------------------------------


def _play_scheme(year: Year, scheme: Scheme, *, month: int, months: int) -> None:
    if not _is_open(year, scheme):
        return
    due = [record for record in unclaimed_records(year.plan, scheme) if record.id % months <= month]
    for payee, records in _by_payee(scheme, due):
        ids = _claimed(year, scheme, payee, records, month)
        if ids:
            _open_account(year, payee)
            _decided(year, scheme, ids)
    year.day += timedelta(days=14)
    close_notices(now=year.now)
    ready = _in_state(scheme, LineState.NOTICED if scheme.decided_by == "district" else LineState.FIRST_PASSED)
    approved = _approved(year, scheme, ready)
    if scheme.decided_by == "city":
        _paid_by_city(year, approved)
    else:
        _paid(year, scheme, approved, month)
    year.day -= timedelta(days=14)


def _is_open(year: Year, scheme: Scheme) -> bool:
    """Whether a payee may send claims of the scheme on this day; schools wait for their months."""
    windows = year.plan.workflow_of(scheme.id).windows
    day = f"{year.day:%m-%d}"
    return not windows or any(window.start <= day <= window.end for window in windows)


def _by_payee(scheme: Scheme, records: Iterable[HeldRecord]) -> Iterator[tuple[Organisation, list[HeldRecord]]]:
    """Who is paid for which records; where no fact names the payee, the one of its kind for all."""
    only = None if scheme.payee.fact else _only_of_kind(scheme)
    held: dict[int, list[HeldRecord]] = {}
    for record in records:
        payee_id = record.payee_id if scheme.payee.fact else only
        if payee_id is not None:
            held.setdefault(payee_id, []).append(record)
    payees = Organisation.objects.in_bulk(held)
    for payee_id in sorted(payees):
        yield payees[payee_id], held[payee_id]


def _only_of_kind(scheme: Scheme) -> int | None:
    named = Organisation.objects.filter(kinds__contains=[KINDS[scheme.payee.role]]).order_by("pk")
    return named.values_list("pk", flat=True).first()


def _claimed(year: Year, scheme: Scheme, payee: Organisation, records: Sequence[HeldRecord], month: int) -> list[int]:
    """File and send a payee's claim at the counter; gives the lines that went."""
    claim_id = year.id_of("claim", scheme.id, payee.pk, month)
    lines = [line_of(claim_id, record) for record in records]
    try:
        claim = file_claim(
            claim_id=claim_id,
            scheme=scheme.id,
            payee=payee,
            lines=lines,
            actor="system:demo",
            source=Source.RECORDS,
            now=year.now,
        )
        sent = submit_claim(claim=claim, actor="system:demo", now=year.now, ids=_worth_sending(year, claim))
    except (NothingToClaim, NothingToSend):
        return []
    except ClaimRefused:  # such as a payee that is not registered as what the scheme asks for
        year.happened["claims_refused"] += 1
        return []
    year.happened["claims"] += 1
    year.happened["lines_sent"] += len(sent.lines)
    return [line.pk for line in sent.lines]


def _worth_sending(year: Year, claim: Claim) -> list[int]:
    """What is met, and some of what still lacks something: payees try. Raises NothingToSend."""
    lines = claim.lines.exclude(verdict="unmet").order_by("pk").values_list("pk", "verdict")
    unknown = [pk for pk, verdict in lines if verdict == "unknown"]
    tried = {*year.some(unknown, "tried"), *_for_officers(year, claim)}
    ids = [pk for pk, verdict in lines if verdict == "met" or pk in tried]
    if not ids:
        raise NothingToSend({})
    return ids


def _for_officers(year: Year, claim: Claim) -> list[int]:
    return [line.pk for line in claim.lines.filter(verdict="unknown").order_by("pk") if _officers_facts(year, line)]


def _officers_facts(year: Year, line: ClaimLine) -> list[str]:
    """What the line lacks, where it is all for an officer to judge, or to see proven."""
    officers = {fact.id for fact in year.plan.facts.values() if fact.officer} | set(line.facts)
    lacking = [name for name in line.missing if not name.startswith("param:")]
    return lacking if lacking and officers.issuperset(lacking) else []


def _judged_by_officers(year: Year, ids: Sequence[int]) -> None:
    """An officer looks at what no record proves, and finds it so."""
    for line in ClaimLine.objects.filter(pk__in=ids, verdict="unknown").order_by("pk"):
        if wanted := _officers_facts(year, line):
            verify_facts(
                line_id=line.pk, facts={name: line.facts.get(name, True) for name in wanted}, proof=Proof.VERIFIED, basis="演示：现场核看",
                actor=year.office.second_clerk, now=year.now,
            )  # fmt: skip


def _decided(year: Year, scheme: Scheme, ids: Sequence[int]) -> None:
    """Lines that went, up to their public notice; some fall out on the way."""
    office, now = year.office, year.now
    if gone := year.some(ids, "withdrawn"):
        withdraw_lines(ids=gone, actor="system:demo", now=now)
        year.happened["lines_withdrawn"] += len(gone)
    ids = [each for each in ids if each not in set(gone)]
    accept_lines(ids=ids, actor=office.second_clerk, now=now)
    _judged_by_officers(year, ids)
    met = _with_verdict(ids)
    back = sorted({*year.some(met, "returned"), *(each for each in ids if each not in set(met))})
    if back:
        return_lines(ids=back, reasons="演示：材料看不清，请补正后再报", actor=office.clerk, now=now)
        year.happened["lines_returned"] += len(back)
    left = [each for each in met if each not in set(back)]
    refused = year.some(left, "rejected")
    if refused:
        _rejected(year, refused)
    left = [each for each in left if each not in set(refused)]
    _in_selections(left, lambda some: pass_lines(ids=some, stage="first", actor=office.clerk, now=now), year)
    if scheme.decided_by == "city":
        return
    _in_selections(left, lambda some: pass_lines(ids=some, stage="second", actor=office.reviewer, now=now), year)
    priced = list(
        ClaimLine.objects.filter(pk__in=left, state=LineState.SECOND_PASSED, amount_fen__gt=0)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    if priced:
        publish_notice(ids=priced, actor=office.clerk, now=now)
        year.happened["notices"] += 1
        _objected(year, priced)


def _with_verdict(ids: Sequence[int]) -> list[int]:
    return list(ClaimLine.objects.filter(pk__in=ids, verdict="met").order_by("pk").values_list("pk", flat=True))


def _in_state(scheme: Scheme, state: str) -> list[int]:
    lines = ClaimLine.objects.filter(scheme=scheme.id, state=state, is_stopped=False)
    return list(lines.order_by("pk").values_list("pk", flat=True))


def _in_selections(ids: Sequence[int], take: Callable[[list[int]], object], year: Year) -> list[int]:
    """Take a step with some lines at a time; where a selection is refused, each of its lines by itself. Gives those that went."""
    went: list[int] = []
    for start in range(0, len(ids), REVIEW_LINES):
        some = list(ids[start : start + REVIEW_LINES])
        try:
            take(some)
            went += some
        except ClaimRefused:
            for one in some:
                try:
                    take([one])
                    went.append(one)
                except ClaimRefused:
                    year.happened["steps_refused"] += 1
    return went


def _rejected(year: Year, ids: Sequence[int]) -> None:
    """Rejected lines; some appeal, and every other appeal is upheld."""
    reject_lines(ids=ids, reasons="演示：查无此项就业", actor=year.office.clerk, now=year.now)
    year.happened["lines_rejected"] += len(ids)
    for place, line_id in enumerate(year.some(ids, "appealed")):
        appeal = raise_appeal(line_id=line_id, text="演示：有劳动合同为证", actor=year.office.clerk, now=year.now)
        upheld = place % 2 == 0
        answer_appeal(
            appeal_id=appeal.pk, upheld=upheld, answer="演示：已复核", actor=year.office.second_clerk, now=year.now
        )
        year.happened["appeals"] += 1


def _objected(year: Year, ids: Sequence[int]) -> None:
    """Objections to published lines; every other one is upheld and returns the line."""
    for place, line_id in enumerate(year.some(ids, "objected")):
        shown = NoticeLine.objects.filter(line_id=line_id).order_by("-pk")[0]
        year.day += timedelta(days=1)
        objection = raise_objection(
            notice_line_id=shown.pk, text="演示：此人未在岗", raised_by="", contact="", now=year.now
        )
        answer_objection(
            objection_id=objection.pk,
            upheld=place % 2 == 1,
            answer="演示：已实地查看",
            actor=year.office.second_clerk,
            now=year.now,
        )
        year.day -= timedelta(days=1)
        year.happened["objections"] += 1


# --- money --------------------------------------------------------------------------------------------------------------


def _open_account(year: Year, payee: Organisation) -> None:
    if PayeeAccount.objects.filter(organisation=payee).exists():
        return
    office = year.office
    account = set_account(
        organisation=payee,
        holder=payee.name,
        bank="演示银行",
        number=f"990000{payee.pk:013d}",
        actor=office.finance,
        now=year.now,
    )
    confirm_account(account=account, actor=office.second_finance, now=year.now)


def _approved(year: Year, scheme: Scheme, ids: Sequence[int]) -> list[int]:
    """Approve by a meeting's decision; a budget that is short is added to first."""
    meeting = f"演示会议 {year.day:%Y-%m-%d}"
    who = year.office.reviewer if scheme.decided_by == "city" else year.office.leader

    def approve(some: list[int]) -> None:
        try:
            approve_lines(ids=some, meeting=meeting, actor=who, now=year.now)
        except (BudgetShort, PurseMissing):
            _grant(year, scheme, some)
            approve_lines(ids=some, meeting=meeting, actor=who, now=year.now)

    went = _in_selections(ids, approve, year)
    year.happened["lines_approved"] += len(went)
    return went


def _grant(year: Year, scheme: Scheme, ids: Sequence[int]) -> None:
    """Grant twice what these lines come to."""
    amounts = ClaimLine.objects.filter(pk__in=ids).order_by("pk").values_list("amount_fen", flat=True)
    grant_budget(
        request_id=year.id_of("grant", scheme.id, ids[0], year.day),
        fund_class=scheme.fund_class,
        scheme=scheme.id,
        year=_first_day(year.plan).year,
        amount_fen=2 * sum(amount or 0 for amount in amounts),
        reason="演示：预算安排",
        actor=year.office.finance,
    )
    year.happened["grants"] += 1


def _paid_by_city(year: Year, ids: Sequence[int]) -> None:
    if ids:
        voucher = f"演示市级凭证{year.day:%Y%m%d}"
        record_city_payment(line_ids=ids, voucher=voucher, paid_on=year.day, actor=year.office.clerk, now=year.now)
        reconcile_lines(ids=ids, actor=year.office.finance, now=year.now)
        year.happened["lines_paid"] += len(ids)


def _paid(year: Year, scheme: Scheme, ids: Sequence[int], month: int) -> None:
    """Schedule, pay, answer; what failed is paid again with the next batch of the month."""
    if ids:
        schedule_lines(ids=ids, actor=year.office.finance, now=year.now)
    for attempt in range(2):
        waiting = _in_state(scheme, LineState.SCHEDULED)
        if waiting:
            _paid_once(year, scheme, waiting, month, attempt)
    paid = _in_state(scheme, LineState.PAID)
    if paid:
        reconcile_lines(ids=paid, actor=year.office.finance, now=year.now)
        year.happened["lines_paid"] += len(paid)
        _recovered(year, paid)


def _paid_once(year: Year, scheme: Scheme, ids: Sequence[int], month: int, attempt: int) -> None:
    office, now = year.office, year.now
    batch_id = year.id_of("batch", scheme.id, month, attempt)
    try:
        batch = make_batch(batch_id=batch_id, ids=ids, way="bank", layout="bank-csv", actor=office.finance, now=now)
        batch = check_batch(batch=batch, actor=office.finance, now=now)
        batch = release_batch(batch=batch, actor=office.second_finance, now=now)
        batch = release_batch(batch=batch, actor=office.leader, now=now)
    except FundsRefused:
        year.happened["batches_refused"] += 1
        return
    batch = mark_sent(batch=batch, actor=office.finance, now=now)
    content = _bank_answer(year, batch, fails=attempt == 0)
    import_return(batch=batch, content=content, actor=office.finance, now=now)
    import_return(batch=batch, content=content, actor=office.finance, now=now)  # the bank sends it twice
    year.happened["batches"] += 1


def _bank_answer(year: Year, batch: PaymentBatch, *, fails: bool) -> bytes:
    items = list(PaymentItem.objects.filter(batch=batch, state=ItemState.RESERVED).order_by("position"))
    failed = set(year.some([item.position for item in items], "failed")) if fails else set()
    rows = [",".join(RESULT_HEADINGS)]
    for item in items:
        result = ("失败", "演示：账户状态异常") if item.position in failed else ("成功", "")
        cells = (
            reference_of(batch, item),
            plain_yuan(item.amount_fen),
            *result,
            f"{year.day:%Y-%m-%d}",
            f"Y{item.position:08d}",
        )
        rows.append(",".join(cells))
    year.happened["payments_failed"] += len(failed)
    return ("\r\n".join(rows) + "\r\n").encode("gb18030")


def _recovered(year: Year, ids: Sequence[int]) -> None:
    for line_id in year.some(ids, "recovered"):
        amount = ClaimLine.objects.get(pk=line_id).amount_fen or 0
        with transaction.atomic():
            recovery = demand_recovery(
                recovery_id=year.id_of("recovery", line_id), line_id=line_id, amount_fen=amount, reason="演示：已不在岗",
                actor=year.office.finance, now=year.now,
            )  # fmt: skip
        receive_recovery(recovery=recovery, voucher=f"演示回款{line_id}", actor=year.office.finance, now=year.now)
        year.happened["recoveries"] += 1
