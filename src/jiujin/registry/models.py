"""Areas, people, organisations and who belongs to which priority group. A null always means *not known*."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left, Length, Now
from django.utils.translation import gettext_lazy as _

from jiujin.core.fields import BlindIndexField, EncryptedTextField
from jiujin.core.proof import Proof, proof_field, proof_is_a_level

CREDIT_CODE = r"^[0-9A-HJ-NPQRTUWXY]{18}$"  # GB 32100-2015
PACK_CODE = r"^[a-z][a-z0-9_]*$"


class AreaLevel(models.TextChoices):
    """Levels of the statistical division code that this program works with."""

    DISTRICT = "district", _("区县")
    TOWNSHIP = "township", _("乡镇街道")
    COMMUNITY = "community", _("社区村")


AREA_CODES = {AreaLevel.DISTRICT: r"^\d{6}$", AreaLevel.TOWNSHIP: r"^\d{9}$", AreaLevel.COMMUNITY: r"^\d{12}$"}


class Area(models.Model):
    """A district, township or community by its statistical division code (6, 9 or 12 digits)."""

    code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=60)
    level = models.CharField(max_length=10, choices=AreaLevel.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="area_code_fits_its_level",
                condition=Q(*[Q(level=level, code__regex=form) for level, form in AREA_CODES.items()], _connector=Q.OR),
            ),
            models.CheckConstraint(
                name="area_lies_in_its_parent",
                condition=Q(level=AreaLevel.DISTRICT, parent=None)
                | Q(parent__isnull=False, parent_id=Left("code", Length("parent_id"))) & ~Q(level=AreaLevel.DISTRICT),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Sex(models.TextChoices):
    """As the identity number says it (GB 11643)."""

    MALE = "male", _("男")
    FEMALE = "female", _("女")


class Person(models.Model):
    """A person of the registry, once: their identity number is unique through its index.

    `is_synthetic` marks the invented people of a demonstration.
    """

    id_number = EncryptedTextField()
    id_number_index = BlindIndexField(source="id_number", unique=True)
    name = models.CharField(max_length=60)
    phone = EncryptedTextField(null=True)
    born_on = models.DateField()
    sex = models.CharField(max_length=6, choices=Sex.choices)
    home_area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="residents")
    is_synthetic = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="person_has_a_name", condition=Q(name__regex=r"\S")),
            models.CheckConstraint(name="person_sex_is_known", condition=Q(sex__in=Sex.values)),
        ]

    def __str__(self) -> str:
        return f"Person {self.pk}"  # no name: this text may reach a log


class OrganisationKind(models.TextChoices):
    """What an organisation does in the plan; one organisation may do several."""

    EMPLOYER = "employer", _("用人单位")
    OPERATOR = "operator", _("运营机构")
    INTERNSHIP_BASE = "internship_base", _("见习基地")
    TECHNICAL_SCHOOL = "technical_school", _("技工院校")
    UNIVERSITY = "university", _("高校")
    HR_AGENCY = "hr_agency", _("人力资源服务机构")
    PUBLIC_SERVICE_AGENCY = "public_service_agency", _("公共就业服务机构")


class Organisation(models.Model):
    """An organisation, once: its social credit code is unique where it is known."""

    name = models.CharField(max_length=120)
    kinds = ArrayField(models.CharField(max_length=30, choices=OrganisationKind.choices))
    credit_code = models.CharField(max_length=18, null=True, unique=True)
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="organisations")
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
        ]

    def __str__(self) -> str:
        return self.name


class PriorityStatus(models.Model):
    """That a person belongs to a group of the plan from one day to another, both included, and who certified it.

    `category` is a choice of the plan's fact `priority_group`; that a person belongs to none is a status too. Without
    `end_on` it goes on. A verified status names who certified it, and when.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="priority_statuses")
    category = models.CharField(max_length=40)
    start_on = models.DateField()
    end_on = models.DateField(null=True)
    certified_by = models.CharField(max_length=120, blank=True)
    certified_on = models.DateField(null=True)
    proof = proof_field()
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_status_a_category_and_day", fields=["person", "category", "start_on"]),
            models.CheckConstraint(name="status_category_is_a_code", condition=Q(category__regex=PACK_CODE)),
            models.CheckConstraint(
                name="status_ends_after_it_starts", condition=Q(end_on=None) | Q(end_on__gte=F("start_on"))
            ),
            models.CheckConstraint(
                name="verified_status_is_certified",
                condition=~Q(proof=Proof.VERIFIED) | Q(certified_by__regex=r"\S", certified_on__isnull=False),
            ),
            proof_is_a_level("status"),
        ]
