"""The file of a batch, as its layout writes it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime

from cryptography.hazmat.primitives import hashes
from django.utils import timezone

from jiujin.claims.services.lock import JUDGED_BY
from jiujin.core.plan_in_force import plan_in_force
from jiujin.funds.errors import BatchImpossible, FileChanged
from jiujin.funds.layouts import GAP, PaymentFile, layout_of
from jiujin.funds.models import PaymentBatch, PaymentItem
from jiujin.funds.states import BatchState, ItemState

LINE_ENDS = {"crlf": "\r\n", "lf": "\n"}
NOT_WRITTEN = [f"line__{name}" for name in JUDGED_BY]
OUT = (ItemState.RESERVED, ItemState.SETTLED, ItemState.FAILED)


def batch_file(batch: PaymentBatch) -> bytes:
    """The payment file of a released batch, the same each time. Raises BatchImpossible, LayoutUnknown, FileChanged."""
    if batch.state not in (BatchState.RELEASED, BatchState.SENT, BatchState.CLOSED):
        raise BatchImpossible(batch.state)
    items = batch.items.filter(state__in=OUT).select_related("line").defer(*NOT_WRITTEN).order_by("position")
    items = items.prefetch_related("account", "line__claim")  # few: each account's number is opened once
    content = written(batch, list(items), released_at=batch.second_released_at)
    if sm3_of(content) != batch.file_digest:
        raise FileChanged
    return content


def written(batch: PaymentBatch, items: Sequence[PaymentItem], *, released_at: datetime | None) -> bytes:
    """The file of these payments."""
    layout = layout_of(batch.layout).payment
    names = {scheme.id: scheme.name for scheme in plan_in_force().schemes.values()}
    gaps = {
        "batch_number": batch.number,
        "count": str(len(items)),
        "total_yuan": plain_yuan(sum(item.amount_fen for item in items)),
        "total_fen": str(sum(item.amount_fen for item in items)),
        "released_on": f"{timezone.localtime(released_at):%Y-%m-%d}" if released_at else "",
    }
    end = LINE_ENDS[layout.line_end]
    body = _filled(layout.header, gaps, end) + _table(layout, (_cells(batch, item, names) for item in items))
    head = body.encode(layout.encoding)
    return head + _filled(layout.trailer, gaps | {"digest": sm3_of(head)}, end).encode(layout.encoding)


def reference_of(batch: PaymentBatch, item: PaymentItem) -> str:
    """By what the bank names a payment in its answer."""
    return f"{batch.number}-{item.position:06d}"


def plain_yuan(fen: int) -> str:
    """Fen as yuan with two decimals and nothing else, as machines read it."""
    return f"{fen // 100}.{fen % 100:02d}"


def sm3_of(content: bytes) -> str:
    """The SM3 of a content, as 64 hexadecimal digits."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(content)
    return digest.finalize().hex()


def _filled(text: str, gaps: dict[str, str], end: str) -> str:
    return GAP.sub(lambda gap: gaps[gap[1]], text) + end if text else ""


def _table(layout: PaymentFile, rows: Iterable[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=layout.separator, lineterminator=LINE_ENDS[layout.line_end])
    if layout.headings:
        writer.writerow([column.heading for column in layout.columns])
    keys = [column.key for column in layout.columns]
    writer.writerows([row[key] for key in keys] for row in rows)
    return text.getvalue()


def _cells(batch: PaymentBatch, item: PaymentItem, names: dict[str, str]) -> dict[str, str]:
    account, line = item.account, item.line
    assert account is not None
    return {
        "position": str(item.position),
        "reference": reference_of(batch, item),
        "batch_number": batch.number,
        "holder": account.holder,
        "number": account.number or "",
        "bank": account.bank,
        "amount_yuan": plain_yuan(item.amount_fen),
        "amount_fen": str(item.amount_fen),
        "claim_number": line.claim.number,
        "scheme_name": names.get(line.scheme, line.scheme),
        "remark": f"{names.get(line.scheme, line.scheme)} {line.claim.number}-{line.position}",
    }
