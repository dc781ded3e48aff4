"""Intakes, enrolments, the saved meaning of a school's headings, and what the city replied and paid."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from jiujin.core.proof import proof_field, proof_is_a_level
from jiujin.registry.models import PACK_CODE, EvidenceFile, Organisation, Person


class Season(models.TextChoices):
    """Which of a year's two intakes."""

    SPRING = "spring", _("春季")
    AUTUMN = "autumn", _("秋季")


class IntakeState(models.TextChoices):
    """Where an intake's list stands."""

    OPEN = "open", _("整理中")
    STAMPED = "stamped", _("已盖章上报")
    RETURNED = "returned", _("市里退回")
    REVIEWED = "reviewed", _("市里已核")
    PAID = "paid", _("市里已拨付")


class HeadingMap(models.Model):
    """What a school's own headings mean, mapped once: heading → fact of the plan; blank means passed over."""

    school = models.OneToOneField(Organisation, models.PROTECT, related_name="heading_map")
    headings = models.JSONField(default=dict)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(db_default=Now())


class Intake(models.Model):
    """The new students of one school, one year and season; `unread` are headings of the last upload that nobody mapped."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="intakes")
    year = models.PositiveSmallIntegerField()
    season = models.CharField(max_length=8, choices=Season.choices)
    state = models.CharField(max_length=10, choices=IntakeState.choices, default=IntakeState.OPEN)
    stamped_list = models.ForeignKey(EvidenceFile, models.PROTECT, null=True, related_name="+")
    stamped_at = models.DateTimeField(null=True)
    copied_at = models.DateTimeField(null=True)
    return_reasons = models.CharField(max_length=300, blank=True, default="")
    unread = models.JSONField(default=list)
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_intake_a_season", fields=["school", "year", "season"]),
            models.CheckConstraint(
                name="stamped_intake_has_a_list", condition=Q(state="open") | Q(stamped_list__isnull=False)
            ),
        ]


class IntakePayment(models.Model):
    """That the city paid the school for students of a list: its voucher; whom it paid for points here."""

    intake = models.ForeignKey(Intake, models.PROTECT, related_name="payments")
    voucher = models.CharField(max_length=60)
    paid_on = models.DateField()
    scan = models.ForeignKey(EvidenceFile, models.PROTECT, null=True, related_name="+")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_intake_payment_a_voucher", fields=["intake", "voucher"])]


class Enrolment(models.Model):
    """That a person entered a school: the subject `enrolment` of the plan.

    `class_type`, `entry_level`, `study_mode` and `upgraded_from` are choices of the plan's facts; `upgraded_from` as the
    person's history shows it, null where nothing is known. `row` is its line in the uploaded list; `verdict`, `reasons` and
    `marks` (codes: `upgraded`, `two_schools`, `two_years`) are what the last check said of it; `payment` is the city's.
    """

    intake = models.ForeignKey(Intake, models.PROTECT, related_name="enrolments")
    person = models.ForeignKey(Person, models.PROTECT, related_name="enrolments")
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="enrolments")
    enrolled_on = models.DateField(null=True)
    study_mode = models.CharField(max_length=40, blank=True)
    entry_level = models.CharField(max_length=40, blank=True)
    class_type = models.CharField(max_length=40, blank=True)
    schooling_years = models.PositiveSmallIntegerField(null=True)
    upgraded_from = models.CharField(max_length=40, blank=True)
    occupation = models.CharField(max_length=80, blank=True)
    left_on = models.DateField(null=True)
    finished_on = models.DateField(null=True)
    certificate_number = models.CharField(max_length=60, blank=True, default="")
    proof = proof_field()
    row = models.PositiveIntegerField(null=True)
    verdict = models.CharField(max_length=8, blank=True, default="")
    reasons = models.JSONField(default=list)
    marks = models.JSONField(default=list)
    payment = models.ForeignKey("IntakePayment", models.PROTECT, null=True, related_name="students")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes = [models.Index(fields=["person", "enrolled_on"], name="enrolment_by_person")]
        constraints = [
            models.UniqueConstraint(name="one_enrolment_an_intake", fields=["intake", "person"]),
            models.CheckConstraint(
                name="enrolment_words_are_codes",
                condition=(Q(study_mode="") | Q(study_mode__regex=PACK_CODE))
                & (Q(entry_level="") | Q(entry_level__regex=PACK_CODE))
                & (Q(class_type="") | Q(class_type__regex=PACK_CODE))
                & (Q(upgraded_from="") | Q(upgraded_from__regex=PACK_CODE)),
            ),
            models.CheckConstraint(
                name="enrolment_is_left_after_it_starts", condition=Q(left_on=None) | Q(left_on__gte=F("enrolled_on"))
            ),
            proof_is_a_level("enrolment"),
        ]


class CityReply(models.Model):
    """What the city said of an intake: its number, date and scan; which students it did not accept, and why."""

    intake = models.ForeignKey(Intake, models.PROTECT, related_name="replies")
    number = models.CharField(max_length=80)
    replied_on = models.DateField()
    accepted_count = models.PositiveIntegerField()
    refused = models.JSONField(default=dict)
    scan = models.ForeignKey(EvidenceFile, models.PROTECT, null=True, related_name="+")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_reply_a_number", fields=["intake", "number"])]
