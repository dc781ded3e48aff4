"""That somebody's identity number was entered wrongly: what it should be, who says so, and what a second person decided."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from jiujin.core.fields import EncryptedTextField
from jiujin.registry.models.merging import MergeProposal
from jiujin.registry.models.people import Person


class CorrectionState(models.TextChoices):
    """Where a correction of an identity number stands."""

    ASKED = "asked", _("待第二人确认")
    CONFIRMED = "confirmed", _("已改正")
    REFUSED = "refused", _("没有改正")


class IdentityCorrection(models.Model):
    """One correction of one person's identity number; only one waits at a time, and nobody confirms their own.

    `id_number` is the right one while it waits, and empty afterwards: the person has it, or nobody needs it. `proposal` is the
    merge that was proposed where another record already has the right number.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="identity_corrections")
    id_number = EncryptedTextField(null=True)
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=CorrectionState.choices, default=CorrectionState.ASKED)
    proposal = models.ForeignKey(MergeProposal, models.SET_NULL, null=True, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now(), editable=False)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_open_correction_a_person", fields=["person"], condition=Q(state=CorrectionState.ASKED)
            ),
            models.CheckConstraint(name="correction_state_is_known", condition=Q(state__in=CorrectionState.values)),
            models.CheckConstraint(name="correction_of_identity_says_why", condition=Q(reason__regex=r"\S")),
            models.CheckConstraint(
                name="waiting_correction_has_its_number",
                condition=Q(state=CorrectionState.ASKED, id_number__isnull=False)
                | (~Q(state=CorrectionState.ASKED) & Q(id_number__isnull=True)),
            ),
            models.CheckConstraint(
                name="decided_correction_names_who",
                condition=Q(state=CorrectionState.ASKED) | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="correction_is_confirmed_by_another",
                condition=~Q(state=CorrectionState.CONFIRMED) | ~Q(decided_by=F("asked_by")),
            ),
        ]
