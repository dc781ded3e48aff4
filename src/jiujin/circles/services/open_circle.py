"""Opens a circle round an urban community, and ends one."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from jiujin.circles.errors import DayInvalid, NameTaken
from jiujin.circles.models import Circle, ServicePoint
from jiujin.circles.radius import circle_radius_m
from jiujin.circles.reach import base_of
from jiujin.circles.services.refresh_circle_members import refresh_members_of
from jiujin.core.current_plan import current_plan
from jiujin.core.services.record_event import Actor, record_event
from jiujin.registry.models import Area, Organisation


@transaction.atomic
def open_circle(
    *,
    name: str,
    community: Area,
    start_on: date,
    actor: Actor,
    base_point: ServicePoint | None = None,
    operator: Organisation | None = None,
) -> Circle:
    """Open a circle of the plan's radius from a day on; who belongs to it is worked out at once.

    Raises NameTaken, BaseUnknown, RadiusUnset.
    """
    circle = Circle(
        name=name.strip(),
        community=community,
        base_point=base_point,
        radius_m=circle_radius_m(current_plan(), start_on, community.code),
        operator=operator,
        start_on=start_on,
    )
    base_of(circle)
    try:
        with transaction.atomic():
            circle.save()
    except IntegrityError as error:
        raise NameTaken(circle.name) from error
    refresh_members_of(circle, day=start_on)
    record_event(actor=actor, verb="circle_opened", subject=circle, details={"radius_m": circle.radius_m})
    return circle


@transaction.atomic
def end_circle(*, circle: Circle, end_on: date, actor: Actor) -> Circle:
    """End a circle on a day, and with it who belongs to it and who looks after it. Raises DayInvalid."""
    held = Circle.objects.select_for_update().get(pk=circle.pk)
    if held.end_on is not None or end_on < held.start_on:
        raise DayInvalid("这个就业圈已经结束，或结束日期早于开始日期")
    held.end_on = end_on
    held.save(update_fields=["end_on"])
    for members in (held.people, held.firms, held.specialists):
        members.filter(end_on=None, start_on__gt=end_on).delete()
        members.filter(end_on=None).update(end_on=end_on)
    record_event(actor=actor, verb="circle_ended", subject=held, details={"end_on": end_on.isoformat()})
    return held
