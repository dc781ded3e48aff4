"""How a person and a vacancy come together: applications, introductions, services, and the nightly lists."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from jiujin.accounts.models import Role
from jiujin.registry.models import Organisation, Person
from jiujin.work.models.vacancies import Vacancy
from jiujin.work.states import ApplicationState, IntroductionState


class Channel(models.TextChoices):
    """By whose hand something was entered."""

    ONLINE = "online", _("本人网上")
    COUNTER = "counter", _("窗口代办")


class Application(models.Model):
    """That a person applied for a vacancy; one may be open for each pair. The client makes the id, so sent twice is once.

    `folded_into` is the application that stands for this one, where two records of a person that each applied became one: it
    keeps its state, and nobody is shown it, until the records are parted again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="applications")
    vacancy = models.ForeignKey(Vacancy, models.PROTECT, related_name="applications")
    state = models.CharField(max_length=10, choices=ApplicationState.choices, default=ApplicationState.SENT)
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.ONLINE)
    note = models.CharField(max_length=300, blank=True)
    distance_m = models.PositiveIntegerField(null=True)
    declined_because = models.CharField(max_length=200, blank=True)
    folded_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="folded")
    sent_at = models.DateTimeField(db_default=Now(), editable=False)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["vacancy", "state"], name="application_by_vacancy")]
        constraints = [
            models.UniqueConstraint(
                name="one_open_application",
                fields=["person", "vacancy"],
                condition=~Q(state__in=[ApplicationState.DECLINED, ApplicationState.WITHDRAWN]) & Q(folded_into=None),
            ),
            models.CheckConstraint(
                name="application_folds_into_another", condition=Q(folded_into=None) | ~Q(folded_into=F("pk"))
            ),
            models.CheckConstraint(name="application_state_is_known", condition=Q(state__in=ApplicationState.values)),
        ]


class Introduction(models.Model):
    """That a specialist recommended a vacancy to a person, or its employer invited them, with the reasons of that moment."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="introductions")
    vacancy = models.ForeignKey(Vacancy, models.PROTECT, related_name="introductions")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    operator = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=IntroductionState.choices, default=IntroductionState.MADE)
    reasons = models.JSONField(default=list)
    distance_m = models.PositiveIntegerField(null=True)
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_open_introduction", fields=["person", "vacancy"], condition=Q(state=IntroductionState.MADE)
            ),
            models.CheckConstraint(name="introduction_state_is_known", condition=Q(state__in=IntroductionState.values)),
        ]

    @property
    def is_invitation(self) -> bool:
        """Whether the employer itself asked."""
        return self.made_by.role == Role.EMPLOYER


class ServiceKind(models.TextChoices):
    """How a person was served."""

    CALL = "call", _("电话")
    VISIT = "visit", _("上门")
    MEETING = "meeting", _("面谈")
    COUNTER = "counter", _("窗口")
    SESSION = "session", _("集体活动")


class GroupSession(models.Model):
    """One session for several people: what, where, when, and by whom."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=120)
    place = models.CharField(max_length=120, blank=True)
    held_on = models.DateField()
    held_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)


class ServiceRecord(models.Model):
    """One service given to one person. The phone that records it makes the id, so that a record sent twice is one.

    What was recorded stays as it is (a trigger keeps it so): a mistake is mended by another record that `corrects` it, with the
    reason and who entered it. `stands` is false of a record that was corrected, and of a correction that says that the service
    was never given; only records that stand count.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="services")
    kind = models.CharField(max_length=10, choices=ServiceKind.choices)
    served_on = models.DateField()
    served_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    operator = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    session = models.ForeignKey(GroupSession, models.PROTECT, null=True, related_name="services")
    note = models.CharField(max_length=1000, blank=True)
    stands = models.BooleanField(default=True, db_default=True)
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="corrected_by")
    corrected_because = models.CharField(max_length=200, blank=True, db_default="")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["person", "-served_on"], name="service_by_person"),
            models.Index(fields=["served_by", "-served_on"], name="service_by_server"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="one_service_a_person_and_session", fields=["session", "person"], condition=Q(stands=True)
            ),
            models.CheckConstraint(
                name="correction_says_why_and_who",
                condition=Q(corrects=None) | Q(corrected_because__regex=r"\S", entered_by__isnull=False),
            ),
            models.CheckConstraint(name="service_corrects_another", condition=Q(corrects=None) | ~Q(corrects=F("pk"))),
            models.CheckConstraint(name="service_kind_is_known", condition=Q(kind__in=ServiceKind.values)),
        ]


class MatchRun(models.Model):
    """One nightly batch: all people against all open vacancies on one day, how far it is, and what it showed to whom (`exposure`:
    what circles.exposure tells, by code; empty until it is done).
    """

    day = models.DateField(unique=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    people_done = models.PositiveIntegerField(default=0)
    people_total = models.PositiveIntegerField(default=0)
    vacancies_total = models.PositiveIntegerField(default=0)
    failure = models.CharField(max_length=200, blank=True)
    exposure = models.JSONField(default=dict)


class MatchLine(models.Model):
    """One vacancy on one person's list of a run: rank from 1, distance, score and its parts."""

    run = models.ForeignKey(MatchRun, models.CASCADE, related_name="lines")
    person = models.ForeignKey(Person, models.PROTECT, related_name="match_lines")
    vacancy = models.ForeignKey(Vacancy, models.PROTECT, related_name="match_lines")
    rank = models.PositiveSmallIntegerField()
    distance_m = models.PositiveIntegerField()
    score = models.FloatField()
    parts = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_line_a_rank", fields=["run", "person", "rank"])]
