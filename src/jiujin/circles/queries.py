"""Reads of the circles; the viewer comes first and bounds what is seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import (
    Count,
    F,
    Q,
    QuerySet,
    Subquery,
)
from django.utils import timezone

from jiujin.accounts.models import Role, User
from jiujin.accounts.permissions import Room, may_enter
from jiujin.circles.models import Circle, CircleFirm, CirclePerson, ServicePoint
from jiujin.circles.reach import reach_of
from jiujin.matching import Index
from jiujin.matching.question import TOP_MAX
from jiujin.registry.models import Address, Person
from jiujin.registry.queries import people_seen_by
from jiujin.work.acting_for import operator_of
from jiujin.work.models import MatchLine, MatchRun, Placement
from jiujin.work.nearby.index import live_index
from jiujin.work.nearby.reach import Reach, distance_sql, within_sql
from jiujin.work.nearby.search import PAGE_LINES, NearFilters, NearPage, search_near
from jiujin.work.queries import running_on
from jiujin.work.states import VacancyState

SEE_CIRCLES_OF_THEIR_AREA = frozenset({Role.CLERK, Role.REVIEWER, Role.TOWNSHIP, Role.SUPERVISOR, Role.LEADER})
HISTORY_MONTHS = 12


# --- circles -------------------------------------------------------------------------------------------------------------


def circles_seen_by(viewer: User) -> QuerySet[Circle]:
    """The circles of the viewer's area, of their operator, or whom they were assigned to."""
    circles = Circle.objects.select_related("community__parent", "base_point__address", "operator")
    if viewer.role in SEE_CIRCLES_OF_THEIR_AREA:
        return circles.filter(community__code__startswith=viewer.area_code)
    if viewer.role == Role.SPECIALIST:
        return circles.filter(pk__in=viewer.circles.filter(end_on=None).values("circle"))
    if viewer.role == Role.OPERATOR:
        operator = operator_of(viewer)
        return circles.filter(operator=operator) if operator else circles.none()
    return circles.none()


def may_change_circles(viewer: User) -> bool:
    """Whether the viewer opens circles, moves their base and assigns specialists."""
    return may_enter(viewer, Room.CIRCLE_CHANGES)


def people_served_by(viewer: User) -> QuerySet[Person]:
    """Whom the viewer works for: those of their area; a specialist's circles and whom they served; an operator's circles,
    where the person agreed to it, and whom the operator served. A record that was merged into another is nobody's.
    """
    return _served_by(viewer).filter(merged_into=None)


def _served_by(viewer: User) -> QuerySet[Person]:
    """By what the database keeps with each person."""
    if viewer.role == Role.SPECIALIST:
        return Person.objects.filter(_lives_in(circles_seen_by(viewer)) | Q(server_ids__contains=[viewer.pk]))
    if viewer.role == Role.OPERATOR:
        operator = operator_of(viewer)
        if operator is None:
            return Person.objects.none()
        near = _lives_in(Circle.objects.filter(operator=operator)) & Q(shares_with_operator=True)
        return Person.objects.filter(near | Q(operator_ids__contains=[operator.pk]))
    return people_seen_by(viewer)


def _lives_in(circles: QuerySet[Circle]) -> Q:
    return Q(circle_ids__overlap=ArraySubquery(circles.order_by("pk").values("pk")))


def people_in_circle(circle: Circle) -> QuerySet[Person]:
    """Who belongs to a circle now."""
    held = CirclePerson.objects.filter(circle=circle, end_on=None).values("person")
    return Person.objects.filter(pk__in=held, merged_into=None)


def circle_of(person: Person, day: date | None = None) -> Circle | None:
    """The circle that a person's home belongs to, the nearest where there are several; worked out from the home where it is
    not recorded yet.
    """
    on = day or timezone.localdate()
    open_circles = Circle.objects.filter(Q(end_on=None) | Q(end_on__gte=on), start_on__lte=on).select_related(
        "community", "base_point__address"
    )
    held = open_circles.filter(people__person=person, people__end_on=None).order_by("people__distance_m", "pk").first()
    if held is not None or person.home is None or person.home.lat is None:
        return held
    for circle in open_circles.order_by("pk"):
        if has_home_in(circle, person):
            return circle
    return None


