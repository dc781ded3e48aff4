"""Puts lines that wait to be paid into a batch, each checked; what blocks one is said, the rest goes on."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from jiujin.accounts.models import User
from jiujin.claims.models import ClaimLine, Payer
from jiujin.claims.services.lock import locked_lines
from jiujin.claims.states import LineState
from jiujin.claims.steps import require_step
from jiujin.core.bulk import among
from jiujin.core.services.record_event import record_event
from jiujin.funds.errors import LineNotPayable, NothingToPay, RequestReused
from jiujin.funds.layouts import layout_of
from jiujin.funds.models import PaymentBatch, PaymentItem
from jiujin.funds.payment_checks import accounts_in_use, blocked
from jiujin.funds.states import HOLDS_LINE, BatchState, ItemState

NUMBERS = "jiujin.funds.batch_number"


@transaction.atomic
def make_batch(
    *, batch_id: UUID, ids: Iterable[int], way: str, layout: str, actor: User, now: datetime
) -> PaymentBatch:
    """A checked batch of scheduled lines; the same id asked twice is the same batch.

    Raises LineNotPayable where a line does not wait to be paid or stands in another batch, NothingToPay without lines,
    LayoutUnknown, RequestReused, NotAllowed.
    """
    layout_of(layout, way=way)
    wanted = sorted(set(ids))
    if not wanted:
        raise NothingToPay({})
    lines = locked_lines(wanted, bare=True)
    if held := PaymentBatch.objects.filter(pk=batch_id).first():
        return _same(held, wanted)
    require_step(actor, lines, "payment")
    _require_free(lines)
    batch = PaymentBatch.objects.create(
        id=batch_id, number=_next_number(now), way=way, layout=layout, state=BatchState.CHECKED, prepared_by=actor
    )
    items = _items(batch, lines)
    PaymentItem.objects.bulk_create(items, batch_size=2000)
    record_event(
        actor=actor,
        verb="batch_made",
        subject=batch,
        details={
            "number": batch.number,
            "payments": len(items),
            "blocked": sum(item.state == ItemState.BLOCKED for item in items),
            "total_fen": sum(item.amount_fen for item in items if item.state == ItemState.READY),
        },
    )
    return batch


def _same(batch: PaymentBatch, wanted: Sequence[int]) -> PaymentBatch:
    if sorted(batch.items.values_list("line_id", flat=True)) != list(wanted):
        raise RequestReused
    return batch


def _require_free(lines: Sequence[ClaimLine]) -> None:
    """Raises LineNotPayable."""
    for line in lines:
        if line.payer != Payer.DISTRICT or line.state != LineState.SCHEDULED:
            raise LineNotPayable(line.pk)
    held = PaymentItem.objects.filter(line__in=among(line.pk for line in lines), state__in=HOLDS_LINE).order_by("line")
    if item := held.first():
        raise LineNotPayable(item.line_id)


def _items(batch: PaymentBatch, lines: Sequence[ClaimLine]) -> list[PaymentItem]:
    accounts = accounts_in_use(line.payee_id for line in lines)
    reasons = blocked(lines, accounts)
    return [
        PaymentItem(
            id=uuid.uuid4(),
            batch=batch,
            position=position,
            line=line,
            account=accounts.get(line.payee_id or 0),
            amount_fen=line.amount_fen,
            state=ItemState.BLOCKED if line.pk in reasons else ItemState.READY,
            reason=reasons.get(line.pk, ""),
        )
        for position, line in enumerate(lines, start=1)
    ]


def _next_number(now: datetime) -> str:
    """A number of the day, in the order of making; two that are made at once wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [NUMBERS])
    day = f"{timezone.localtime(now):%Y%m%d}"
    last = PaymentBatch.objects.filter(number__startswith=day).order_by("-number").values_list("number", flat=True)
    return f"{day}-{int(last[0].rpartition('-')[2]) + 1 if last else 1:04d}"
