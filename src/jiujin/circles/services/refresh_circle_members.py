"""Works out who and which firms belong to a circle, and keeps it with dates."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction

from jiujin.circles.models import Circle
from jiujin.circles.reach import reach_of
from jiujin.core.services.record_event import Actor, record_event
from jiujin.registry.models import Organisation, OrganisationKind
from jiujin.work.nearby.reach import Reach, distance_sql, within_sql
from jiujin.work.small_firm import small_firm

PEOPLE_NOW = f"""
    SELECT person.id AS member_id, round({distance_sql("a")})::int AS distance_m, NULL::boolean AS is_small
    FROM registry_person person JOIN registry_address a ON a.id = person.home_id
    WHERE person.merged_into_id IS NULL AND {within_sql("a")}
"""
FIRMS_NOW = f"""
    SELECT firm.id AS member_id, min(round({distance_sql("a")}))::int AS distance_m, firm.declared_small AS is_small
    FROM registry_organisation firm
    JOIN registry_workplace place ON place.organisation_id = firm.id AND place.is_open
    JOIN registry_address a ON a.id = place.address_id
    WHERE firm.kinds @> ARRAY[%(employer)s]::varchar[] AND {within_sql("a")}
    GROUP BY firm.id
"""


@dataclass(frozen=True)
class MembersChanged:
    """How many came and went, and how many belong now."""

    people_in: int = 0
    people_out: int = 0
    people: int = 0
    firms_in: int = 0
    firms_out: int = 0
    firms: int = 0

    @property
    def any(self) -> bool:
        """Whether anything changed."""
        return bool(self.people_in or self.people_out or self.firms_in or self.firms_out)


@transaction.atomic
def refresh_circle_members(*, circle: Circle, day: date, actor: Actor) -> MembersChanged:
    """Bring who belongs to a circle in line with homes, places of work and the circle's base as they are.

    Whoever came belongs from `day` on; whoever left, until the day before. Twice on one day changes nothing the second time.
    Raises BaseUnknown.
    """
    held = Circle.objects.select_for_update().get(pk=circle.pk)
    changed = refresh_members_of(held, day=day)
    if changed.any:
        record_event(
            actor=actor,
            verb="circle_members_changed",
            subject=held,
            details={"day": day.isoformat(), **asdict(changed)},
        )
    return changed


def refresh_members_of(circle: Circle, *, day: date) -> MembersChanged:
    """The same inside the caller's transaction, without an event. Raises BaseUnknown."""
    reach = reach_of(circle)
    people = _bring_in_line("circles_circleperson", "person_id", PEOPLE_NOW, circle, reach, day)
    firms = _bring_in_line("circles_circlefirm", "organisation_id", FIRMS_NOW, circle, reach, day)
    return MembersChanged(*people, *firms)


def _size_by_the_table(cursor: Any) -> None:
    """Say of each firm whose facts are known what the plan's table says; the others stay as declared."""
    cursor.execute("SELECT member_id FROM circle_now")
    firms = Organisation.objects.filter(pk__in=[pk for (pk,) in cursor.fetchall()]).exclude(industry="").order_by("pk")
    sizes = [(firm.pk, size) for firm in firms if (size := small_firm(firm)) != firm.declared_small]
    cursor.executemany("UPDATE circle_now SET is_small = %s WHERE member_id = %s", [(size, pk) for pk, size in sizes])


def _bring_in_line(
    table: str, member: str, now_sql: str, circle: Circle, reach: Reach, day: date
) -> tuple[int, int, int]:
    """How many came, went and belong."""
    given: dict[str, Any] = {
        **reach.parameters(), "circle": circle.pk, "day": day, "employer": OrganisationKind.EMPLOYER.value,
    }  # fmt: skip
    keeps_size = table == "circles_circlefirm"
    same_size = "now.is_small IS NOT DISTINCT FROM held.is_small" if keeps_size else "TRUE"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE circle_now ON COMMIT DROP AS {now_sql}", given)
        if keeps_size:
            _size_by_the_table(cursor)
        cursor.execute(
            f"UPDATE {table} held SET end_on = greatest(held.start_on, %(day)s::date - 1)"
            " WHERE held.circle_id = %(circle)s AND held.end_on IS NULL AND NOT EXISTS"
            f" (SELECT FROM circle_now now WHERE now.member_id = held.{member} AND {same_size})",
            given,
        )
        went = cursor.rowcount
        size = ", is_small" if keeps_size else ""
        cursor.execute(
            f"INSERT INTO {table} (circle_id, {member}, start_on, distance_m{size})"
            f" SELECT %(circle)s, now.member_id, %(day)s, now.distance_m{size} FROM circle_now now WHERE NOT EXISTS"
            f" (SELECT FROM {table} held WHERE held.circle_id = %(circle)s AND held.{member} = now.member_id"
            " AND held.end_on IS NULL)",
            given,
        )
        came = cursor.rowcount
        cursor.execute(
            f"UPDATE {table} held SET distance_m = now.distance_m FROM circle_now now WHERE held.circle_id = %(circle)s"
            f" AND held.end_on IS NULL AND held.{member} = now.member_id AND held.distance_m <> now.distance_m",
            given,
        )
        cursor.execute("SELECT count(*) FROM circle_now")
        (count,) = cursor.fetchone()
        cursor.execute("DROP TABLE circle_now")
    return came, went, count
