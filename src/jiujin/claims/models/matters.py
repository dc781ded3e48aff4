"""Public notices, objections to them, and appeals against a rejection."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from jiujin.claims.models.claims import ClaimLine
from jiujin.claims.states import MatterState
from jiujin.core.fields import EncryptedTextField


class Notice(models.Model):
    """Lines of one scheme, shown to everybody from one day to another, both included."""

    number = models.CharField(max_length=40, unique=True)
    plan_id = models.CharField(max_length=60)
    scheme = models.CharField(max_length=60)
    opens_on = models.DateField()
    closes_on = models.DateField()
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections")
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes = [models.Index(fields=["-opens_on", "-id"], name="notice_by_day")]
        constraints = [
            models.CheckConstraint(name="notice_closes_after_it_opens", condition=Q(closes_on__gte=F("opens_on")))
        ]


class NoticeLine(models.Model):
    """A line as it was shown: masked name and number, payee, amount; what was published does not change afterwards."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="lines")
    line = models.ForeignKey(ClaimLine, models.PROTECT, related_name="notices")
    name = models.CharField(max_length=120)
    number = models.CharField(max_length=30, blank=True)
    payee = models.CharField(max_length=120, blank=True)
    amount_fen = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(name="one_showing_a_notice", fields=["notice", "line"])]


class Objection(models.Model):
    """What somebody holds against a published line; while it is raised the line does not go on."""

    line = models.ForeignKey(ClaimLine, models.PROTECT, related_name="objections")
    notice = models.ForeignKey(Notice, models.PROTECT, null=True, related_name="objections")
    raised_by = models.CharField(max_length=60, blank=True)
    contact = EncryptedTextField(null=True)
    text = models.TextField()
    raised_at = models.DateTimeField(db_default=Now(), editable=False)
    state = models.CharField(max_length=10, choices=MatterState.choices, default=MatterState.RAISED)
    answer = models.TextField(blank=True, default="")
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "id"], name="objection_by_state")]
        constraints = [
            models.CheckConstraint(name="objection_says_something", condition=Q(text__regex=r"\S")),
            models.CheckConstraint(
                name="answered_objection_says_by_whom",
                condition=Q(state="raised")
                | Q(answered_by__isnull=False, answered_at__isnull=False, answer__regex=r"\S"),
            ),
        ]


class Appeal(models.Model):
    """A payee's appeal against a rejection; upheld, the line is accepted again and decided by others."""

    line = models.ForeignKey(ClaimLine, models.PROTECT, related_name="appeals")
    text = models.TextField()
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(db_default=Now(), editable=False)
    state = models.CharField(max_length=10, choices=MatterState.choices, default=MatterState.RAISED)
    answer = models.TextField(blank=True, default="")
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_open_appeal_a_line", fields=["line"], condition=Q(state="raised")),
            models.CheckConstraint(name="appeal_says_something", condition=Q(text__regex=r"\S")),
            models.CheckConstraint(
                name="answered_appeal_says_by_whom",
                condition=Q(state="raised")
                | Q(answered_by__isnull=False, answered_at__isnull=False, answer__regex=r"\S"),
            ),
        ]
