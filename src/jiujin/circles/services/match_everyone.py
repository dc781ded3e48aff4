"""The nightly batch: who belongs to the circles is brought up to date, then everyone in them is set against every vacancy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Final

import numpy as np
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from jiujin.circles.errors import BaseUnknown, MatchingUnderWay, RadiusUnset
from jiujin.circles.exposure import Exposure
from jiujin.circles.models import Circle, CirclePerson
from jiujin.circles.services.refresh_circle_members import refresh_circle_members
from jiujin.core.bulk import copy_rows
from jiujin.core.current_plan import current_plan
from jiujin.core.services.record_event import Actor, record_event
from jiujin.matching import PARTS, Limits
from jiujin.registry.models import Person
from jiujin.work.models import JobWish, MatchLine, MatchRun
from jiujin.work.nearby.columns import VacancyIndex
from jiujin.work.nearby.index import read_now
from jiujin.work.nearby.radius import near_radius_m, working_age_min
from jiujin.work.nearby.seekers import seeker_columns

TOP: Final = 20
CHUNK_PEOPLE: Final = 2000
RUNS_KEPT: Final = 7
LOCK: Final = 0x6D617463
DECIMALS: Final = 4
SYSTEM: Final = "system:match_everyone"
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class _Seeking:
    """One person as the batch needs them."""

    person: Person
    wish: JobWish | None
    radius_m: int


def match_everyone(*, day: date, actor: Actor = SYSTEM, progress: Progress = lambda done, total: None) -> MatchRun:
    """Make the lists of one day anew; a run of that day that is there already, whole or broken off, is replaced.

    A list holds the best 20 vacancies within the radius of the person's wish, else the plan's. Until the run is finished the
    lists of the last finished one stay in use. Raises MatchingUnderWay where another process is at it, RadiusUnset.
    """
    with _alone():
        for circle in _open_circles(day):
            try:
                refresh_circle_members(circle=circle, day=day, actor=actor)
            except BaseUnknown:
                continue  # a circle without a base has nobody; its page says what to do
        run = _begin(day)
        try:
            _match(run, progress)
        except Exception as error:
            MatchRun.objects.filter(pk=run.pk).update(failure=f"{type(error).__name__}: {error}"[:200])
            raise
        return _finish(run, actor)


@contextmanager
def _alone() -> Iterator[None]:
    """Only one batch at a time in this database. Raises MatchingUnderWay."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise MatchingUnderWay
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _open_circles(day: date) -> Sequence[Circle]:
    return Circle.objects.filter(Q(end_on=None) | Q(end_on__gte=day), start_on__lte=day).order_by("pk")


@transaction.atomic
def _begin(day: date) -> MatchRun:
    MatchRun.objects.filter(day=day).delete()
    kept = MatchRun.objects.order_by("-day").values_list("pk", flat=True)[:RUNS_KEPT]
    MatchRun.objects.exclude(pk__in=list(kept)).delete()
    return MatchRun.objects.create(day=day, started_at=timezone.now(), people_total=_people().count())


@transaction.atomic
def _finish(run: MatchRun, actor: Actor) -> MatchRun:
    run.refresh_from_db()
    run.finished_at = timezone.now()
    run.save(update_fields=["finished_at"])
    details = {"day": run.day.isoformat(), "people": run.people_done, "vacancies": run.vacancies_total}
    record_event(actor=actor, verb="match_run_finished", subject=run, details=details)
    return run


def _match(run: MatchRun, progress: Progress) -> None:
    near, plan = read_now(), current_plan()
    MatchRun.objects.filter(pk=run.pk).update(vacancies_total=len(near.index))
    limits = Limits(working_age_min=working_age_min(plan, run.day))
    exposure, done = Exposure(near, run.day), 0
    for people in _chunks(run.day):
        with transaction.atomic():
            for radius_m, group in groupby(sorted(people, key=lambda each: each.radius_m), lambda each: each.radius_m):
                _add_lines(run, near, limits, radius_m, list(group), exposure)
            done += len(people)
            MatchRun.objects.filter(pk=run.pk).update(people_done=F("people_done") + len(people))
        progress(done, run.people_total)
    MatchRun.objects.filter(pk=run.pk).update(exposure=exposure.told())


def _people() -> Any:
    """Everyone in an open circle who has a point and has not said that they do not look for work."""
    in_circle = CirclePerson.objects.filter(end_on=None).values("person")
    people = Person.objects.filter(pk__in=in_circle, merged_into=None, home__lat__isnull=False)
    return people.filter(Q(wish=None) | Q(wish__is_looking=True)).select_related("home", "wish")


def _chunks(day: date) -> Iterator[list[_Seeking]]:
    plan_radius = near_radius_m(current_plan(), day)
    if plan_radius is None:
        raise RadiusUnset
    last = 0
    people = _people().prefetch_related("priority_statuses")
    while chunk := list(people.filter(pk__gt=last).order_by("pk")[:CHUNK_PEOPLE]):
        last = chunk[-1].pk
        wishes = [(person, getattr(person, "wish", None)) for person in chunk]
        yield [_Seeking(person, wish, (wish.radius_m if wish else None) or plan_radius) for person, wish in wishes]


def _add_lines(
    run: MatchRun, near: VacancyIndex, limits: Limits, radius_m: int, people: list[_Seeking], exposure: Exposure
) -> None:
    homes = [each.person.home for each in people]
    result = near.index.batch(
        np.array([home.lat for home in homes if home]),
        np.array([home.lon for home in homes if home]),
        radius_m,
        TOP,
        keys=np.array([each.person.pk for each in people]),
        day=run.day,
        limits=limits,
        **seeker_columns(near, [(each.person, each.wish) for each in people], run.day),
    )
    exposure.add(result, [each.person for each in people])
    copy_rows(
        MatchLine,
        ("run_id", "person_id", "vacancy_id", "rank", "distance_m", "score", "parts"),
        (
            (
                run.pk,
                each.person.pk,
                int(result.ids[row, place]),
                place + 1,
                round(float(result.distances_m[row, place])),
                round(float(result.scores[row, place]), DECIMALS),
                dict(zip(PARTS, result.parts[row, place].astype(float).round(DECIMALS).tolist(), strict=True)),
            )
            for row, each in enumerate(people)
            for place in range(int(result.found[row]))
        ),
    )
