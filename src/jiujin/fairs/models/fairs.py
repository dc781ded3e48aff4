"""Fairs: planned, approved, held; employers and visitors who signed in; intents, once a person and an employer at a fair."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from jiujin.registry.models import Area, EvidenceFile, Organisation, Person
from jiujin.work.models import Placement, Vacancy


class FairKind(models.TextChoices):
    """How a fair is held."""

    ON_SITE = "on_site", _("现场")
    ONLINE = "online", _("线上")
    LIVESTREAM = "livestream", _("直播带岗")
    CAMPUS = "campus", _("校园")


class FairState(models.TextChoices):
    """Where a fair stands."""

    PLANNED = "planned", _("已计划")
    APPROVED = "approved", _("已批准")
    HELD = "held", _("已举办")
    CANCELLED = "cancelled", _("已取消")


class Fair(models.Model):
    """One fair. Held jointly it is one fair still, and credited to one of its hosts."""

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=FairKind.choices)
    state = models.CharField(max_length=10, choices=FairState.choices, default=FairState.PLANNED)
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="fairs")
    place = models.CharField(max_length=200, blank=True)
    held_on = models.DateField()
    until_on = models.DateField()
    aim = models.TextField(blank=True)
    booths = models.PositiveSmallIntegerField(null=True)
    sign_in_code = models.CharField(max_length=32, unique=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    reasons = models.CharField(max_length=300, blank=True, default="")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    is_synthetic = models.BooleanField(default=False)
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes = [models.Index(fields=["-held_on"], name="fair_by_day")]
        constraints = [
            models.UniqueConstraint(name="one_fair_a_name_and_day", fields=["name", "held_on"]),
            models.CheckConstraint(name="fair_has_a_name", condition=Q(name__regex=r"\S")),
            models.CheckConstraint(name="fair_ends_after_it_starts", condition=Q(until_on__gte=F("held_on"))),
            models.CheckConstraint(
                name="fair_is_approved_by_another", condition=Q(approved_by=None) | ~Q(approved_by=F("made_by"))
            ),
        ]


class FairHost(models.Model):
    """Who holds a fair: an agency, a university, or a township; one of them is credited with it."""

    fair = models.ForeignKey(Fair, models.PROTECT, related_name="hosts")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="hosted_fairs")
    township = models.ForeignKey(Area, models.PROTECT, null=True, related_name="hosted_fairs")
    is_credited = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="host_is_one_of_both", condition=Q(organisation=None) ^ Q(township=None)),
            models.UniqueConstraint(name="one_credit_a_fair", fields=["fair"], condition=Q(is_credited=True)),
            models.UniqueConstraint(name="one_hosting_an_organisation", fields=["fair", "organisation"]),
            models.UniqueConstraint(name="one_hosting_a_township", fields=["fair", "township"]),
        ]


class FairEmployer(models.Model):
    """That an employer takes part in a fair, counted once, when it signed in."""

    fair = models.ForeignKey(Fair, models.PROTECT, related_name="employers")
    employer = models.ForeignKey(Organisation, models.PROTECT, related_name="fairs")
    booth = models.CharField(max_length=20, blank=True)
    signed_in_at = models.DateTimeField(null=True)
    key = models.UUIDField(unique=True, default=uuid.uuid4)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_employer_a_fair", fields=["fair", "employer"])]


class FairVacancy(models.Model):
    """A vacancy that an employer brings to a fair."""

    fair_employer = models.ForeignKey(FairEmployer, models.PROTECT, related_name="vacancies")
    vacancy = models.ForeignKey(Vacancy, models.PROTECT, related_name="fairs")

    class Meta:
        constraints = [models.UniqueConstraint(name="one_vacancy_a_fair", fields=["fair_employer", "vacancy"])]


class FairVisitor(models.Model):
    """That somebody came to a fair; `key` is made on the phone, so that a queue sent twice is once. Without a record: a head."""

    fair = models.ForeignKey(Fair, models.PROTECT, related_name="visitors")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="fairs_visited")
    signed_in_at = models.DateTimeField()
    key = models.UUIDField(unique=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_visit_a_person", fields=["fair", "person"])]


class Invitation(models.Model):
    """That a person was asked to a fair for an employer's vacancy, as the matcher chose within capacities."""

    fair = models.ForeignKey(Fair, models.PROTECT, related_name="invitations")
    person = models.ForeignKey(Person, models.PROTECT, related_name="fair_invitations")
    vacancy = models.ForeignKey(Vacancy, models.PROTECT, null=True, related_name="fair_invitations")
    score = models.FloatField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_invitation_a_person", fields=["fair", "person"])]


class FairIntent(models.Model):
    """An intent at a fair, counted once a person and employer there; `key` is made on the phone that recorded it.

    What followed: a placement, or a word why not.
    """

    fair = models.ForeignKey(Fair, models.PROTECT, related_name="intents")
    person = models.ForeignKey(Person, models.PROTECT, related_name="fair_intents")
    employer = models.ForeignKey(Organisation, models.PROTECT, related_name="fair_intents")
    vacancy = models.ForeignKey(Vacancy, models.PROTECT, null=True, related_name="fair_intents")
    key = models.UUIDField(unique=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    followed_on = models.DateField(null=True)
    placement = models.ForeignKey(Placement, models.PROTECT, null=True, related_name="fair_intents")
    outcome = models.CharField(max_length=200, blank=True, default="")
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_intent_a_person_and_employer",
                fields=["fair", "person", "employer"],
                condition=Q(taken_back_at=None),
            ),
        ]


class FairCost(models.Model):
    """A cost of a fair by voucher, in fen; kinds that may not be paid are the plan's, and refused."""

    fair = models.ForeignKey(Fair, models.PROTECT, related_name="costs")
    kind = models.CharField(max_length=40)
    amount_fen = models.BigIntegerField()
    voucher_number = models.CharField(max_length=60)
    paid_on = models.DateField()
    scan = models.ForeignKey(EvidenceFile, models.PROTECT, null=True, related_name="+")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_cost_a_voucher", fields=["fair", "voucher_number"]),
            models.CheckConstraint(name="cost_is_of_something", condition=Q(amount_fen__gt=0)),
        ]
