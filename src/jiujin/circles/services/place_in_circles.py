"""Works out at once to which circles one person belongs, without waiting for the night."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import F, Q

from jiujin.circles.errors import BaseUnknown
from jiujin.circles.models import Circle, CirclePerson
from jiujin.circles.reach import reach_of
from jiujin.core.services.record_event import Actor, record_event
from jiujin.registry.models import Person
from jiujin.work.nearby.reach import distance_sql, within_sql


@transaction.atomic
def place_in_circles(*, person: Person, day: date, actor: Actor) -> list[Circle]:
    """Bring one person's circles in line with their home, as a whole refresh would; gives the circles they belong to."""
    held = Person.objects.select_for_update(of=("self",)).select_related("home").get(pk=person.pk)
    homes = {circle.pk: (circle, distance) for circle in _open_circles(day) if (distance := _distance(circle, held))}
    gone = CirclePerson.objects.filter(person=held, end_on=None).exclude(circle__in=homes)
    left = list(gone.order_by("circle").values_list("circle", flat=True))
    gone.filter(start_on__gte=day).update(end_on=F("start_on"))
    gone.filter(start_on__lt=day).update(end_on=day - timedelta(days=1))
    came = []
    for pk, (circle, distance) in homes.items():
        row, is_new = CirclePerson.objects.get_or_create(
            circle=circle, person=held, end_on=None, defaults={"start_on": day, "distance_m": round(distance)}
        )
        if is_new:
            came.append(pk)
        elif row.distance_m != round(distance):
            row.distance_m = round(distance)
            row.save(update_fields=["distance_m"])
    if came or left:
        details = {"came": came, "left": left, "day": day.isoformat()}
        record_event(actor=actor, verb="person_placed_in_circles", subject=held, details=details)
    return [circle for circle, _distance_m in homes.values()]


def _open_circles(day: date) -> list[Circle]:
    found = Circle.objects.filter(Q(end_on=None) | Q(end_on__gte=day), start_on__lte=day)
    return list(found.select_related("community", "base_point__address").order_by("pk"))


def _distance(circle: Circle, person: Person) -> float | None:
    """Metres from the circle's base to the person's home; None outside the circle."""
    if person.home_id is None or person.merged_into_id is not None:
        return None
    try:
        given = {**reach_of(circle).parameters(), "home": person.home_id}
    except BaseUnknown:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {distance_sql('a')} FROM registry_address a WHERE a.id = %(home)s AND {within_sql('a')}", given
        )
        row = cursor.fetchone()
    return None if row is None else max(float(row[0]), 1e-3)
