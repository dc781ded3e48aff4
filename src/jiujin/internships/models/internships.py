"""Applications, internships, their months, and what became of each intern."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from jiujin.core.proof import proof_field, proof_is_a_level
from jiujin.internships.models.bases import Base, InternPost
from jiujin.internships.states import ApplicationState, InternshipState
from jiujin.registry.models import PACK_CODE, EvidenceFile, Organisation, Person


class InternApplication(models.Model):
    """A person's application to the district's public employment service, also where they found the base themselves.

    `group` is a choice of the plan's fact `intern_group`. `judged` is what the rules said of the wished start: the verdict
    and its reasons.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="intern_applications")
    group = models.CharField(max_length=40)
    graduated_on = models.DateField(null=True)
    wished_start_on = models.DateField(null=True)
    wished_months = models.PositiveSmallIntegerField(null=True)
    judged = models.JSONField(default=dict)
    wants = models.ForeignKey(InternPost, models.PROTECT, null=True, related_name="wanted_by")
    found_base = models.ForeignKey(Base, models.PROTECT, null=True, related_name="+")
    recommended_to = models.ForeignKey(InternPost, models.PROTECT, null=True, related_name="applications")
    state = models.CharField(max_length=12, choices=ApplicationState.choices, default=ApplicationState.APPLIED)
    reasons = models.CharField(max_length=300, blank=True, default="")
    applied_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_open_intern_application",
                fields=["person"],
                condition=Q(state__in=["applied", "eligible", "recommended", "accepted"]),
            ),
            models.CheckConstraint(name="intern_group_is_a_code", condition=Q(group__regex=PACK_CODE)),
        ]


class Internship(models.Model):
    """That a person is an intern at a unit: the subject `internship` of the plan. Both days are included.

    `end_on` is the last day as agreed; `ended_on` the last real one. `proof` is how far group and dates are proven.
    `follows` is the internship at another unit that this one goes on from.
    """

    application = models.OneToOneField(InternApplication, models.PROTECT, null=True, related_name="internship")
    person = models.ForeignKey(Person, models.PROTECT, related_name="internships")
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="internships")
    post = models.ForeignKey(InternPost, models.PROTECT, null=True, related_name="internships")
    group = models.CharField(max_length=40)
    graduated_on = models.DateField(null=True)
    start_on = models.DateField()
    end_on = models.DateField()
    ended_on = models.DateField(null=True)
    end_reasons = models.CharField(max_length=200, blank=True, default="")
    follows = models.OneToOneField("self", models.PROTECT, null=True, related_name="followed_by")
    state = models.CharField(max_length=12, choices=InternshipState.choices, default=InternshipState.AGREED)
    agreement_on = models.DateField(null=True)
    insured_on = models.DateField(null=True)
    insurance_number = models.CharField(max_length=60, blank=True, default="")
    certificate_number = models.CharField(max_length=60, blank=True, default="")
    contract_start_on = models.DateField(null=True)
    contract_end_on = models.DateField(null=True)
    contract_open_ended = models.BooleanField(null=True)
    contract_proof = proof_field()
    agreement = models.ForeignKey(EvidenceFile, models.PROTECT, null=True, related_name="+")
    proof = proof_field()
    is_synthetic = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes = [models.Index(fields=["start_on"], name="internship_by_start")]
        constraints = [
            models.UniqueConstraint(name="one_internship_a_start", fields=["person", "unit", "start_on"]),
            models.UniqueConstraint(
                name="one_internship_a_certificate",
                fields=["certificate_number"],
                condition=~Q(certificate_number=""),
            ),
            models.CheckConstraint(name="internship_group_is_a_code", condition=Q(group__regex=PACK_CODE)),
            models.CheckConstraint(name="internship_ends_after_it_starts", condition=Q(end_on__gte=F("start_on"))),
            models.CheckConstraint(
                name="internship_is_left_after_it_starts", condition=Q(ended_on=None) | Q(ended_on__gte=F("start_on"))
            ),
            models.CheckConstraint(
                name="intern_contract_ends_after_it_starts",
                condition=Q(contract_end_on=None) | Q(contract_end_on__gte=F("contract_start_on")),
            ),
            proof_is_a_level("internship"),
        ]


class InternMonth(models.Model):
    """One month of an internship: days attended, the stipend really paid; `month` is a first day.

    A person's month is paid once, here or at another unit: `person` is the internship's.
    """

    internship = models.ForeignKey(Internship, models.PROTECT, related_name="months")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    month = models.DateField()
    attended_days = models.PositiveSmallIntegerField(null=True)
    stipend_fen = models.BigIntegerField(null=True)
    paid_on = models.DateField(null=True)
    voucher = models.ForeignKey(EvidenceFile, models.PROTECT, null=True, related_name="+")
    proof = proof_field()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_intern_month", fields=["internship", "month"]),
            models.UniqueConstraint(
                name="one_paid_month_a_person", fields=["person", "month"], condition=Q(stipend_fen__isnull=False)
            ),
            models.CheckConstraint(name="intern_month_is_a_first_day", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="intern_stipend_is_not_negative", condition=Q(stipend_fen=None) | Q(stipend_fen__gte=0)
            ),
            proof_is_a_level("intern_month"),
        ]


class AbsorptionMonth(models.Model):
    """One month for which the unit paid social insurance for somebody it kept after the internship; `month` is a first day."""

    internship = models.ForeignKey(Internship, models.PROTECT, related_name="absorption_months")
    month = models.DateField()
    proof = proof_field()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_absorption_month", fields=["internship", "month"]),
            models.CheckConstraint(name="absorption_month_is_a_first_day", condition=Q(month__day=1)),
            proof_is_a_level("absorption_month"),
        ]


class InternFollowUp(models.Model):
    """What an intern does so many months after the end: the base's retention is counted from these."""

    internship = models.ForeignKey(Internship, models.PROTECT, related_name="follow_ups")
    after_months = models.PositiveSmallIntegerField()
    asked_on = models.DateField()
    is_employed = models.BooleanField(null=True)
    is_at_the_unit = models.BooleanField(null=True)
    words = models.CharField(max_length=300, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_intern_follow_up_a_time", fields=["internship", "after_months"]),
            models.CheckConstraint(name="intern_follow_up_time_is_known", condition=Q(after_months__gte=1)),
        ]
