"""Says who looks after a circle, as a service specialist or as holder of a grassroots post, from when to when."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from jiujin.accounts.models import Role, User
from jiujin.circles.errors import NotSpecialist
from jiujin.circles.models import Circle, CircleSpecialist, Duty
from jiujin.core.services.record_event import Actor, record_event


@transaction.atomic
def assign_specialist(
    *, circle: Circle, user: User, start_on: date, actor: Actor, duty: str = Duty.SPECIALIST
) -> CircleSpecialist:
    """Let somebody look after a circle from a day on; who does already goes on. Raises NotSpecialist."""
    if user.role != Role.SPECIALIST or not user.is_active:
        raise NotSpecialist
    assigned, is_new = CircleSpecialist.objects.get_or_create(
        circle=circle, user=user, end_on=None, defaults={"start_on": start_on, "duty": Duty(duty)}
    )
    if is_new:
        record_event(
            actor=actor,
            verb="specialist_assigned",
            subject=circle,
            details={"user": user.pk, "day": start_on.isoformat(), "duty": duty},
        )
    return assigned


@transaction.atomic
def relieve_specialist(*, circle: Circle, user: User, day: date, actor: Actor) -> None:
    """Let a specialist look after a circle no longer from a day on; one who does not, changes nothing."""
    assigned = CircleSpecialist.objects.select_for_update().filter(circle=circle, user=user, end_on=None).first()
    if assigned is None:
        return
    assigned.end_on = max(assigned.start_on, day - timedelta(days=1))
    assigned.save(update_fields=["end_on"])
    record_event(
        actor=actor, verb="specialist_relieved", subject=circle, details={"user": user.pk, "day": day.isoformat()}
    )
