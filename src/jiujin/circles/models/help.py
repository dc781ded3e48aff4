"""Help for people in difficulty: each one's plan, and what became of them afterwards."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from jiujin.circles.models.circles import Circle
from jiujin.registry.models import Person
from jiujin.work.models import Placement


class HelpPlan(models.Model):
    """One person's plan: what they want and can, what is done for them, until when. A new one ends the one before."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="help_plans")
    circle = models.ForeignKey(Circle, models.PROTECT, null=True, related_name="help_plans")
    made_on = models.DateField()
    situation = models.TextField()
    steps = models.TextField()
    until_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_open_plan_a_person", fields=["person"], condition=Q(ended_on=None)),
            models.CheckConstraint(name="help_plan_says_steps", condition=Q(steps__regex=r"\S")),
        ]


class FollowUp(models.Model):
    """What a person who was placed does so many months later, as the plan has them."""

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="follow_ups")
    after_months = models.PositiveSmallIntegerField()
    asked_on = models.DateField()
    still_employed = models.BooleanField(null=True)
    words = models.CharField(max_length=300, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_follow_up_a_time", fields=["placement", "after_months"]),
            models.CheckConstraint(name="follow_up_time_is_known", condition=Q(after_months__gte=1)),
        ]
