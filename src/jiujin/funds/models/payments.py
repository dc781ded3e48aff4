"""Accounts of payees, payment batches and their items, bank returns, recoveries, and a year's closing."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from jiujin.claims.models import ClaimLine
from jiujin.core.fields import BlindIndexField, EncryptedTextField
from jiujin.funds.models.book import Purse
from jiujin.funds.states import HOLDS_LINE, BatchState, ItemState, PayingWay, RecoveryState
from jiujin.registry.models import EvidenceFile, Organisation


class PayeeAccount(models.Model):
    """A payee's bank account; the one in use is the one that a second person confirmed and nobody ended."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="accounts")
    holder = models.CharField(max_length=120)
    bank = models.CharField(max_length=120)
    number = EncryptedTextField(null=True)
    number_index = BlindIndexField(source="number", null=True, db_index=True)
    proof = models.ForeignKey(EvidenceFile, models.PROTECT, null=True, related_name="+")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(db_default=Now(), editable=False)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_account_in_use",
                fields=["organisation"],
                condition=Q(confirmed_at__isnull=False, ended_at=None),
            ),
            models.CheckConstraint(
                name="account_is_confirmed_by_another",
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("entered_by")),
            ),
        ]


class PaymentBatch(models.Model):
    """Payments that go out together. `id` is made by the client. Three different people prepare, release and release again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    number = models.CharField(max_length=40, unique=True)
    way = models.CharField(max_length=10, choices=PayingWay.choices, default=PayingWay.BANK)
    layout = models.CharField(max_length=60)
    state = models.CharField(max_length=14, choices=BatchState.choices, default=BatchState.DRAFT)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(db_default=Now(), editable=False)
    first_released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    first_released_at = models.DateTimeField(null=True)
    second_released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    second_released_at = models.DateTimeField(null=True)
    file_digest = models.CharField(max_length=64, blank=True, default="")
    sent_at = models.DateTimeField(null=True)
    request_number = models.CharField(max_length=60, blank=True, default="")
    voucher_number = models.CharField(max_length=60, blank=True, default="")
    voucher_on = models.DateField(null=True)
    scan = models.ForeignKey(EvidenceFile, models.PROTECT, null=True, related_name="+")
    refusal = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["state", "-prepared_at"], name="batch_by_state")]
        constraints = [
            models.CheckConstraint(name="batch_state_is_known", condition=Q(state__in=BatchState.values)),
            models.CheckConstraint(
                name="batch_is_released_by_others",
                condition=(Q(first_released_by=None) | ~Q(first_released_by=F("prepared_by")))
                & (
                    Q(second_released_by=None)
                    | (~Q(second_released_by=F("prepared_by")) & ~Q(second_released_by=F("first_released_by")))
                ),
            ),
            models.CheckConstraint(
                name="released_batch_has_two_and_a_digest",
                condition=~Q(state__in=["released", "sent", "closed"])
                | Q(
                    first_released_by__isnull=False,
                    second_released_by__isnull=False,
                    file_digest__regex=r"^[0-9a-f]{64}$",
                ),
            ),
        ]


class PaymentItem(models.Model):
    """One line's payment. A line stands in one living item only, so nobody is paid twice."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    batch = models.ForeignKey(PaymentBatch, models.PROTECT, related_name="items")
    position = models.PositiveIntegerField()
    line = models.ForeignKey(ClaimLine, models.PROTECT, related_name="payments")
    account = models.ForeignKey(PayeeAccount, models.PROTECT, null=True, related_name="+")
    amount_fen = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=ItemState.choices, default=ItemState.READY)
    reason = models.CharField(max_length=300, blank=True, default="")
    bank_reference = models.CharField(max_length=80, blank=True, default="")
    settled_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_item_a_position", fields=["batch", "position"]),
            models.UniqueConstraint(name="one_living_item_a_line", fields=["line"], condition=Q(state__in=HOLDS_LINE)),
            models.CheckConstraint(name="item_pays_something", condition=Q(amount_fen__gt=0)),
            models.CheckConstraint(name="item_state_is_known", condition=Q(state__in=ItemState.values)),
            models.CheckConstraint(
                name="item_out_has_an_account",
                condition=~Q(state__in=["ready", "reserved", "settled"]) | Q(account__isnull=False),
            ),
        ]


