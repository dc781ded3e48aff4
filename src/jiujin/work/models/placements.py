"""Placements and the monthly records that prove them. A null always means *not known*; a missing month is not a no."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from jiujin.core.proof import Proof, proof_field, proof_is_a_level
from jiujin.registry.models import PACK_CODE, Organisation, Person, Workplace


class Placement(models.Model):
    """That a person works for an employer from a day on, under one form of work.

    `form` is a choice of the plan's fact `employment_form`. `end_on` is the last day of the term as agreed, null where it
    is not known, or where the term is open-ended, which `open_ended` says; `left_on` is the last day that was really worked,
    where the person left. `operator` is who organised the work. `proof` is how far form and dates are proven (a contract or
    agreement).
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="placements")
    employer = models.ForeignKey(Organisation, models.PROTECT, related_name="placements")
    operator = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="organised_placements")
    vacancy = models.ForeignKey("work.Vacancy", models.PROTECT, null=True, related_name="placements")
    workplace = models.ForeignKey(Workplace, models.PROTECT, null=True, related_name="placements")
    form = models.CharField(max_length=40)
    start_on = models.DateField()
    end_on = models.DateField(null=True)
    open_ended = models.BooleanField(default=False)
    left_on = models.DateField(null=True)
    left_because = models.CharField(max_length=200, blank=True, db_default="")
    proof = proof_field()
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes = [models.Index(fields=["start_on"], name="placement_by_start")]
        constraints = [
            models.CheckConstraint(name="placement_form_is_a_code", condition=Q(form__regex=PACK_CODE)),
            models.CheckConstraint(
                name="placement_ends_after_it_starts", condition=Q(end_on=None) | Q(end_on__gte=F("start_on"))
            ),
            models.CheckConstraint(
                name="open_ended_placement_has_no_end", condition=Q(open_ended=False) | Q(end_on=None)
            ),
            models.CheckConstraint(
                name="placement_is_left_after_it_starts", condition=Q(left_on=None) | Q(left_on__gte=F("start_on"))
            ),
            proof_is_a_level("placement"),
        ]


class Contract(models.Model):
    """A contract or agreement that a placement rests on, as signed; a renewal is another one."""

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="contracts")
    number = models.CharField(max_length=60, blank=True)
    signed_on = models.DateField(null=True)
    start_on = models.DateField()
    end_on = models.DateField(null=True)
    open_ended = models.BooleanField(default=False)
    proof = proof_field()
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_contract_a_start", fields=["placement", "start_on"]),
            models.CheckConstraint(
                name="contract_ends_after_it_starts", condition=Q(end_on=None) | Q(end_on__gte=F("start_on"))
            ),
            models.CheckConstraint(
                name="open_ended_contract_has_no_end", condition=Q(open_ended=False) | Q(end_on=None)
            ),
            proof_is_a_level("contract"),
        ]


class InsuranceKind(models.TextChoices):
    """Which insurance was paid for a month."""

    SOCIAL = "social", _("社会保险")
    ACCIDENT = "accident", _("人身意外保险")


class InsuranceMonth(models.Model):
    """One month for which insurance was paid; `month` is its first day."""

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="insurance_months")
    month = models.DateField()
    kind = models.CharField(max_length=10, choices=InsuranceKind.choices)
    proof = proof_field()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_insurance_month_a_kind", fields=["placement", "kind", "month"]),
            models.CheckConstraint(name="insurance_month_is_a_first_day", condition=Q(month__day=1)),
            models.CheckConstraint(name="insurance_kind_is_known", condition=Q(kind__in=InsuranceKind.values)),
            proof_is_a_level("insurance_month"),
        ]


class IncomeMonth(models.Model):
    """One month of work and what it earned, in fen; `month` is its first day, a null amount is not known."""

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="income_months")
    month = models.DateField()
    amount_fen = models.BigIntegerField(null=True)
    proof = proof_field()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_income_month", fields=["placement", "month"]),
            models.CheckConstraint(name="income_month_is_a_first_day", condition=Q(month__day=1)),
            models.CheckConstraint(name="income_is_not_negative", condition=Q(amount_fen=None) | Q(amount_fen__gte=0)),
            proof_is_a_level("income_month"),
        ]


class RegistrationKind(models.TextChoices):
    """Which record stands on the province's employment service platform."""

    EMPLOYMENT = "employment_registered", _("就业登记")
    LABOUR = "labour_filed", _("劳动用工备案")


class Registration(models.Model):
    """That a placement is registered on the province's platform; a verified registration has its reference number."""

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="registrations")
    kind = models.CharField(max_length=30, choices=RegistrationKind.choices)
    reference_number = models.CharField(max_length=60, blank=True)
    proof = proof_field()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_registration_a_kind", fields=["placement", "kind"]),
            models.CheckConstraint(name="registration_kind_is_known", condition=Q(kind__in=RegistrationKind.values)),
            models.CheckConstraint(
                name="verified_registration_has_a_number",
                condition=~Q(proof=Proof.VERIFIED) | Q(reference_number__regex=r"\S"),
            ),
            proof_is_a_level("registration"),
        ]
