"""The invented points of service and circles of a demonstration: two urban communities, as the plan wants."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from django.db import connection

from jiujin.accounts.models import User
from jiujin.circles.models import Circle, CircleSpecialist, ServicePoint, ServicePointKind
from jiujin.circles.radius import circle_radius_m
from jiujin.circles.services.refresh_circle_members import refresh_members_of
from jiujin.plan import Plan
from jiujin.registry.demo import CAST
from jiujin.registry.demo_places import DemoPlaces, add_addresses, demo_place
from jiujin.registry.models import Area, Organisation, OrganisationKind

CIRCLES = 2
DAYS_OPEN = 120
VILLAGE_NAME_END = "村委会"
HOURS = "周一至周五 8:30–17:30"
Site = tuple[str, ServicePointKind, str, bool]


def fill_circles(*, plan: Plan, seed: int, places: DemoPlaces, day: date, specialist: User) -> list[Circle]:
    """Add the points of service and the circles inside the caller's transaction; gives the circles.

    People and firms must be there: who belongs is worked out as anywhere else. One circle is based on its station, one on the
    middle of its community.
    """
    pick = Random(f"{seed}/circles")
    communities = _urban_communities(pick, places)
    stations = _add_points(pick, places, communities)
    operator = Organisation.objects.filter(name=CAST[OrganisationKind.OPERATOR][0], is_synthetic=True).first()
    circles = []
    for number, community in enumerate(communities):
        circle = Circle.objects.create(
            name=f"演示{community.name}就业圈",
            community=community,
            base_point=stations[number] if number == 0 else None,
            radius_m=circle_radius_m(plan, day, community.code),
            operator=operator,
            start_on=day - timedelta(days=DAYS_OPEN),
            is_synthetic=True,
        )
        CircleSpecialist.objects.create(circle=circle, user=specialist, start_on=circle.start_on)
        refresh_members_of(circle, day=circle.start_on)
        circles.append(circle)
    return circles


def _urban_communities(pick: Random, places: DemoPlaces) -> list[Area]:
    urban = [area for area in places.plan.areas.values() if area.level == "community" and places.is_urban(area.code)]
    codes = sorted(area.code for area in urban if not area.name.endswith(VILLAGE_NAME_END))
    chosen = pick.sample(codes, min(CIRCLES, len(codes)))
    return list(Area.objects.filter(code__in=chosen).order_by("code"))


def _add_points(pick: Random, places: DemoPlaces, communities: Sequence[Area]) -> list[ServicePoint]:
    """A station for each circle, a counter in each town, one for the district; gives the stations."""
    sites: list[Site] = [
        (f"演示{community.name}就业圈服务站", ServicePointKind.CIRCLE_STATION, community.code, True)
        for community in communities
    ]
    district = next(iter(places.plan.areas.values()))
    for area in places.plan.areas.values():
        if area.level == "township":
            sites.append((f"演示{area.name}公共服务大厅", ServicePointKind.TOWNSHIP_COUNTER, area.code, True))
    for community in communities:
        sites.append((f"演示{community.name}便民服务中心", ServicePointKind.COMMUNITY_COUNTER, community.code, True))
    sites.append((f"演示{district.name}人力资源市场", ServicePointKind.DISTRICT_COUNTER, district.code, True))
    addresses = add_addresses([demo_place(places, pick, area) for _, _, area, _ in sites])
    points = [
        ServicePoint.objects.create(
            name=name,
            kind=kind,
            area_id=area,
            address_id=address,
            is_public=public,
            opening_hours=HOURS,
            is_synthetic=True,
        )
        for (name, kind, area, public), address in zip(sites, addresses, strict=True)
    ]
    return points[: len(communities)]


def clear_circles() -> None:
    """Take out every synthetic circle and point of service, and who of the synthetic people belongs to others."""
    of_circle = "(SELECT id FROM circles_circle WHERE is_synthetic)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM circles_circleperson WHERE circle_id IN {of_circle}"
            " OR person_id IN (SELECT id FROM registry_person WHERE is_synthetic)"
        )
        cursor.execute(
            f"DELETE FROM circles_circlefirm WHERE circle_id IN {of_circle}"
            " OR organisation_id IN (SELECT id FROM registry_organisation WHERE is_synthetic)"
        )
        cursor.execute(f"DELETE FROM circles_circlespecialist WHERE circle_id IN {of_circle}")
        cursor.execute(
            "UPDATE circles_circle SET base_point_id = NULL"
            " WHERE base_point_id IN (SELECT id FROM circles_servicepoint WHERE is_synthetic)"
        )
        cursor.execute("DELETE FROM circles_circle WHERE is_synthetic")
        cursor.execute("DELETE FROM circles_servicepoint WHERE is_synthetic")