def has_home_in(circle: Circle, person: Person) -> bool:
    """Whether a person's home lies within the circle's radius of its base, by the points as they are."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT 1 FROM registry_address a WHERE a.id = %(home)s AND {within_sql('a')}",
            {**reach_of(circle).parameters(), "home": person.home_id},
        )
        return cursor.fetchone() is not None


# --- counts --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CircleCounts:
    """Who belonged to a circle on one day; the size of some firms is not known."""

    day: date
    people: int
    firms: int
    small_firms: int
    size_unknown: int


def circle_counts(circle: Circle, day: date) -> CircleCounts:
    """Who belonged to a circle on a day."""
    held = _held_on(day)
    firms = CircleFirm.objects.filter(held, circle=circle).aggregate(
        firms=Count("pk"), small_firms=Count("pk", Q(is_small=True)), size_unknown=Count("pk", Q(is_small=None))
    )
    return CircleCounts(
        day, CirclePerson.objects.filter(held, circle=circle, person__merged_into=None).count(), **firms
    )


def counts_of(circles: Sequence[Circle], day: date) -> dict[int, CircleCounts]:
    """The counts of several circles on a day, in two statements."""
    held = _held_on(day)
    ids = [circle.pk for circle in circles]
    people = dict(
        CirclePerson.objects.filter(held, circle__in=ids, person__merged_into=None)
        .values("circle")
        .order_by("circle")
        .values_list("circle", Count("pk"))
    )
    firms = {
        row["circle"]: row
        for row in CircleFirm.objects.filter(held, circle__in=ids)
        .values("circle")
        .order_by("circle")
        .annotate(
            firms=Count("pk"), small_firms=Count("pk", Q(is_small=True)), size_unknown=Count("pk", Q(is_small=None))
        )
    }
    return {
        pk: CircleCounts(
            day,
            people.get(pk, 0),
            *(firms.get(pk, {}).get(name, 0) for name in ("firms", "small_firms", "size_unknown")),
        )
        for pk in ids
    }


def count_history(circle: Circle, day: date, months: int = HISTORY_MONTHS) -> list[CircleCounts]:
    """The counts on a day and at the end of each month before it since the circle began, newest first."""
    days, last = [day], day
    for _month in range(months - 1):
        last = last.replace(day=1) - timedelta(days=1)
        if last >= circle.start_on:
            days.append(last)
    return [circle_counts(circle, each) for each in days]


def _held_on(day: date) -> Q:
    return Q(start_on__lte=day) & (Q(end_on=None) | Q(end_on__gte=day))


# --- points of service ---------------------------------------------------------------------------------------------------


def service_points_near(lat: float, lon: float, radius_m: float) -> list[tuple[ServicePoint, float]]:
    """The open points of service within reach with their distance in metres, nearest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT point.id, {distance_sql('a')} AS distance_m FROM circles_servicepoint point"
            f" JOIN registry_address a ON a.id = point.address_id WHERE point.is_open AND {within_sql('a')}"
            " ORDER BY distance_m, point.id",
            Reach(lat, lon, radius_m).parameters(),
        )
        rows = cursor.fetchall()
    points = ServicePoint.objects.select_related("address", "area").in_bulk([pk for pk, _distance in rows])
    return [(points[pk], distance) for pk, distance in rows]


@dataclass(frozen=True)
class ServiceReach:
    """Of the people whose home has a point, how many have a public point of service within the radius.

    `without` holds the ids of those who have none; `no_point` is how many have no known point.
    """

    radius_m: int
    within: int
    without: list[int]
    no_point: int

    @property
    def known(self) -> int:
        """How many have a point."""
        return self.within + len(self.without)

    @property
    def share(self) -> float | None:
        """The share within; None where nobody has a point."""
        return self.within / self.known if self.known else None


def share_with_service_point(people: QuerySet[Person], radius_m: int) -> ServiceReach:
    """How many of these people have a point of public service within `radius_m` of home, in a straight line."""
    living = people.filter(merged_into=None)
    homes = list(living.filter(home__lat__isnull=False).order_by("pk").values_list("pk", "home__lat", "home__lon"))
    no_point = living.count() - len(homes)
    points = ServicePoint.objects.filter(is_open=True, is_public=True, address__lat__isnull=False).order_by("pk")
    sites = list(points.values_list("pk", "address__lat", "address__lon"))
    if not homes or not sites:
        return ServiceReach(radius_m, 0, [pk for pk, _lat, _lon in homes], no_point)
    site_columns = [np.array(column) for column in zip(*sites, strict=True)]
    ids, lat, lon = (np.array(column) for column in zip(*homes, strict=True))
    index = Index.build(*site_columns)
    reached = index.batch(lat, lon, radius_m, 1).found > 0
    return ServiceReach(radius_m, int(reached.sum()), ids[~reached].tolist(), no_point)


@dataclass(frozen=True)
class WorkReach:
    """Of a circle's people, how many are at work; of those, for how many the place of work lies in the circle too.

    `unplaced` is how many work at a place whose point is not known.
    """

    at_work: int
    within: int
    unplaced: int


