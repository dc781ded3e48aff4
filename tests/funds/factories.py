"""A small world of money: granted budgets, confirmed accounts, and lines at any state up to paid."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone

from jiujin.accounts.models import Role, User
from jiujin.claims.models import Claim, ClaimLine
from jiujin.core.models import ParameterSetting
from jiujin.funds.models import Balance, BankReturn, PayeeAccount, PaymentBatch, PaymentItem, Purse
from jiujin.funds.services.approve_lines import approve_lines
from jiujin.funds.services.batch_file import plain_yuan, reference_of
from jiujin.funds.services.confirm_account import confirm_account
from jiujin.funds.services.grant_budget import grant_budget
from jiujin.funds.services.import_return import import_return
from jiujin.funds.services.make_batch import make_batch
from jiujin.funds.services.mark_sent import mark_sent
from jiujin.funds.services.release_batch import release_batch
from jiujin.funds.services.schedule_lines import schedule_lines
from jiujin.funds.services.set_account import set_account
from jiujin.registry.models import Organisation, OrganisationKind
from tests.claims.factories import make_claim, make_line, set_rates, stable_placement, step
from tests.registry.factories import make_organisation, make_user

NOW = timezone.now()
FUND, SCHEME = "就业创业服务补助", "stable-employment"
LINE_FEN = 100_000  # what a line of `make_line` comes to under the test rates
WAY_TO_NOTICED = (
    ("line_submitted", None), ("line_accepted", Role.CLERK), ("line_first_passed", Role.CLERK),
    ("line_second_passed", Role.REVIEWER), ("line_put_to_notice", Role.CLERK), ("line_noticed", None),
)  # fmt: skip


def granted(amount_fen: int, **given: Any) -> Purse:
    """A purse with a budget."""
    fields = {"fund_class": FUND, "scheme": SCHEME, "year": 2022, "reason": "测试预算"}
    return grant_budget(request_id=uuid.uuid4(), amount_fen=amount_fen, actor="system:test", **fields | given)


def balances(purse: Purse) -> dict[str, int]:
    """What stands where in a purse, empty stages left out."""
    held = Balance.objects.filter(purse=purse).exclude(amount_fen=0).order_by("stage")
    return dict(held.values_list("stage", "amount_fen"))


def account_of(organisation: Organisation, number: str | None = None) -> PayeeAccount:
    """An account in use, in the payee's own name."""
    number = number or f"62{organisation.pk:014d}"
    entered = set_account(
        organisation=organisation,
        holder=organisation.name,
        bank="测试银行",
        number=number,
        actor=make_user(Role.FINANCE),
        now=NOW,
    )
    return confirm_account(account=entered, actor=make_user(Role.FINANCE), now=NOW)


def operator(**given: Any) -> Organisation:
    """A payee with an account in use."""
    made = make_organisation(OrganisationKind.OPERATOR, **given)
    account_of(made)
    return made


def noticed(count: int = 1, *, payee: Organisation | None = None, **given: Any) -> list[ClaimLine]:
    """Met lines of one claim whose public notice is over."""
    if not ParameterSetting.objects.exists():
        set_rates()
    claim = make_claim(payee=payee or operator())
    lines = [make_line(claim, stable_placement(claim.payee), **given) for _ in range(count)]
    for event, role in WAY_TO_NOTICED:
        lines = step(lines, event, make_user(role) if role else "system:test")
    return lines


def approved(lines: Sequence[ClaimLine], by: User | None = None) -> list[ClaimLine]:
    """The lines approved by a leader."""
    ids = [line.pk for line in lines]
    return approve_lines(ids=ids, meeting="局党组会〔2022〕3号", actor=by or make_user(Role.LEADER), now=NOW)


def scheduled(count: int = 1, **given: Any) -> list[ClaimLine]:
    """Lines that wait to be paid."""
    lines = approved(noticed(count, **given))
    return schedule_lines(ids=[line.pk for line in lines], actor=make_user(Role.FINANCE), now=NOW)


def batch_of(lines: Sequence[ClaimLine], way: str = "bank", **given: Any) -> PaymentBatch:
    """A checked batch."""
    fields = {"batch_id": uuid.uuid4(), "layout": f"{way}-csv", "actor": make_user(Role.FINANCE), "now": NOW}
    return make_batch(ids=[line.pk for line in lines], way=way, **fields | given)


def released(batch: PaymentBatch) -> PaymentBatch:
    """The batch released by two others."""
    release_batch(batch=batch, actor=make_user(Role.FINANCE), now=NOW)
    return release_batch(batch=batch, actor=make_user(Role.FINANCE), now=NOW)


def sent(lines: Sequence[ClaimLine], way: str = "bank") -> PaymentBatch:
    """A batch that is with the bank."""
    return mark_sent(batch=released(batch_of(lines, way)), actor=make_user(Role.FINANCE), now=NOW)


def answer(
    batch: PaymentBatch,
    results: Mapping[int, str] | None = None,
    *,
    only: Callable[[PaymentItem], bool] = lambda item: True,
    trailer: bool = True,
    **changes: Any,
) -> bytes:
    """What the bank writes back: success for every payment, or `results` by position (a reason of failure)."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["业务参考号", "金额（元）", "处理结果", "失败原因", "入账日期", "银行流水号"])
    items = [item for item in batch.items.exclude(state="dropped").order_by("position") if only(item)]
    for item in items:
        why = (results or {}).get(item.position, "")
        row = {"reference": reference_of(batch, item), "amount": plain_yuan(item.amount_fen)} | changes
        writer.writerow(
            [row["reference"], row["amount"], "失败" if why else "成功", why, "2022-06-15", f"S{item.position}"]
        )
    if trailer:
        writer.writerow(["合计", len(items)])
    return text.getvalue().encode("gb18030")


def answered(batch: PaymentBatch, results: Mapping[int, str] | None = None, **given: Any) -> BankReturn:
    """The batch with the bank's answer imported."""
    content = answer(batch, results, **given)
    return import_return(batch=batch, content=content, actor=make_user(Role.FINANCE), now=NOW)


def paid(count: int = 1, **given: Any) -> list[ClaimLine]:
    """Paid lines."""
    lines = scheduled(count, **given)
    answered(sent(lines))
    return list(ClaimLine.objects.filter(pk__in=[line.pk for line in lines]).order_by("pk"))


def claim_of(lines: Sequence[ClaimLine]) -> Claim:
    """The claim of lines."""
    return lines[0].claim


TABLES = (
    "funds_balance", "funds_posting", "funds_ledgerentry", "funds_paymentitem", "funds_paymentbatch", "funds_bankreturnrow",
    "funds_recovery", "funds_purse", "claims_claimline", "claims_decision", "core_event", "core_eventlink",
)  # fmt: skip
DAY = date(2022, 6, 15)


def write_past_every_trigger(statement: str) -> None:
    """Write as somebody who owns the tables could."""
    connection.check_constraints()
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
