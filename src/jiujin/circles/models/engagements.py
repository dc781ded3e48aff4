"""How a street decided to run its circle, and how the district's service engaged an operator for it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from jiujin.circles.models.circles import Circle
from jiujin.registry.models import Area, Organisation


class PilotCommunity(models.Model):
    """That an urban community was chosen as a pilot, with the document that says so; taken back, it counts no more."""

    community = models.OneToOneField(Area, models.PROTECT, related_name="pilot")
    source = models.CharField(max_length=200)
    chosen_on = models.DateField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    is_synthetic = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.CheckConstraint(name="pilot_has_a_source", condition=Q(source__regex=r"\S"))]


class StreetDecision(models.Model):
    """A pilot street's own decision on the mode of its circle; before it no engagement starts."""

    circle = models.ForeignKey(Circle, models.PROTECT, related_name="decisions")
    street = models.ForeignKey(Area, models.PROTECT, related_name="+")
    mode = models.TextField()
    decided_on = models.DateField()
    officer = models.CharField(max_length=60)
    document = models.CharField(max_length=120)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_decision_a_day", fields=["circle", "decided_on"]),
            models.CheckConstraint(
                name="decision_says_mode_and_document", condition=Q(mode__regex=r"\S", document__regex=r"\S")
            ),
        ]


class Procurement(models.TextChoices):
    """How an operator was found."""

    OPEN_TENDER = "open_tender", _("公开招标")
    ENTRUSTED = "entrusted", _("委托")
    OTHER = "other", _("其他方式")


class SystemUsed(models.TextChoices):
    """Which system an operator works on."""

    OURS = "ours", _("本系统")
    PUBLIC_RECRUITING = "public_recruiting", _("公共招聘系统")
    OWN = "own", _("自建系统（接口对接）")


class Engagement(models.Model):
    """The contract with the operator of a circle: how it was found, the term, a fee if any, and its acceptance."""

    circle = models.ForeignKey(Circle, models.PROTECT, related_name="engagements")
    operator = models.ForeignKey(Organisation, models.PROTECT, related_name="engagements")
    procurement = models.CharField(max_length=12, choices=Procurement.choices)
    notice = models.CharField(max_length=200, blank=True)
    contract_number = models.CharField(max_length=60)
    signed_on = models.DateField()
    start_on = models.DateField()
    end_on = models.DateField()
    fee_fen = models.BigIntegerField(null=True)
    system_used = models.CharField(max_length=20, choices=SystemUsed.choices)
    accepted_on = models.DateField(null=True)
    acceptance = models.TextField(blank=True, default="")
    ended_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_contract_a_number", fields=["contract_number"]),
            models.CheckConstraint(name="engagement_ends_after_it_starts", condition=Q(end_on__gte=F("start_on"))),
            models.CheckConstraint(name="engagement_fee_is_something", condition=Q(fee_fen=None) | Q(fee_fen__gt=0)),
        ]


class EngagementIndicator(models.Model):
    """What a contract asks of the operator: counted from records under `measure`, never typed."""

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="indicators")
    name = models.CharField(max_length=80)
    measure = models.CharField(max_length=40)
    figure = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(name="one_indicator_a_measure", fields=["engagement", "measure"])]


class OperatorReport(models.Model):
    """An operator's month as counted from records when it was sent; `month` is its first day."""

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="reports")
    month = models.DateField()
    counted = models.JSONField(default=dict)
    words = models.TextField(blank=True, default="")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_report_a_month", fields=["engagement", "month"]),
            models.CheckConstraint(name="report_month_is_a_first_day", condition=Q(month__day=1)),
        ]