class BankReturn(models.Model):
    """A file that the bank or the treasury sent back; the same content imported twice is one. Append-only."""

    digest = models.CharField(max_length=64, primary_key=True)
    batch = models.ForeignKey(PaymentBatch, models.PROTECT, related_name="returns")
    rows_count = models.PositiveIntegerField()
    settled_count = models.PositiveIntegerField(default=0)
    failed_count = models.PositiveIntegerField(default=0)
    refused_count = models.PositiveIntegerField(default=0)
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    imported_at = models.DateTimeField(db_default=Now(), editable=False)


class BankReturnRow(models.Model):
    """A row of a return, as read, and what became of it."""

    class Outcome(models.TextChoices):
        SETTLED = "settled", _("已到账")
        FAILED = "failed", _("退汇")
        KNOWN = "known", _("此前已处理")
        REFUSED = "refused", _("对不上，未处理")

    bank_return = models.ForeignKey(BankReturn, models.PROTECT, related_name="rows")
    position = models.PositiveIntegerField()
    item = models.ForeignKey(PaymentItem, models.PROTECT, null=True, related_name="return_rows")
    amount_fen = models.BigIntegerField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reason = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(name="one_return_row_a_position", fields=["bank_return", "position"])]


class Recovery(models.Model):
    """Money that has to come back from a payee: how much of a paid line, why, and whether it came."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    line = models.ForeignKey(ClaimLine, models.PROTECT, related_name="recoveries")
    amount_fen = models.BigIntegerField()
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=RecoveryState.choices, default=RecoveryState.DEMANDED)
    demanded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    demanded_at = models.DateTimeField(db_default=Now(), editable=False)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    voucher = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_open_recovery_a_line", fields=["line"], condition=Q(state="demanded")),
            models.CheckConstraint(name="recovery_is_of_something", condition=Q(amount_fen__gt=0)),
            models.CheckConstraint(name="recovery_state_is_known", condition=Q(state__in=RecoveryState.values)),
            models.CheckConstraint(
                name="closed_recovery_says_by_whom",
                condition=Q(state="demanded") | Q(closed_by__isnull=False, closed_at__isnull=False),
            ),
            models.CheckConstraint(name="recovery_says_why", condition=Q(reason__regex=r"\S")),
        ]


class CityPayment(models.Model):
    """The city's own payment of a line that the city decides on: its voucher. The district posts no payment of it."""

    line = models.OneToOneField(ClaimLine, models.PROTECT, related_name="city_payment")
    voucher_number = models.CharField(max_length=60)
    paid_on = models.DateField()
    amount_fen = models.BigIntegerField()
    scan = models.ForeignKey(EvidenceFile, models.PROTECT, null=True, related_name="+")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.CheckConstraint(name="city_payment_is_of_something", condition=Q(amount_fen__gt=0))]


class TreasuryVoucher(models.Model):
    """A voucher of the treasury for some payments of a batch, entered by one person and confirmed by another.

    `id` is made by the client. What it pays and what it refuses stands in its items; what it does not name stays in transit.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    batch = models.ForeignKey(PaymentBatch, models.PROTECT, related_name="vouchers")
    number = models.CharField(max_length=60)
    paid_on = models.DateField()
    scan = models.ForeignKey(EvidenceFile, models.PROTECT, null=True, related_name="+")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(db_default=Now(), editable=False)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_voucher_a_number", fields=["batch", "number"]),
            models.CheckConstraint(name="voucher_has_a_number", condition=Q(number__regex=r"\S")),
            models.CheckConstraint(
                name="voucher_is_confirmed_by_another",
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("entered_by")),
            ),
        ]


class VoucherItem(models.Model):
    """What a voucher says of one payment: paid, or refused with the reason. Append-only."""

    voucher = models.ForeignKey(TreasuryVoucher, models.PROTECT, related_name="items")
    item = models.ForeignKey(PaymentItem, models.PROTECT, related_name="voucher_items")
    is_paid = models.BooleanField()
    reason = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_word_of_a_voucher", fields=["voucher", "item"]),
            models.CheckConstraint(
                name="treasury_refusal_says_why", condition=Q(is_paid=True) | Q(reason__regex=r"\S")
            ),
        ]


class YearClosing(models.Model):
    """That a purse's year was closed: what was carried over into the next year's purse, and what was given back."""

    purse = models.OneToOneField(Purse, models.PROTECT, related_name="closing")
    carried_fen = models.BigIntegerField()
    given_back_fen = models.BigIntegerField()
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(db_default=Now(), editable=False)
