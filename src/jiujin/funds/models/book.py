"""The book, as `jiujin.ledger` has it. Amounts are whole fen; balances are kept by a trigger on the postings."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from jiujin.claims.models import ClaimLine
from jiujin.ledger import MOVEMENTS, Stage

STAGES = [(stage.value, stage.value) for stage in Stage]


class Purse(models.Model):
    """What a budget is granted to: a class of funds for one scheme, in one area (blank: the whole district), in one year."""

    fund_class = models.CharField(max_length=60)
    scheme = models.CharField(max_length=60)
    area_code = models.CharField(max_length=12, blank=True, db_default="")
    year = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_purse", fields=["fund_class", "scheme", "area_code", "year"]),
        ]


class LedgerEntry(models.Model):
    """One movement of money. Its id is made by whoever asks for it, so that asked twice is once. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    movement = models.CharField(max_length=30, choices=[(name, name) for name in MOVEMENTS])
    line = models.ForeignKey(ClaimLine, models.PROTECT, null=True, related_name="ledger_entries")
    item = models.ForeignKey("funds.PaymentItem", models.PROTECT, null=True, related_name="ledger_entries")
    reason = models.CharField(max_length=300, blank=True, db_default="")
    actor = models.CharField(max_length=80)
    at = models.DateTimeField(db_default=Now(), editable=False)
    place = models.BigIntegerField(unique=True, editable=False, null=True)  # the order of posting, given by a trigger

    class Meta:
        indexes = [
            models.Index(fields=["line", "place"], name="entry_by_line"),
            models.Index(fields=["movement", "place"], name="entry_by_movement"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="one_entry_a_payment_and_movement", fields=["item", "movement"], condition=Q(item__isnull=False)
            ),
            models.CheckConstraint(name="entry_movement_is_known", condition=Q(movement__in=list(MOVEMENTS))),
        ]


class Posting(models.Model):
    """What an entry adds to one stage of one purse, in fen; a minus takes away. Append-only."""

    entry = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="postings")
    purse = models.ForeignKey(Purse, models.PROTECT, related_name="postings")
    stage = models.CharField(max_length=12, choices=STAGES)
    amount_fen = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_posting_an_account", fields=["entry", "purse", "stage"]),
            models.CheckConstraint(name="posting_is_of_something", condition=~Q(amount_fen=0)),
            models.CheckConstraint(name="posting_stage_is_known", condition=Q(stage__in=[s.value for s in Stage])),
        ]


class Balance(models.Model):
    """What stands at one stage of one purse; only the trigger on postings writes it, and no budget is overdrawn."""

    purse = models.ForeignKey(Purse, models.PROTECT, related_name="balances")
    stage = models.CharField(max_length=12, choices=STAGES)
    amount_fen = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_balance_an_account", fields=["purse", "stage"]),
            models.CheckConstraint(
                name="account_stays_covered", condition=Q(stage=Stage.FUNDING.value) | Q(amount_fen__gte=0)
            ),
        ]
