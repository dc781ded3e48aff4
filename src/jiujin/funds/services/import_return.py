"""Imports what the bank or the treasury sent back: what fits settles or fails, what does not fit is told and left alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiujin.accounts.models import User
from jiujin.claims.services.lock import locked_lines
from jiujin.claims.states import LineState
from jiujin.core.services.record_event import record_event
from jiujin.funds.errors import BatchImpossible, ReturnOfAnother
from jiujin.funds.layouts import layout_of
from jiujin.funds.models import BankReturn, BankReturnRow, PaymentBatch, PaymentItem, Recovery
from jiujin.funds.return_file import ReturnContent, ReturnRow, read_return
from jiujin.funds.services.batch_file import reference_of, sm3_of
from jiujin.funds.services.check_batch import locked_batch
from jiujin.funds.services.settle_items import close_where_done, fail, give_back, settle
from jiujin.funds.states import BatchState, ItemState, RecoveryState

Outcome = BankReturnRow.Outcome


@dataclass
class Sorted:
    """What is to become of each row, and of the payments that they name."""

    rows: list[BankReturnRow] = field(default_factory=list)
    settled: list[PaymentItem] = field(default_factory=list)
    failed: list[PaymentItem] = field(default_factory=list)
    given_back: list[PaymentItem] = field(default_factory=list)

    def keep(self, row: ReturnRow, item: PaymentItem | None, outcome: str, reason: str = "") -> None:
        """Note a row."""
        self.rows.append(
            BankReturnRow(
                position=row.position, item=item, amount_fen=row.amount_fen, outcome=outcome, reason=reason[:300]
            )
        )


@transaction.atomic
def import_return(*, batch: PaymentBatch, content: bytes, actor: User, now: datetime) -> BankReturn:
    """Read a return into the batch; the same content again gives the first import and changes nothing.

    A row that names another batch or no payment, has another amount, contradicts what was settled, or cannot be read is
    refused with its reason; the others take effect. Raises BatchImpossible (not sent yet), ReturnUnreadable,
    ReturnOfAnother, LayoutUnknown.
    """
    batch = locked_batch(batch)
    digest = sm3_of(content)
    if held := BankReturn.objects.filter(pk=digest).select_related("batch").first():
        if held.batch_id != batch.pk:
            raise ReturnOfAnother(held.batch.number)
        return held
    if batch.state not in (BatchState.SENT, BatchState.CLOSED):
        raise BatchImpossible(batch.state)
    read = read_return(content, layout_of(batch.layout))
    sorted_ = sort_rows(batch, read, now)
    return _take_effect(batch, digest, sorted_, actor, now)


def sort_rows(batch: PaymentBatch, read: ReturnContent, now: datetime) -> Sorted:
    """Say of each row what is to become of it."""
    items = list(batch.items.exclude(state=ItemState.DROPPED).order_by("position"))
    by_reference = {reference_of(batch, item): item for item in items}
    named = [by_reference[row.reference] for row in read.rows if row.reference in by_reference]
    lines = {line.pk: line for line in locked_lines(item.line_id for item in named)}
    for item in named:
        item.line = lines[item.line_id]
    recovering = set(
        Recovery.objects.filter(line__in=lines).exclude(state=RecoveryState.DROPPED).values_list("line_id", flat=True)
    )
    found = Sorted()
    for row in read.rows:
        _sort(row, by_reference, recovering, found, now)
    if read.fault:
        last = ReturnRow(len(read.rows) + 1, "", None, "", "", None, "")
        found.keep(last, None, Outcome.REFUSED, read.fault)
    return found


def _sort(
    row: ReturnRow, by_reference: Mapping[str, PaymentItem], recovering: set[int], found: Sorted, now: datetime
) -> None:
    item = by_reference.get(row.reference)
    why = _fault(row, item)
    if item is None or why:
        found.keep(row, item, Outcome.REFUSED, why)
        return
    state = item.state
    if (state, row.result) in ((ItemState.SETTLED, "settled"), (ItemState.FAILED, "failed")):
        found.keep(row, item, Outcome.KNOWN)
    elif state == ItemState.FAILED:
        found.keep(row, item, Outcome.REFUSED, _("此前已记退汇，这里又说成功：请向银行核实"))
    elif state == ItemState.SETTLED:
        _sort_late(row, item, recovering, found)
    elif row.result == "settled":
        item.state, item.bank_reference = ItemState.SETTLED, row.bank_reference
        item.settled_on = row.paid_on or timezone.localdate(now)
        found.settled.append(item)
        found.keep(row, item, Outcome.SETTLED)
    else:
        item.state, item.reason = ItemState.FAILED, row.reason or _("银行没有写原因")
        found.failed.append(item)
        found.keep(row, item, Outcome.FAILED, item.reason)


def _sort_late(row: ReturnRow, item: PaymentItem, recovering: set[int], found: Sorted) -> None:
    """A payment that had arrived comes back."""
    if item in found.settled:
        found.keep(row, item, Outcome.REFUSED, _("同一份文件里说了成功又说失败：请向银行核实"))
    elif item.line.state != LineState.PAID:
        found.keep(row, item, Outcome.REFUSED, _("这笔已经对账，退回的款请按追回办理"))
    elif item.line_id in recovering:
        found.keep(row, item, Outcome.REFUSED, _("这笔正在追回或已追回，退回的款请按追回办理"))
    else:
        item.state, item.reason = ItemState.FAILED, row.reason or _("银行没有写原因")
        found.given_back.append(item)
        found.keep(row, item, Outcome.FAILED, item.reason)


def _fault(row: ReturnRow, item: PaymentItem | None) -> str:
    if item is None:
        return _("不是这一批里的付款")
    if item.state in (ItemState.READY, ItemState.BLOCKED):
        return _("这笔付款没有放行")
    if row.fault:
        return row.fault
    if row.amount_fen != item.amount_fen:
        return _("金额和放行的不一样")
    return ""


def _take_effect(batch: PaymentBatch, digest: str, found: Sorted, actor: User, now: datetime) -> BankReturn:
    settle(found.settled, actor=actor, now=now)
    fail(found.failed, actor=actor)
    give_back(found.given_back, actor=actor, now=now)
    counts = {
        "settled_count": _count(found.rows, Outcome.SETTLED),
        "failed_count": _count(found.rows, Outcome.FAILED),
        "refused_count": _count(found.rows, Outcome.REFUSED),
    }
    made = BankReturn.objects.create(
        digest=digest, batch=batch, rows_count=len(found.rows), imported_by=actor, **counts
    )
    for row in found.rows:
        row.bank_return = made
    BankReturnRow.objects.bulk_create(found.rows, batch_size=2000)
    record_event(actor=actor, verb="return_imported", subject=batch, details={"digest": digest, **counts})
    close_where_done(batch, actor=actor)
    return made


def _count(rows: Sequence[BankReturnRow], outcome: str) -> int:
    return sum(row.outcome == outcome for row in rows)
