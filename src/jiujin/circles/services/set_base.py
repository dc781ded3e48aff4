"""Moves a circle's base or changes its reach, and says beforehand what that does to who belongs."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from jiujin.circles.errors import RadiusInvalid
from jiujin.circles.models import Circle, ServicePoint
from jiujin.circles.reach import base_of
from jiujin.circles.services.refresh_circle_members import MembersChanged, refresh_members_of
from jiujin.core.services.record_event import Actor, record_event
from jiujin.registry.models import Organisation

RADIUS_M_MAX = 100_000


@transaction.atomic
def set_base(
    *,
    circle: Circle,
    base_point: ServicePoint | None,
    radius_m: int,
    operator: Organisation | None,
    day: date,
    actor: Actor,
) -> MembersChanged:
    """Base a circle on a point of service (None: the middle of its community) with a radius and an operator.

    Who belongs changes from `day` on. Raises BaseUnknown, RadiusInvalid.
    """
    held, changed = _moved(circle, base_point, radius_m, day)
    held.operator = operator
    held.save(update_fields=["base_point", "radius_m", "operator"])
    details = {"base_point": base_point.pk if base_point else None, "radius_m": radius_m, "day": day.isoformat()}
    details |= {"people_in": changed.people_in, "people_out": changed.people_out}
    record_event(actor=actor, verb="circle_base_set", subject=held, details=details)
    return changed


def preview_base(*, circle: Circle, base_point: ServicePoint | None, radius_m: int, day: date) -> MembersChanged:
    """What `set_base` would change; nothing is kept. Raises BaseUnknown, RadiusInvalid."""
    with transaction.atomic():
        _held, changed = _moved(circle, base_point, radius_m, day)
        transaction.set_rollback(True)
    return changed


def _moved(circle: Circle, base_point: ServicePoint | None, radius_m: int, day: date) -> tuple[Circle, MembersChanged]:
    if not 1 <= radius_m <= RADIUS_M_MAX:
        raise RadiusInvalid(RADIUS_M_MAX)
    held = Circle.objects.select_for_update().get(pk=circle.pk)
    held.base_point, held.radius_m = base_point, radius_m
    base_of(held)
    return held, refresh_members_of(held, day=day)
