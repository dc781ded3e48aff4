"""The note of which demo district is loaded."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class DemoDistrict(models.Model):
    """The one demo district of this database: how many people, from which seed, by which edition of the generator."""

    ONLY_ID = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY_ID, editable=False)
    people = models.PositiveIntegerField()
    seed = models.BigIntegerField()
    edition = models.PositiveIntegerField()
    loaded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.CheckConstraint(name="only_one_demo_district", condition=models.Q(id=1))]
