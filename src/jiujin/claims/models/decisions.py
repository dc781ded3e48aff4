"""What was decided on a line, on which facts, and what somebody verified; both append-only."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from jiujin.claims.models.claims import ClaimLine
from jiujin.core.proof import proof_field, proof_is_a_level
from jiujin.registry.models import EvidenceFile


class Decision(models.Model):
    """One step of a line: what happened, who made it, and all that they saw. Append-only.

    `event` is one of `states.LINE`; `decides` marks the steps that nobody may take on what they made or decided before,
    which the database refuses. Facts, verdict and plan are those of that moment: `jiujin replay` judges them again.
    """

    line = models.ForeignKey(ClaimLine, models.PROTECT, related_name="decisions")
    event = models.CharField(max_length=40)
    source = models.CharField(max_length=16)
    target = models.CharField(max_length=16)
    decides = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(db_default=Now(), editable=False)
    reasons = models.TextField(blank=True, default="")
    meeting = models.CharField(max_length=120, blank=True, default="")
    facts = models.JSONField(default=dict)
    proofs = models.JSONField(default=dict)
    verdict = models.CharField(max_length=8)
    unmet = ArrayField(models.CharField(max_length=80), default=list)
    missing = ArrayField(models.CharField(max_length=80), default=list)
    amount_fen = models.BigIntegerField(null=True)
    limit_ordinal = models.PositiveSmallIntegerField(null=True)
    plan_digest = models.CharField(max_length=64, blank=True, default="")
    line_version = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["line", "id"], name="decision_by_line")]
        constraints = [
            models.CheckConstraint(name="decision_names_who", condition=Q(decides=False) | Q(by__isnull=False)),
            models.CheckConstraint(
                name="refusal_says_why",
                condition=~Q(event__in=["line_returned", "line_rejected", "line_revoked"]) | Q(reasons__regex=r"\S"),
            ),
        ]


class VerifiedFact(models.Model):
    """A fact of a line as an officer found it to be, how far that is proven, and by what. Append-only; the last one counts.

    It may differ from what was declared: the queue marks the difference. A judgement (`judged_by: officer`) is one too.
    """

    line = models.ForeignKey(ClaimLine, models.PROTECT, related_name="verified_facts")
    fact = models.CharField(max_length=60)
    value = models.JSONField(null=True)
    proof = proof_field()
    basis = models.CharField(max_length=300)
    evidence = models.ForeignKey(EvidenceFile, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes = [models.Index(fields=["line", "fact", "-id"], name="verified_fact_by_line")]
        constraints = [
            models.CheckConstraint(name="verified_fact_says_by_what", condition=Q(basis__regex=r"\S")),
            proof_is_a_level("verified_fact"),
        ]
