"""Files that prove something, kept outside the web root, and the proposals to make one of two records of a person."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from jiujin.core.fields import EncryptedTextField
from jiujin.registry.models.people import Person


class EvidenceFile(models.Model):
    """One file as it came: its content's hash, its type as the content says, and the record it is about.

    `kind` is an evidence id of the plan, or blank. `subject_kind` and `subject_id` name the record, as in the event log.
    `content_key` is the key that the file itself is sealed with (`registry.storage`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40, blank=True)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=80)
    size_bytes = models.BigIntegerField()
    sm3 = models.CharField(max_length=64)
    content_key = EncryptedTextField(editable=False)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(db_default=Now(), editable=False)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="evidence_by_subject")]
        constraints = [
            models.UniqueConstraint(
                name="one_evidence_a_content",
                fields=["subject_kind", "subject_id", "sm3"],
                condition=Q(removed_at=None),
            ),
            models.CheckConstraint(name="evidence_hash_is_sm3", condition=Q(sm3__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(name="evidence_is_not_empty", condition=Q(size_bytes__gt=0)),
        ]


class MergeState(models.TextChoices):
    """Where a proposal stands."""

    PROPOSED = "proposed", _("待确认")
    MERGED = "merged", _("已合并")
    DISMISSED = "dismissed", _("不是同一人")
    UNDONE = "undone", _("已撤销合并")


class MergeProposal(models.Model):
    """That two records are likely one person: how likely, why, and what somebody decided.

    `kept` is the record that stays. `moved` lists what went over from the other, so that it can go back.
    """

    kept = models.ForeignKey(Person, models.PROTECT, related_name="+")
    other = models.ForeignKey(Person, models.PROTECT, related_name="+")
    probability = models.FloatField()
    reasons = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=MergeState.choices, default=MergeState.PROPOSED)
    moved = models.JSONField(default=dict)
    proposed_at = models.DateTimeField(db_default=Now(), editable=False)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_open_proposal_a_pair", fields=["kept", "other"], condition=Q(state=MergeState.PROPOSED)
            ),
            models.CheckConstraint(name="proposal_is_of_two_records", condition=~Q(kept=F("other"))),
            models.CheckConstraint(
                name="proposal_probability_is_a_share", condition=Q(probability__gte=0, probability__lte=1)
            ),
            models.CheckConstraint(
                name="decided_proposal_names_who",
                condition=Q(state=MergeState.PROPOSED) | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
        ]
