"""Internship bases: recognised, reviewed each year; their posts and where those were published."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from jiujin.internships.states import BaseState
from jiujin.registry.models import Organisation, Workplace


class Base(models.Model):
    """A unit that takes interns; it takes them only while it is recognised."""

    unit = models.OneToOneField(Organisation, models.PROTECT, related_name="internship_base")
    state = models.CharField(max_length=12, choices=BaseState.choices, default=BaseState.APPLIED)
    applied_on = models.DateField()
    recognised_on = models.DateField(null=True)
    document = models.CharField(max_length=120, blank=True)
    withdrawn_on = models.DateField(null=True)
    reasons = models.CharField(max_length=300, blank=True)
    mentor = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="base_state_is_known", condition=Q(state__in=BaseState.values)),
            models.CheckConstraint(
                name="recognised_base_says_when", condition=~Q(state="recognised") | Q(recognised_on__isnull=False)
            ),
        ]


class BaseReview(models.Model):
    """A base's yearly review: passed or not; `figures` are those of the year, as counted from records at that moment."""

    base = models.ForeignKey(Base, models.PROTECT, related_name="reviews")
    year = models.PositiveSmallIntegerField()
    passed = models.BooleanField()
    words = models.TextField(blank=True, default="")
    figures = models.JSONField(default=dict)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_review_a_year", fields=["base", "year"])]


class InternPost(models.Model):
    """A post for interns at a base: what they do, how many, and the stipend that the unit pays a month, in fen."""

    base = models.ForeignKey(Base, models.PROTECT, related_name="posts")
    workplace = models.ForeignKey(Workplace, models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=80)
    description = models.TextField(blank=True)
    headcount = models.PositiveSmallIntegerField()
    months = models.PositiveSmallIntegerField()
    stipend_fen = models.BigIntegerField()
    open_from = models.DateField()
    open_until = models.DateField()
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="intern_post_has_a_title", condition=Q(title__regex=r"\S")),
            models.CheckConstraint(name="intern_post_has_places", condition=Q(headcount__gte=1)),
            models.CheckConstraint(name="intern_post_has_months", condition=Q(months__gte=1)),
            models.CheckConstraint(name="intern_post_pays", condition=Q(stipend_fen__gt=0)),
            models.CheckConstraint(
                name="intern_post_opens_before_it_ends", condition=Q(open_until__gte=F("open_from"))
            ),
        ]


class PostPublication(models.Model):
    """Where and when a post was made known: a channel of the plan's, and its address if it has one."""

    post = models.ForeignKey(InternPost, models.PROTECT, related_name="publications")
    channel = models.CharField(max_length=60)
    published_on = models.DateField()
    address = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_publication_a_channel", fields=["post", "channel"])]
