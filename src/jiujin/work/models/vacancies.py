"""Occupations, vacancies, and what people wish for."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from jiujin.core.fields import EncryptedTextField
from jiujin.registry.models import PACK_CODE, Organisation, Person, Workplace
from jiujin.work.states import VacancyState


class Occupation(models.Model):
    """An occupation of the national classification: the code without hyphens (1, 3, 5 or 7 digits), and its parent."""

    code = models.CharField(max_length=7, primary_key=True)
    name = models.CharField(max_length=120)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")

    def __str__(self) -> str:
        return self.name


class WagePeriod(models.TextChoices):
    """For what time a wage is offered."""

    HOUR = "hour", _("每小时")
    DAY = "day", _("每天")
    MONTH = "month", _("每月")


class Shift(models.TextChoices):
    """When the work is done."""

    DAY = "day", _("白班")
    NIGHT = "night", _("夜班")
    ROTATING = "rotating", _("倒班")
    FLEXIBLE = "flexible", _("时间灵活")


class Schooling(models.IntegerChoices):
    """The least schooling asked, or what a person has; each includes those below."""

    NONE = 0, _("不限")
    PRIMARY = 1, _("小学")
    JUNIOR = 2, _("初中")
    SENIOR = 3, _("高中、中专、技校")
    COLLEGE = 4, _("大专")
    BACHELOR = 5, _("本科")
    MASTER = 6, _("研究生")


class Vacancy(models.Model):
    """Work that an employer offers at one place. Wages are fen for one `wage_period`; `form` is a choice of `employment_form`.

    `filled_count` is how many of `headcount` were hired. `findings` is what the check before publication saw. `search` holds
    the words of title, occupation, employer and description, cut for Chinese.
    """

    employer = models.ForeignKey(Organisation, models.PROTECT, related_name="vacancies")
    workplace = models.ForeignKey(Workplace, models.PROTECT, related_name="vacancies")
    title = models.CharField(max_length=80)
    occupation = models.ForeignKey(Occupation, models.PROTECT, null=True, related_name="vacancies")
    form = models.CharField(max_length=40)
    wage_min_fen = models.BigIntegerField(null=True)
    wage_max_fen = models.BigIntegerField(null=True)
    wage_period = models.CharField(max_length=5, choices=WagePeriod.choices, default=WagePeriod.MONTH)
    hours_a_week = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    shift = models.CharField(max_length=10, choices=Shift.choices, blank=True)
    headcount = models.PositiveIntegerField(default=1)
    filled_count = models.PositiveIntegerField(default=0)
    schooling_min = models.PositiveSmallIntegerField(choices=Schooling.choices, default=Schooling.NONE)
    licences = ArrayField(models.CharField(max_length=40), default=list)
    skills = ArrayField(models.CharField(max_length=40), default=list)
    description = models.TextField(max_length=2000, blank=True)
    welcomes_priority_groups = models.BooleanField(default=False)
    is_small_firm = models.BooleanField(null=True)
    open_until = models.DateField()
    contact_name = models.CharField(max_length=60, blank=True)
    contact_phone = EncryptedTextField(null=True)
    state = models.CharField(max_length=10, choices=VacancyState.choices, default=VacancyState.DRAFT)
    findings = models.JSONField(default=list)
    refused_because = models.CharField(max_length=300, blank=True)
    copied_from = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    source_key = models.CharField(
        max_length=80, null=True
    )  # the importer's own id, so that an import twice is one vacancy
    search = SearchVectorField(null=True)
    is_synthetic = models.BooleanField(default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    published_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["employer", "state"], name="vacancy_by_employer"),
            models.Index(fields=["open_until"], condition=Q(state=VacancyState.OPEN), name="vacancy_open_until"),
            GinIndex(fields=["search"], name="vacancy_by_words"),
        ]
        constraints = [
            models.UniqueConstraint(name="one_vacancy_a_source_key", fields=["employer", "source_key"]),
            models.CheckConstraint(name="vacancy_has_a_title", condition=Q(title__regex=r"\S")),
            models.CheckConstraint(name="vacancy_form_is_a_code", condition=Q(form__regex=PACK_CODE)),
            models.CheckConstraint(name="vacancy_asks_for_someone", condition=Q(headcount__gte=1)),
            models.CheckConstraint(
                name="vacancy_fills_no_more_than_asked", condition=Q(filled_count__lte=F("headcount"))
            ),
            models.CheckConstraint(
                name="vacancy_wages_are_in_order",
                condition=Q(wage_min_fen=None)
                | Q(wage_min_fen__gte=0) & (Q(wage_max_fen=None) | Q(wage_max_fen__gte=F("wage_min_fen"))),
            ),
            models.CheckConstraint(name="vacancy_state_is_known", condition=Q(state__in=VacancyState.values)),
            models.CheckConstraint(
                name="open_vacancy_was_published", condition=~Q(state=VacancyState.OPEN) | Q(published_at__isnull=False)
            ),
            models.CheckConstraint(
                name="open_vacancy_has_a_place",
                condition=~Q(state=VacancyState.OPEN) | Q(filled_count__lt=F("headcount")),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class JobWish(models.Model):
    """What a person looks for; a blank wish accepts anything. Wage is fen a month; the radius is metres from home."""

    person = models.OneToOneField(Person, models.PROTECT, related_name="wish")
    is_looking = models.BooleanField(default=True)
    occupations = ArrayField(models.CharField(max_length=7), default=list)
    forms = ArrayField(models.CharField(max_length=40), default=list)
    shifts = ArrayField(models.CharField(max_length=10), default=list)
    wage_min_fen = models.BigIntegerField(null=True)
    hours_a_week_max = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    radius_m = models.PositiveIntegerField(null=True)
    schooling = models.PositiveSmallIntegerField(choices=Schooling.choices, null=True)
    licences = ArrayField(models.CharField(max_length=40), default=list)
    skills = ArrayField(models.CharField(max_length=40), default=list)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="wished_wage_is_not_negative", condition=Q(wage_min_fen=None) | Q(wage_min_fen__gte=0)
            ),
        ]
