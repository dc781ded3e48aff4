"""How far something is proven; the numbers are those that `jiujin.rules` compares."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Proof(models.IntegerChoices):
    """Declared by somebody, shown by a document, or verified at its source; each level includes those below."""

    DECLARED = 1, _("自报")
    DOCUMENTED = 2, _("有材料")
    VERIFIED = 3, _("已核验")


def proof_field() -> models.PositiveSmallIntegerField:
    """A column that holds a level; `proof_is_a_level` is its constraint."""
    return models.PositiveSmallIntegerField(choices=Proof.choices, default=Proof.DECLARED)


def proof_is_a_level(table: str) -> models.CheckConstraint:
    """The database refuses any other number."""
    return models.CheckConstraint(name=f"{table}_proof_is_a_level", condition=models.Q(proof__in=Proof.values))
