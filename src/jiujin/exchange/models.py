"""A roster check: whose, of which file, against which scheme of which plan, how far, and what came out.

The judged lines are not rows of the database: they lie as Parquet beside the upload (`storage.CheckFiles`).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext

from jiujin.accounts.models import User
from jiujin.exchange.imports.models import ApiToken, DataImport, SourceRecord
from jiujin.exchange.states import AGAIN, OPEN, CheckState

__all__ = ["ApiToken", "DataImport", "RosterCheck", "SourceRecord", "Step"]

HAS_COUNTS = Q(state=CheckState.FINISHED)


@dataclass(frozen=True)
class Step:
    """One thing that happened to a check."""

    at: datetime | None
    label: str
    note: str


class RosterCheck(models.Model):
    """One upload judged. Money is fen; `parameters` are trial values as the person wrote them (yuan)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="roster_checks")

    plan = models.CharField(max_length=80)
    plan_digest = models.CharField(max_length=64, blank=True)
    scheme = models.CharField(max_length=80)
    scheme_name = models.CharField(max_length=80)
    parameters = models.JSONField(default=dict)
    proof = models.CharField(max_length=12, blank=True)

    file_name = models.CharField(max_length=255)
    file_bytes = models.BigIntegerField()
    file_sm3 = models.CharField(max_length=64)

    state = models.CharField(max_length=10, choices=CheckState.choices, default=CheckState.QUEUED)
    stage = models.CharField(max_length=60, blank=True)
    done_count = models.BigIntegerField(default=0)
    total_count = models.BigIntegerField(default=0)
    message = models.TextField(blank=True)
    cancel_asked = models.BooleanField(default=False)

    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    stage_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    workbook_at = models.DateTimeField(null=True)

    rows = models.BigIntegerField(default=0)
    met = models.BigIntegerField(default=0)
    unmet = models.BigIntegerField(default=0)
    unknown = models.BigIntegerField(default=0)
    amount_fen = models.BigIntegerField(default=0)
    amount_unknown = models.BigIntegerField(default=0)
    error_count = models.BigIntegerField(default=0)
    notices = models.JSONField(default=list)

    class Meta:
        indexes = [
            models.Index(fields=["owner", "-created_at"], name="check_by_owner"),
            models.Index(fields=["owner", "file_sm3"], name="check_by_file"),
            models.Index(fields=["created_at"], name="check_by_age"),
        ]
        constraints = [
            models.CheckConstraint(name="check_state_is_known", condition=Q(state__in=CheckState.values)),
            models.CheckConstraint(name="check_counts_add_up", condition=Q(rows=F("met") + F("unmet") + F("unknown"))),
            models.CheckConstraint(name="check_done_within_total", condition=Q(done_count__lte=F("total_count"))),
            models.CheckConstraint(
                name="check_finished_says_when_and_by_what",
                condition=~HAS_COUNTS | (Q(finished_at__isnull=False) & ~Q(plan_digest="")),
            ),
            models.CheckConstraint(
                name="check_refused_says_why",
                condition=~Q(state__in=[CheckState.REFUSED, CheckState.FAILED]) | ~Q(message=""),
            ),
            models.CheckConstraint(name="check_amount_is_not_negative", condition=Q(amount_fen__gte=0)),
        ]

    @property
    def is_open(self) -> bool:
        """Whether it waits or runs."""
        return self.state in OPEN

    @property
    def may_run_again(self) -> bool:
        """Whether its owner may ask for it again."""
        return self.state in AGAIN

    @property
    def time_used(self) -> timedelta | None:
        """From the worker's start to the verdicts."""
        return self.finished_at - self.started_at if self.finished_at and self.started_at else None

    @property
    def message_words(self) -> str:
        """What the worker had to say, in the page's language where it is one of our own sentences."""
        return gettext(self.message) if self.message else ""

    @property
    def history(self) -> list[Step]:
        """What happened to it, in order."""
        ended = self.get_state_display() if not self.is_open else ""
        steps = (
            Step(self.created_at, gettext("上传，排队"), self.file_name),
            Step(self.started_at, gettext("开始核对"), ""),
            Step(self.finished_at, str(ended), ""),
            Step(self.workbook_at, gettext("结果工作簿写好"), ""),
        )
        return [step for step in steps if step.at is not None]

    @property
    def kept_until(self) -> datetime:
        """When the check and its files are deleted."""
        return self.created_at + timedelta(days=settings.ROSTER_DAYS_KEPT)
