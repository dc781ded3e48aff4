"""Organisations, their places of work, and who acts for them."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from jiujin.core.fields import EncryptedTextField
from jiujin.registry.models.areas import Address, Area

CREDIT_CODE = r"^[0-9A-HJ-NPQRTUWXY]{18}$"  # GB 32100-2015


class OrganisationKind(models.TextChoices):
    """What an organisation does in the plan; one organisation may do several."""

    EMPLOYER = "employer", _("用人单位")
    OPERATOR = "operator", _("运营机构")
    INTERNSHIP_BASE = "internship_base", _("见习基地")
    TECHNICAL_SCHOOL = "technical_school", _("技工院校")
    UNIVERSITY = "university", _("高校")
    HR_AGENCY = "hr_agency", _("人力资源服务机构")
    PUBLIC_SERVICE_AGENCY = "public_service_agency", _("公共就业服务机构")
    INSURER = "insurer", _("保险机构")


class Organisation(models.Model):
    """An organisation, once: its social credit code is unique where it is known.

    `industry` is a code of the national classification (GB/T 4754); with headcount and revenue it says by the plan's table
    whether the firm is small or micro, and until they are known `declared_small` is what the firm says of itself.
    """

    name = models.CharField(max_length=120)
    kinds = ArrayField(models.CharField(max_length=30, choices=OrganisationKind.choices))
    credit_code = models.CharField(max_length=18, null=True, unique=True)
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="organisations")
    address = models.OneToOneField(Address, models.PROTECT, null=True, related_name="organisation")
    contact_name = models.CharField(max_length=60, blank=True, db_default="")
    contact_phone = EncryptedTextField(null=True)
    industry = models.CharField(max_length=5, blank=True, db_default="")
    headcount = models.PositiveIntegerField(null=True)
    revenue_fen = models.BigIntegerField(null=True)
    declared_small = models.BooleanField(null=True)
    is_synthetic = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="organisation_has_a_name", condition=Q(name__regex=r"\S")),
            models.CheckConstraint(
                name="organisation_kinds_are_known",
                condition=Q(kinds__len__gt=0, kinds__contained_by=OrganisationKind.values),
            ),
            models.CheckConstraint(
                name="organisation_credit_code_is_a_code",
                condition=Q(credit_code=None) | Q(credit_code__regex=CREDIT_CODE),
            ),
            models.CheckConstraint(
                name="organisation_revenue_is_not_negative", condition=Q(revenue_fen=None) | Q(revenue_fen__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Workplace(models.Model):
    """A place where an employer has people work; an employer may have several. Closed, it takes no new vacancy."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="workplaces")
    name = models.CharField(max_length=120)
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="workplaces")
    address = models.OneToOneField(Address, models.PROTECT, null=True, related_name="workplace")
    is_open = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_workplace_a_name", fields=["organisation", "name"]),
            models.CheckConstraint(name="workplace_has_a_name", condition=Q(name__regex=r"\S")),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """That a user acts for an organisation; what they may do for it is their role's."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="membership")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
