"""Files that prove something, kept outside the web root."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from jiujin.core.fields import EncryptedTextField


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
