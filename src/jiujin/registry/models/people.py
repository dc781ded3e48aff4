"""People, who belongs to which priority group, and what they agreed to. A null always means *not known*."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from jiujin.core.fields import BlindIndexField, EncryptedTextField
from jiujin.core.proof import Proof, proof_field, proof_is_a_level
from jiujin.registry.models.areas import Address, Area

PACK_CODE = r"^[a-z][a-z0-9_]*$"


class Sex(models.TextChoices):
    """As the identity number says it (GB 11643)."""

    MALE = "male", _("男")
    FEMALE = "female", _("女")


def _kept_ids() -> ArrayField[Any, Any]:
    """Keys of other records, in order, that the database keeps."""
    return ArrayField(models.BigIntegerField(), default=list, db_default=[], editable=False)


class Person(models.Model):
    """A person of the registry, once: their identity number is unique through its index, and unknown until they give it.

    A telephone may be shared by a family, so its index is not unique. `user` is the person's own sign-in. `merged_into` is
    the record that took this one's place, when the two turned out to be one person. `is_synthetic` marks the invented people
    of a demonstration.

    What lists ask of everybody at once is kept by the database: from the services in `work` that stand, when the person was
    served last, and by whom (`server_ids`, users; `operator_ids`, who may also have placed them); from `circles`, which circles
    their home lies in now; from the consents, whether operators may know of them.
    """

    id_number = EncryptedTextField(null=True)
    id_number_index = BlindIndexField(source="id_number", unique=True, null=True)
    name = models.CharField(max_length=60)
    phone = EncryptedTextField(null=True)
    phone_index = BlindIndexField(source="phone", null=True, db_index=True)
    born_on = models.DateField(null=True)
    sex = models.CharField(max_length=6, choices=Sex.choices, null=True)
    home_area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="residents")
    home = models.OneToOneField(Address, models.PROTECT, null=True, related_name="resident")
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="person")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    is_synthetic = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    last_served_on = models.DateField(null=True, editable=False)
    server_ids = _kept_ids()
    operator_ids = _kept_ids()
    circle_ids = _kept_ids()
    shares_with_operator = models.BooleanField(default=False, db_default=False, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["-created_at", "id"], condition=Q(merged_into=None), name="person_newest"),
            models.Index(
                fields=["last_served_on", "id"], condition=Q(merged_into=None), name="person_longest_unserved"
            ),
            models.Index(fields=["name", "id"], condition=Q(merged_into=None), name="person_by_name"),
            models.Index(
                fields=["home_area", "id"],
                opclasses=["varchar_pattern_ops", "int8_ops"],  # for the people of a township: codes that begin alike
                condition=Q(merged_into=None),
                name="person_by_home",
            ),
        ]
        constraints = [
            models.CheckConstraint(name="person_has_a_name", condition=Q(name__regex=r"\S")),
            models.CheckConstraint(name="person_sex_is_known", condition=Q(sex=None) | Q(sex__in=Sex.values)),
            models.CheckConstraint(
                name="identified_person_has_birth_and_sex",
                condition=Q(id_number__isnull=True) | Q(born_on__isnull=False, sex__isnull=False),
            ),
            models.CheckConstraint(
                name="person_is_not_merged_into_themselves", condition=Q(merged_into=None) | ~Q(merged_into=F("pk"))
            ),
        ]

    def __str__(self) -> str:
        return f"Person {self.pk}"  # no name: this text may reach a log


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
        indexes = [models.Index(fields=["category", "person"], name="status_by_category")]
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


class Purpose(models.TextChoices):
    """What a person may agree to; each is asked for by itself."""

    FOUND_BY_EMPLOYERS = "found_by_employers", _("让附近的用人单位看到我（不含姓名和电话）")
    CONTACTED = "contacted", _("接收岗位和政策通知")
    SHARED_WITH_OPERATOR = "shared_with_operator", _("资料提供给就业圈运营机构")


class ConsentChannel(models.TextChoices):
    """How a person said it."""

    ONLINE = "online", _("本人网上")
    COUNTER = "counter", _("窗口当面")
    PHONE = "phone", _("电话")
    PAPER = "paper", _("纸质签字")


class Consent(models.Model):
    """That a person agreed to one purpose, from when, and until when they took it back. One may be open a purpose."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=30, choices=Purpose.choices)
    channel = models.CharField(max_length=10, choices=ConsentChannel.choices)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_open_consent_a_purpose", fields=["person", "purpose"], condition=Q(withdrawn_at=None)
            ),
            models.CheckConstraint(name="consent_purpose_is_known", condition=Q(purpose__in=Purpose.values)),
            models.CheckConstraint(
                name="consent_ends_after_it_starts",
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("given_at")),
            ),
        ]
