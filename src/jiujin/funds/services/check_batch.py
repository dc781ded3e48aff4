"""Checks a batch's payments again, as things stand now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from jiujin.accounts.models import User
from jiujin.claims.services.lock import locked_lines
from jiujin.core.services.record_event import record_event
from jiujin.funds.errors import BatchImpossible
from jiujin.funds.models import PayeeAccount, PaymentBatch, PaymentItem
from jiujin.funds.payment_checks import accounts_in_use, blocked
from jiujin.funds.states import BATCH, BatchState, ItemState

OPEN_ITEMS = (ItemState.READY, ItemState.BLOCKED)


@transaction.atomic
def check_batch(*, batch: PaymentBatch, actor: User, now: datetime) -> PaymentBatch:
    """Look at every payment again, with the accounts that are in use now; a release by one person counts no longer.

    Raises BatchImpossible.
    """
    batch = locked_batch(batch)
    require_way(batch, "batch_checked")
    items = lock_items(batch, bare=True)
    accounts = accounts_in_use(item.line.payee_id for item in items)
    for item in items:
        item.account = accounts.get(item.line.payee_id or 0)
    block_items(items, anew=True)
    batch.state = BatchState.CHECKED
    batch.first_released_by, batch.first_released_at = None, None
    batch.save(update_fields=["state", "first_released_by", "first_released_at"])
    still = sum(item.state == ItemState.BLOCKED for item in items)
    record_event(actor=actor, verb="batch_checked", subject=batch, details={"payments": len(items), "blocked": still})
    return batch


def locked_batch(batch: PaymentBatch) -> PaymentBatch:
    """The batch as it is now, locked until the transaction ends."""
    return PaymentBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)


def require_way(batch: PaymentBatch, event: str) -> None:
    """Raises BatchImpossible where the event cannot happen in the batch's state."""
    if batch.state not in BATCH[event][0]:
        raise BatchImpossible(batch.state)


def lock_items(batch: PaymentBatch, states: Sequence[str] = OPEN_ITEMS, *, bare: bool = False) -> list[PaymentItem]:
    """The batch's payments in these states, in order, their lines locked and as they are now; see `locked_lines`."""
    items = list(batch.items.filter(state__in=states).prefetch_related("account").order_by("position"))
    lines = {line.pk: line for line in locked_lines((item.line_id for item in items), bare=bare)}
    for item in items:
        item.line = lines[item.line_id]
    return items


def block_items(items: Sequence[PaymentItem], *, anew: bool) -> None:
    """Write down what blocks each payment to the account that it names; `anew` frees those that nothing blocks any more."""
    in_use = accounts_in_use(item.line.payee_id for item in items)
    reasons = blocked([item.line for item in items], in_use)
    changed = []
    for item in items:
        why = reasons.get(item.line_id, "") or _account_changed(item, in_use.get(item.line.payee_id or 0))
        if why or anew:
            item.state, item.reason = ItemState.BLOCKED if why else ItemState.READY, why
            changed.append(item)
    PaymentItem.objects.bulk_update(changed, ["state", "reason", "account"], batch_size=500)


def _account_changed(item: PaymentItem, in_use: PayeeAccount | None) -> str:
    return _("收款账号在校验之后换过") if item.account_id != (in_use.pk if in_use else None) else ""
