"""Circles, points of service, and who belongs to a circle. A null always means *not known*; both days are included."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from jiujin.registry.models import Address, Area, Organisation, Person


class Circle(models.Model):
    """A circle round an urban community: all within `radius_m` metres of its base.

    The base is the point of `base_point` if the circle has one, else the middle of its community.
    """

    name = models.CharField(max_length=80, unique=True)
    community = models.ForeignKey(Area, models.PROTECT, related_name="circles")
    base_point = models.ForeignKey("ServicePoint", models.PROTECT, null=True, related_name="based_circles")
    radius_m = models.PositiveIntegerField()
    operator = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="circles")
    start_on = models.DateField()
    end_on = models.DateField(null=True)
    is_synthetic = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="circle_has_a_radius", condition=Q(radius_m__gt=0)),
            models.CheckConstraint(
                name="circle_ends_after_it_starts", condition=Q(end_on=None) | Q(end_on__gte=F("start_on"))
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ServicePointKind(models.TextChoices):
    """What a point of service is."""

    CIRCLE_STATION = "circle_station", _("就业圈服务站")
    COMMUNITY_COUNTER = "community_counter", _("社区便民服务中心")
    TOWNSHIP_COUNTER = "township_counter", _("乡镇街道公共服务大厅")
    DISTRICT_COUNTER = "district_counter", _("区人力资源市场")


class ServicePoint(models.Model):
    """A place where people are served face to face. Only a public one counts as public service within reach."""

    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=20, choices=ServicePointKind.choices)
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="service_points")
    address = models.OneToOneField(Address, models.PROTECT, null=True, related_name="service_point")
    run_by = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="service_points")
    is_public = models.BooleanField(default=True)
    phone = models.CharField(max_length=20, blank=True)
    opening_hours = models.CharField(max_length=120, blank=True)
    is_open = models.BooleanField(default=True)
    is_synthetic = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class CirclePerson(models.Model):
    """That a person's home lies in a circle, from one day to another."""

    circle = models.ForeignKey(Circle, models.PROTECT, related_name="people")
    person = models.ForeignKey(Person, models.PROTECT, related_name="circles")
    start_on = models.DateField()
    end_on = models.DateField(null=True)
    distance_m = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_open_circle_person", fields=["circle", "person"], condition=Q(end_on=None)
            ),
            models.CheckConstraint(
                name="circle_person_ends_after_start", condition=Q(end_on=None) | Q(end_on__gte=F("start_on"))
            ),
        ]


class CircleFirm(models.Model):
    """That a firm's place of work lies in a circle, from one day to another; `is_small` is what was known on the first."""

    circle = models.ForeignKey(Circle, models.PROTECT, related_name="firms")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="circles_as_firm")
    start_on = models.DateField()
    end_on = models.DateField(null=True)
    distance_m = models.PositiveIntegerField()
    is_small = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_open_circle_firm", fields=["circle", "organisation"], condition=Q(end_on=None)
            ),
            models.CheckConstraint(
                name="circle_firm_ends_after_start", condition=Q(end_on=None) | Q(end_on__gte=F("start_on"))
            ),
        ]


class Duty(models.TextChoices):
    """As what somebody looks after a circle's people."""

    SPECIALIST = "specialist", _("人社服务专员")
    POST_HOLDER = "post_holder", _("基层特定岗位人员")


class CircleSpecialist(models.Model):
    """Who looks after a circle's people, and as what, from one day to another."""

    circle = models.ForeignKey(Circle, models.PROTECT, related_name="specialists")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="circles")
    duty = models.CharField(max_length=12, choices=Duty.choices, default=Duty.SPECIALIST)
    start_on = models.DateField()
    end_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_open_circle_specialist", fields=["circle", "user"], condition=Q(end_on=None)
            ),
        ]
