"""Public-welfare posts: developed by an entity, filed, held by people in difficulty, month by month."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from jiujin.circles.models.circles import Circle
from jiujin.core.proof import Proof, proof_field, proof_is_a_level
from jiujin.registry.models import Organisation, Person


class WelfarePost(models.Model):
    """A public-welfare post that an entity developed, and its filing on the province's platform."""

    entity = models.ForeignKey(Organisation, models.PROTECT, related_name="welfare_posts")
    operator = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    circle = models.ForeignKey(Circle, models.PROTECT, null=True, related_name="welfare_posts")
    title = models.CharField(max_length=80)
    headcount = models.PositiveSmallIntegerField()
    developed_on = models.DateField()
    filing_number = models.CharField(max_length=60, blank=True)
    proof = proof_field()
    closed_on = models.DateField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="welfare_post_has_a_title", condition=Q(title__regex=r"\S")),
            models.CheckConstraint(name="welfare_post_has_places", condition=Q(headcount__gte=1)),
            models.CheckConstraint(
                name="verified_post_has_a_filing", condition=~Q(proof=Proof.VERIFIED) | Q(filing_number__regex=r"\S")
            ),
            proof_is_a_level("welfare_post"),
        ]


class PostHolding(models.Model):
    """That a person holds a post from a day on: the subject `public_post` of the plan. Both days are included.

    The four records of the platform are numbers; a number that is blank is a record that is not known. `proof` is how far
    the dates are proven.
    """

    post = models.ForeignKey(WelfarePost, models.PROTECT, related_name="holdings")
    person = models.ForeignKey(Person, models.PROTECT, related_name="post_holdings")
    start_on = models.DateField()
    end_on = models.DateField(null=True)
    open_ended = models.BooleanField(default=False)
    left_on = models.DateField(null=True)
    left_because = models.CharField(max_length=200, blank=True, db_default="")
    registration_number = models.CharField(max_length=60, blank=True, db_default="")
    labour_filing_number = models.CharField(max_length=60, blank=True, db_default="")
    service_number = models.CharField(max_length=60, blank=True, db_default="")
    proof = proof_field()
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_holding_a_start", fields=["post", "person", "start_on"]),
            models.UniqueConstraint(
                name="one_open_holding_a_person", fields=["person"], condition=Q(left_on=None, end_on=None)
            ),
            models.CheckConstraint(
                name="holding_ends_after_it_starts", condition=Q(end_on=None) | Q(end_on__gte=F("start_on"))
            ),
            models.CheckConstraint(
                name="holding_is_left_after_it_starts", condition=Q(left_on=None) | Q(left_on__gte=F("start_on"))
            ),
            models.CheckConstraint(
                name="open_ended_holding_has_no_end", condition=Q(open_ended=False) | Q(end_on=None)
            ),
            proof_is_a_level("post_holding"),
        ]


class PostMonth(models.Model):
    """One month on a post: days attended, whether social insurance was paid and how much, the wage; `month` is its first day."""

    holding = models.ForeignKey(PostHolding, models.PROTECT, related_name="months")
    month = models.DateField()
    attended_days = models.PositiveSmallIntegerField(null=True)
    is_insured = models.BooleanField(null=True)
    premium_fen = models.BigIntegerField(null=True)
    wage_fen = models.BigIntegerField(null=True)
    proof = proof_field()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_post_month", fields=["holding", "month"]),
            models.CheckConstraint(name="post_month_is_a_first_day", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="post_month_has_days", condition=Q(attended_days=None) | Q(attended_days__lte=31)
            ),
            proof_is_a_level("post_month"),
        ]
