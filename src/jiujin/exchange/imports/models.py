"""An import by workbook, what came from where, and the tokens of the API."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from jiujin.accounts.models import User
from jiujin.exchange.imports.states import UNDER_WAY, ImportState
from jiujin.registry.models import Organisation


class ImportKind(models.TextChoices):
    """What a record is about."""

    PERSON = "person", _("人员")
    ORGANISATION = "organisation", _("单位和工作地点")
    VACANCY = "vacancy", _("岗位")


class DataImport(models.Model):
    """One workbook: whose, of what, how far, and how many rows are new, changed, unchanged or refused.

    The file and the findings lie beside each other in a folder of their own (`imports.storage`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, models.PROTECT, related_name="imports")
    kind = models.CharField(max_length=20, choices=ImportKind.choices)
    file_name = models.CharField(max_length=255)
    file_bytes = models.BigIntegerField()
    file_sm3 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.QUEUED)
    done_count = models.PositiveIntegerField(default=0)
    total_count = models.PositiveIntegerField(default=0)
    new_count = models.PositiveIntegerField(default=0)
    changed_count = models.PositiveIntegerField(default=0)
    unchanged_count = models.PositiveIntegerField(default=0)
    refused_count = models.PositiveIntegerField(default=0)
    message = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    heard_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["owner", "-created_at"], name="import_by_owner")]
        constraints = [
            models.CheckConstraint(name="import_kind_is_known", condition=Q(kind__in=ImportKind.values)),
            models.CheckConstraint(name="import_state_is_known", condition=Q(state__in=ImportState.values)),
            models.CheckConstraint(
                name="import_refused_says_why", condition=~Q(state__in=["refused", "failed"]) | ~Q(message="")
            ),
        ]

    @property
    def is_under_way(self) -> bool:
        """Whether it waits for a worker or one is at it."""
        return self.state in UNDER_WAY

    @property
    def would_write(self) -> int:
        """How many rows are new or changed."""
        return self.new_count + self.changed_count


class SourceRecord(models.Model):
    """That a record came from a source under that source's own key, and the keyed hash of what it said last.

    The same again changes nothing, also where somebody has changed the record by hand since.
    """

    source = models.CharField(max_length=60)
    kind = models.CharField(max_length=20, choices=ImportKind.choices)
    key = models.CharField(max_length=160)
    subject_id = models.BigIntegerField()
    digest = models.BinaryField(max_length=32)
    first_at = models.DateTimeField(db_default=Now(), editable=False)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_record_a_source_key", fields=["source", "kind", "key"]),
            models.CheckConstraint(name="source_record_kind_is_known", condition=Q(kind__in=ImportKind.values)),
        ]


class ApiToken(models.Model):
    """A token by which another program brings records: of one organisation, or of the bureau where there is none.

    Only the hash of the token is kept. `source` names the program; a new token of the same program knows its records.
    With a `person` it is neither: the program decides and pays as that person, with their role and area, and brings nothing.
    """

    name = models.CharField(max_length=60)
    source = models.CharField(max_length=40)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="api_tokens")
    person = models.ForeignKey(User, models.PROTECT, null=True, related_name="api_tokens")
    token_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="api_token_source_is_a_code", condition=Q(source__regex=r"^[a-z][a-z0-9-]*$")),
            models.CheckConstraint(name="api_token_hash_is_a_hash", condition=Q(token_hash__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(
                name="api_token_of_a_person_is_made_by_them",
                condition=Q(person=None) | Q(person=models.F("made_by"), organisation=None),
            ),
        ]
