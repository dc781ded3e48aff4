"""Claims and their lines."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from jiujin.claims.states import DECIDED, ClaimState, LineState
from jiujin.registry.models import EvidenceFile, Organisation, Person


class Source(models.TextChoices):
    """How a claim came to be."""

    RECORDS = "records", _("由记录生成")
    ROSTER = "roster", _("名单报送")
    API = "api", _("接口报送")
    SCREENING = "screening", _("主动找人")
    CARRIED_IN = "carried_in", _("期初结转")


class Basis(models.TextChoices):
    """Where a line's facts come from: read anew from a record at each judgement, or as declared in a roster."""

    RECORDS = "records", _("系统记录")
    DECLARED = "declared", _("申报填写")


class Payer(models.TextChoices):
    """Who decides and pays; a line that the city pays makes no posting in the district's book."""

    DISTRICT = "district", _("区")
    CITY = "city", _("市")


class Risk(models.TextChoices):
    """Whether the comparison with other lines and records found something."""

    CLEAR = "clear", _("无疑点")
    MARKED = "marked", _("有疑点")


class Claim(models.Model):
    """A batch of lines by one payee for one scheme. `id` is made by whoever files it, so that filing twice is once.

    `payee` is null only where the plan names no payee's fact (the insurer) and nobody said which it is. Nothing found by a
    screening is sent before the payee confirms it: it waits as a draft.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    number = models.CharField(max_length=40, unique=True)
    plan_id = models.CharField(max_length=60)
    scheme = models.CharField(max_length=60)
    payee = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="claims")
    year = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=12, choices=Source.choices)
    state = models.CharField(max_length=10, choices=ClaimState.choices, default=ClaimState.DRAFT)
    roster = models.ForeignKey(EvidenceFile, models.PROTECT, null=True, related_name="+")
    stamped_scan = models.ForeignKey(EvidenceFile, models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=500, blank=True, db_default="")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["payee", "-made_at"], name="claim_by_payee")]
        constraints = [
            models.CheckConstraint(name="claim_state_is_known", condition=Q(state__in=ClaimState.values)),
            models.CheckConstraint(name="claim_source_is_known", condition=Q(source__in=Source.values)),
            models.CheckConstraint(
                name="submitted_claim_says_when", condition=~Q(state="submitted") | Q(submitted_at__isnull=False)
            ),
        ]


class ClaimLine(models.Model):
    """One subject of one scheme: its facts, what was judged of them, and where it stands.

    `key` is made by the client: the same line sent twice is one line. `facts` and `proofs` (1 declared, 2 documented,
    3 verified) are what the last judgement saw, and `declared` what the payee wrote. `limit_key` says what the scheme's
    limit counts by; a line that takes a place holds `limit_ordinal`, of which the database lets each number up to
    `limit_max` stand once. `marks` is what the comparison with other lines found. `version` grows with every change, so
    that two people at one line notice each other.
    """

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="lines")
    key = models.UUIDField(unique=True, default=uuid.uuid4)
    position = models.PositiveIntegerField()
    plan_id = models.CharField(max_length=60)
    scheme = models.CharField(max_length=60)
    payee = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    payer = models.CharField(max_length=10, choices=Payer.choices, default=Payer.DISTRICT)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="claim_lines")
    area_code = models.CharField(max_length=12, blank=True, db_default="")
    basis = models.CharField(max_length=10, choices=Basis.choices)
    record_id = models.BigIntegerField(null=True)
    declared = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    proofs = models.JSONField(default=dict)
    first_on = models.DateField(null=True)
    last_on = models.DateField(null=True)
    verdict = models.CharField(max_length=8, default="unknown")
    unmet = ArrayField(models.CharField(max_length=80), default=list)
    missing = ArrayField(models.CharField(max_length=80), default=list)
    amount_fen = models.BigIntegerField(null=True)
    limit_key = models.TextField(blank=True, default="")
    limit_max = models.PositiveSmallIntegerField(null=True)
    limit_ordinal = models.PositiveSmallIntegerField(null=True)
    risk = models.CharField(max_length=8, choices=Risk.choices, default=Risk.CLEAR)
    marks = models.JSONField(default=list)
    plan_digest = models.CharField(max_length=64, blank=True, default="")
    judged_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=16, choices=LineState.choices, default=LineState.DRAFT)
    state_at = models.DateTimeField(db_default=Now())
    due_on = models.DateField(null=True)
    is_stopped = models.BooleanField(default=False)
    is_carried_in = models.BooleanField(default=False)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["scheme", "state", "id"], name="line_by_scheme_and_state"),
            models.Index(fields=["person", "scheme"], name="line_by_person"),
            models.Index(fields=["claim", "position"], name="line_by_claim"),
            models.Index(fields=["state", "due_on"], name="line_by_due"),
            models.Index(fields=["scheme", "record_id"], name="line_by_record"),
            models.Index(fields=["scheme", "limit_key"], name="line_by_limit"),
        ]
        constraints = [
            models.UniqueConstraint(name="one_line_a_position", fields=["claim", "position"]),
            models.UniqueConstraint(
                name="one_line_a_place_of_a_limit",
                fields=["plan_id", "scheme", "limit_key", "limit_ordinal"],
                condition=Q(limit_ordinal__isnull=False),
            ),
            models.CheckConstraint(
                name="place_is_within_the_limit",
                condition=Q(limit_ordinal=None)
                | Q(limit_max__isnull=False, limit_ordinal__gte=1, limit_ordinal__lte=F("limit_max")),
            ),
            models.UniqueConstraint(
                name="one_living_line_a_record",
                fields=["plan_id", "scheme", "record_id"],
                condition=Q(record_id__isnull=False, corrects=None)
                & ~Q(state__in=["withdrawn", "rejected", "recovered"]),
            ),
            models.CheckConstraint(name="line_state_is_known", condition=Q(state__in=LineState.values)),
            models.CheckConstraint(name="line_verdict_is_known", condition=Q(verdict__in=["met", "unmet", "unknown"])),
            models.CheckConstraint(
                name="decided_line_is_met_and_priced",
                condition=~Q(state__in=DECIDED)
                | Q(is_carried_in=True, amount_fen__gte=0)
                | (Q(verdict="met", amount_fen__gt=0) & (Q(limit_max=None) | Q(limit_ordinal__isnull=False))),
            ),
            models.CheckConstraint(
                name="approved_line_is_not_stopped", condition=~Q(state="approved") | Q(is_stopped=False)
            ),
            models.CheckConstraint(
                name="line_from_records_names_one", condition=~Q(basis="records") | Q(record_id__isnull=False)
            ),
        ]


class RecordGap(models.Model):
    """A record that would be entitled but for one thing that is not known: the last screening found it. Replaced each night."""

    plan_id = models.CharField(max_length=60)
    scheme = models.CharField(max_length=60)
    record_id = models.BigIntegerField()
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    payee = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="+")
    missing = models.CharField(max_length=80)
    found_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["payee", "scheme"], name="gap_by_payee")]
        constraints = [models.UniqueConstraint(name="one_gap_a_record", fields=["plan_id", "scheme", "record_id"])]
