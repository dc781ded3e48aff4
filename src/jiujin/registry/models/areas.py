"""Areas and points on the ground."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left, Length, Now
from django.utils.translation import gettext_lazy as _

from jiujin.core.fields import EncryptedTextField


class AreaLevel(models.TextChoices):
    """Levels of the statistical division code that this program works with."""

    DISTRICT = "district", _("区县")
    TOWNSHIP = "township", _("乡镇街道")
    COMMUNITY = "community", _("社区村")


AREA_CODES = {AreaLevel.DISTRICT: r"^\d{6}$", AreaLevel.TOWNSHIP: r"^\d{9}$", AreaLevel.COMMUNITY: r"^\d{12}$"}


def point_is_whole(table: str) -> models.CheckConstraint:
    """Latitude and longitude come together, in degrees on the ground of WGS84 or CGCS2000."""
    return models.CheckConstraint(
        name=f"{table}_point_is_whole",
        condition=Q(lat=None, lon=None) | Q(lat__gte=-90, lat__lte=90, lon__gte=-180, lon__lte=180),
    )


class Area(models.Model):
    """A district, township or community by its statistical division code (6, 9 or 12 digits), and its middle if known.

    `point_is_invented` marks the made-up middle of a demonstration.
    """

    code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=60)
    level = models.CharField(max_length=10, choices=AreaLevel.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    point_is_invented = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="area_code_fits_its_level",
                condition=Q(*[Q(level=level, code__regex=form) for level, form in AREA_CODES.items()], _connector=Q.OR),
            ),
            models.CheckConstraint(
                name="area_lies_in_its_parent",
                condition=Q(level=AreaLevel.DISTRICT, parent=None)
                | Q(parent__isnull=False, parent_id=Left("code", Length("parent_id"))) & ~Q(level=AreaLevel.DISTRICT),
            ),
            point_is_whole("area"),
        ]

    def __str__(self) -> str:
        return self.name


class PointSource(models.TextChoices):
    """How an address came by its point."""

    PICKED = "picked", _("地图上选")
    COMMUNITY = "community", _("社区中心点")
    IMPORTED = "imported", _("导入")
    GEOCODED = "geocoded", _("地址解析")


class Address(models.Model):
    """An address and its point: degrees on WGS84 or CGCS2000, whatever datum it came in (`came_as` keeps which).

    `is_rough` marks a point that only says the community.
    """

    text = EncryptedTextField(null=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    point_source = models.CharField(max_length=10, choices=PointSource.choices, blank=True)
    came_as = models.CharField(max_length=10, blank=True)
    is_rough = models.BooleanField(default=False)
    is_synthetic = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            point_is_whole("address"),
            models.CheckConstraint(
                name="address_point_has_a_source",
                condition=Q(lat=None, point_source="") | Q(lat__isnull=False, point_source__in=PointSource.values),
            ),
        ]
        indexes = [models.Index(F("lat"), F("lon"), name="address_by_point")]
