"""Visits to enterprises: what was found, needed and promised, and whether the promise was kept."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from jiujin.registry.models import Area, Organisation


class EnterpriseVisit(models.Model):
    """One visit; shown beside the targets, not added to them (a reading)."""

    employer = models.ForeignKey(Organisation, models.PROTECT, related_name="visits")
    township = models.ForeignKey(Area, models.PROTECT, null=True, related_name="enterprise_visits")
    visited_on = models.DateField()
    findings = models.TextField()
    needs_people = models.PositiveIntegerField(null=True)
    needs = models.TextField(blank=True)
    promised = models.TextField(blank=True)
    promised_until = models.DateField(null=True)
    done_on = models.DateField(null=True)
    done_words = models.CharField(max_length=300, blank=True, default="")
    key = models.UUIDField(unique=True, default=uuid.uuid4)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes = [models.Index(fields=["-visited_on"], name="visit_by_day")]
        constraints = [models.CheckConstraint(name="visit_says_findings", condition=Q(findings__regex=r"\S"))]
