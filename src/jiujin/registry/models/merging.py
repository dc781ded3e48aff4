"""The proposals to make one of two records of a person, and the searches that find them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from jiujin.registry.models.people import Person


class MergeState(models.TextChoices):
    """Where a proposal stands."""

    PROPOSED = "proposed", _("待确认")
    MERGED = "merged", _("已合并")
    DISMISSED = "dismissed", _("不是同一人")
    UNDONE = "undone", _("已撤销合并")


class MergeProposal(models.Model):
    """That two records are likely one person: how likely, why, and what somebody decided.

    `kept` is the record that stays. `moved` lists what went over from the other (`registry.moving`), so that it can go back.
    """

    kept = models.ForeignKey(Person, models.PROTECT, related_name="+")
    other = models.ForeignKey(Person, models.PROTECT, related_name="+")
    probability = models.FloatField()
    reasons = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=MergeState.choices, default=MergeState.PROPOSED)
    moved = models.JSONField(default=dict)
    proposed_at = models.DateTimeField(db_default=Now(), editable=False)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_open_proposal_a_pair", fields=["kept", "other"], condition=Q(state=MergeState.PROPOSED)
            ),
            models.CheckConstraint(name="proposal_is_of_two_records", condition=~Q(kept=F("other"))),
            models.CheckConstraint(
                name="proposal_probability_is_a_share", condition=Q(probability__gte=0, probability__lte=1)
            ),
            models.CheckConstraint(
                name="decided_proposal_names_who",
                condition=Q(state=MergeState.PROPOSED) | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
        ]


class SearchState(models.TextChoices):
    """Where a search for likely-same people stands."""

    QUEUED = "queued", _("排队")
    RUNNING = "running", _("查找中")
    FINISHED = "finished", _("完成")
    FAILED = "failed", _("中断")


OPEN_SEARCH = (SearchState.QUEUED, SearchState.RUNNING)


class MergeSearch(models.Model):
    """One search of the whole registry for likely-same people: who asked (nobody: the night), how far, what it found."""

    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=SearchState.choices, default=SearchState.QUEUED)
    stage = models.CharField(max_length=40, blank=True)
    done_count = models.BigIntegerField(default=0)
    total_count = models.BigIntegerField(default=0)
    found_count = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField(db_default=Now(), editable=False)
    heard_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["-asked_at"], name="merge_search_by_age")]
        constraints = [
            models.CheckConstraint(name="merge_search_state_is_known", condition=Q(state__in=SearchState.values)),
            models.UniqueConstraint(
                name="one_open_merge_search", fields=["state"], condition=Q(state__in=["queued", "running"])
            ),
            models.CheckConstraint(
                name="finished_merge_search_says_when",
                condition=Q(state__in=["queued", "running"]) | Q(finished_at__isnull=False),
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Whether it waits or runs."""
        return self.state in OPEN_SEARCH
