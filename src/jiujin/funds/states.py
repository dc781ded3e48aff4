"""The states of payment batches, of the items in them, and of recoveries."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class BatchState(models.TextChoices):
    """Where a payment batch stands. Released by two people, then sent; what the bank says of it settles its items."""

    DRAFT = "draft", _("编制中")
    CHECKED = "checked", _("已校验")
    RELEASED_ONCE = "released_once", _("一人放行")
    RELEASED = "released", _("已放行")
    SENT = "sent", _("已送出")
    CLOSED = "closed", _("已结清")
    CANCELLED = "cancelled", _("已作废")


class ItemState(models.TextChoices):
    """Where one payment stands. Reserved when its batch is released; then settled or failed, once."""

    BLOCKED = "blocked", _("不能付")
    READY = "ready", _("可付")
    RESERVED = "reserved", _("在途")
    SETTLED = "settled", _("已到账")
    FAILED = "failed", _("退汇")
    DROPPED = "dropped", _("已移出")


class PayingWay(models.TextChoices):
    """By which way money goes out."""

    BANK = "bank", _("银行代发")
    TREASURY = "treasury", _("财政直接支付")


class RecoveryState(models.TextChoices):
    """Where a recovery stands."""

    DEMANDED = "demanded", _("待追回")
    RECEIVED = "received", _("已追回")
    DROPPED = "dropped", _("已核销")


BATCH = {  # event: (sources, target)
    "batch_checked": ((BatchState.DRAFT, BatchState.CHECKED, BatchState.RELEASED_ONCE), BatchState.CHECKED),
    "batch_released_once": ((BatchState.CHECKED,), BatchState.RELEASED_ONCE),
    "batch_released": ((BatchState.RELEASED_ONCE,), BatchState.RELEASED),
    "batch_sent": ((BatchState.RELEASED,), BatchState.SENT),
    "batch_closed": ((BatchState.SENT,), BatchState.CLOSED),
    "batch_cancelled": ((BatchState.DRAFT, BatchState.CHECKED, BatchState.RELEASED_ONCE), BatchState.CANCELLED),
}
HOLDS_LINE = (ItemState.BLOCKED, ItemState.READY, ItemState.RESERVED, ItemState.SETTLED)