def work_in_circle(circle: Circle, day: date) -> WorkReach:
    """How many of those who belong to a circle on a day are at work then, and how many of them within it.

    Raises BaseUnknown.
    """
    people = CirclePerson.objects.filter(_held_on(day), circle=circle, person__merged_into=None).values("person")
    running = Placement.objects.filter(running_on(day), person__in=people)
    at_work = running.order_by().values("person").distinct()
    near = running.filter(workplace__address__in=_addresses_within(reach_of(circle)))
    known = running.filter(workplace__address__lat__isnull=False).values("person")
    return WorkReach(
        at_work=at_work.count(),
        within=near.order_by().values("person").distinct().count(),
        unplaced=at_work.exclude(person__in=known).count(),
    )


def _addresses_within(reach: Reach) -> QuerySet[Address]:
    """The addresses within reach that some place of work has."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.id FROM registry_workplace place JOIN registry_address a ON a.id = place.address_id"
            f" WHERE {within_sql('a')}",
            reach.parameters(),
        )
        return Address.objects.filter(pk__in=[pk for (pk,) in cursor.fetchall()])


# --- vacancies -----------------------------------------------------------------------------------------------------------


def search_in_circle(
    circle: Circle,
    *,
    person: Person,
    filters: NearFilters | None = None,
    day: date | None = None,
    page: int = 1,
    top: int = PAGE_LINES,
) -> NearPage:
    """The vacancies in a circle for someone who lives in it: home and place of work both lie within the radius of the base.

    Distances are from home, so up to twice the radius. Nothing for whose home lies outside. Raises BaseUnknown, IndexNotReady.
    """
    home = person.home
    if home is None or home.lat is None or home.lon is None or not has_home_in(circle, person):
        return NearPage([], 0, circle.radius_m)
    found = search_near(
        lat=home.lat,
        lon=home.lon,
        radius_m=circle.radius_m * 2,
        top=top,
        page=page,
        filters=filters,
        person=person,
        day=day,
        within=vacancy_ids_in(circle),
    )
    return NearPage(found.lines, found.total, circle.radius_m, found.page, found.page_lines, related=found.related)


def vacancy_ids_in(circle: Circle) -> Sequence[int]:
    """The open vacancies whose place of work lies in the circle: from the index, or where they are too many from the database."""
    reach = reach_of(circle)
    result = live_index().index.search(reach.lat, reach.lon, reach.radius_m, TOP_MAX)
    if result.total_within <= TOP_MAX:
        return [match.id for match in result.matches]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT vacancy.id FROM work_vacancy vacancy JOIN registry_workplace place ON place.id = vacancy.workplace_id"
            f" JOIN registry_address a ON a.id = place.address_id WHERE vacancy.state = '{VacancyState.OPEN}'"
            f" AND {within_sql('a')}",
            reach.parameters(),
        )
        return [pk for (pk,) in cursor.fetchall()]


# --- nightly lists -------------------------------------------------------------------------------------------------------


def latest_run() -> MatchRun | None:
    """The last nightly batch that was finished."""
    return MatchRun.objects.filter(finished_at__isnull=False).order_by("-day").first()


def match_lists(viewer: User, run: MatchRun | None = None) -> QuerySet[MatchLine]:
    """The lines of the latest nightly batch for the people whom the viewer serves, person by person, best first."""
    chosen = run or latest_run()
    if chosen is None:
        return MatchLine.objects.none()
    lines = MatchLine.objects.filter(run=chosen, person__in=people_served_by(viewer).values("pk"))
    return lines.select_related("person", "vacancy__employer", "vacancy__workplace").order_by("person", "rank")


def best_match(person: Person) -> MatchLine | None:
    """The best vacancy that the latest nightly batch found for a person, who is one of those that the caller may see."""
    latest = MatchRun.objects.filter(finished_at__isnull=False).order_by("-day").values("pk")[:1]
    lines = MatchLine.objects.filter(run=Subquery(latest), person=person)
    return lines.select_related("vacancy__employer").order_by("rank").first()


def people_without_match(viewer: User, run: MatchRun | None = None) -> QuerySet[Person]:
    """Of those whom the viewer serves and who look for work, the ones for whom the latest batch found nothing."""
    chosen = run or latest_run()
    looking = people_served_by(viewer).filter(wish__is_looking=True, merged_into=None)
    if chosen is None:
        return looking.none()
    return looking.exclude(pk__in=MatchLine.objects.filter(run=chosen).values("person")).order_by(
        F("created_at").desc(), "pk"
    )
