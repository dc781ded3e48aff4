"""Loads the demo district: each room adds its own part, all in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from jiujin.accounts.models import Role, User
from jiujin.accounts.services.create_demo_users import create_demo_users
from jiujin.circles.demo import clear_circles, fill_circles
from jiujin.circles.demo_programme import clear_programme, fill_programme
from jiujin.circles.models import Circle, CirclePerson
from jiujin.circles.queries import people_served_by
from jiujin.core.current_plan import current_plan
from jiujin.core.environment import DEMO_PEOPLE_MAX
from jiujin.core.models import DemoDistrict
from jiujin.exchange.imports.models import ApiToken
from jiujin.fairs.demo import clear_fairs, fill_fairs
from jiujin.internships.demo import clear_internships, fill_internships
from jiujin.plan import Plan
from jiujin.registry.demo import CAST, DEMO_EMPLOYER, clear_registry, fill_registry
from jiujin.registry.demo_places import DemoPlaces, set_invented_middles
from jiujin.registry.models import Membership, Organisation, OrganisationKind, Person
from jiujin.registry.services.load_areas import load_areas
from jiujin.schools.demo import clear_schools, fill_schools
from jiujin.work.demo import DemoPlacements, clear_work
from jiujin.work.demo_meetings import fill_meetings
from jiujin.work.demo_vacancies import DemoVacancies, clear_vacancies
from jiujin.work.services.load_occupations import load_occupations

EDITION = 6  # raise it when the same seed and size give other records
DEFAULT_SEED = 1
PEOPLE_MET = 60
LOCK = 0x6A69756A  # pg_advisory_xact_lock: two loads at once would each see nothing loaded
Progress = Callable[[str, int, int], None]


class DemoRefused(Exception):
    """A demo district that is not loaded; the text says why, and what to do."""


@dataclass(frozen=True)
class DemoLoad:
    """What is loaded, and whether this call loaded it."""

    people: int
    seed: int
    is_new: bool


def load_demo(
    *, people: int, seed: int, replace: bool = False, progress: Progress = lambda stage, done, total: None
) -> DemoLoad:
    """Load the demo district, all or nothing; the one that is there already, of this size and seed, is left as it is.

    Args:
        people: 1 to DEMO_PEOPLE_MAX.
        replace: take out the demo district that is there first; records of real people are not touched.
        progress: told the stage, what is done and the total.

    Raises DemoRefused outside demo mode, for an impossible size, and where another demo district is there.
    """
    if not settings.DEMO:
        raise DemoRefused("演示数据只能装进演示用的系统，没有装入任何数据。要演示，请设 JIUJIN_DEMO=1 再运行。")
    if not 1 <= people <= DEMO_PEOPLE_MAX:
        raise DemoRefused(f"人数应在 1 到 {DEMO_PEOPLE_MAX} 之间，没有装入任何数据。请改 --people。")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        loaded = DemoDistrict.objects.first()
        if loaded and not replace:
            return _kept(loaded, people, seed)
        if loaded:
            progress("清除原有演示数据", 0, 0)
            _clear()
        _fill(people, seed, progress)
        DemoDistrict.objects.create(people=people, seed=seed, edition=EDITION)
    return DemoLoad(people, seed, True)


def load_demo_if_missing(*, progress: Progress = lambda stage, done, total: None) -> DemoLoad:
    """Load a demo district of the size in the settings; any that is there already, whatever its size, is left as it is.

    Raises DemoRefused outside demo mode.
    """
    loaded = DemoDistrict.objects.first()
    if loaded:
        return DemoLoad(loaded.people, loaded.seed, False)
    return load_demo(people=settings.DEMO_PEOPLE, seed=DEFAULT_SEED, progress=progress)


def _kept(loaded: DemoDistrict, people: int, seed: int) -> DemoLoad:
    if (loaded.people, loaded.seed, loaded.edition) != (people, seed, EDITION):
        raise DemoRefused(
            f"已经有一份演示数据（{loaded.people} 人，种子 {loaded.seed}），没有改动。要换掉它，请加 --replace。"
        )
    return DemoLoad(people, seed, False)


def _clear() -> None:
    ApiToken.objects.filter(organisation__is_synthetic=True).delete()
    clear_schools()
    clear_internships()
    clear_fairs()
    clear_programme()
    clear_circles()
    clear_vacancies()
    clear_work()
    clear_registry()
    DemoDistrict.objects.all().delete()


def _fill(people: int, seed: int, progress: Progress) -> None:
    plan, now = current_plan(), timezone.now()
    load_areas(plan=plan)
    load_occupations()
    create_demo_users()
    places = DemoPlaces(plan=plan, seed=seed)
    set_invented_middles(places)
    clerk, specialist = _first_user(Role.CLERK), _first_user(Role.SPECIALIST)
    done = 0
    batches = fill_registry(plan=plan, people=people, seed=seed, places=places, recorder_id=clerk.pk, now=now)
    placements: DemoPlacements | None = None
    vacancies = DemoVacancies(plan=plan, seed=seed, places=places, now=now)
    for person_ids in batches:
        placements = placements or DemoPlacements(plan=plan, seed=seed)  # once the organisations are there
        placements.place(person_ids)
        vacancies.wish(person_ids)
        done += len(person_ids)
        progress("生成人员和就业记录", done, people)
    count = vacancies.open_vacancies(people=people)
    progress("生成岗位", count, count)
    circles = fill_circles(plan=plan, seed=seed, places=places, day=timezone.localdate(now), specialist=specialist)
    _link_demo_users(circles)
    count = _fill_programmes(plan, seed, circles, timezone.localdate(now))
    progress("生成招聘会、走访和公益性岗位", count, count)
    given = {"plan": plan, "seed": seed, "people": people, "day": timezone.localdate(now)}
    count = fill_internships(clerk_id=clerk.pk, **given) + fill_schools(clerk=clerk, **given)
    progress("生成见习和招生名单", count, count)
    count = _let_them_meet(seed, specialist, timezone.localdate(now))
    progress("生成投递、推荐和服务", count, count)


def _let_them_meet(seed: int, specialist: User, day: date) -> int:
    """Let people of the circles, and the demo resident, meet the demo employer."""
    operator = _first_user(Role.OPERATOR)
    served = people_served_by(operator).filter(is_synthetic=True, user=None, pk__in=people_served_by(specialist))
    people = list(served.select_related("home").order_by("pk")[:PEOPLE_MET])
    resident = Person.objects.filter(user=_first_user(Role.RESIDENT)).select_related("home").first()
    employer = Organisation.objects.get(name=DEMO_EMPLOYER, is_synthetic=True)
    given = {"employer": employer, "specialist": specialist, "operator": operator, "day": day}
    return fill_meetings(seed=seed, people=[*people, *([resident] if resident else [])], **given)


def _fill_programmes(plan: Plan, seed: int, circles: list[Circle], day: date) -> int:
    """A year of fairs and visits, and of the circles' contracts, posts and help."""
    clerk, reviewer, operator = (_first_user(role) for role in (Role.CLERK, Role.REVIEWER, Role.OPERATOR))
    posts = fill_programme(plan=plan, seed=seed, circles=circles, clerk=clerk, operator_user=operator, day=day)
    return posts + fill_fairs(plan=plan, seed=seed, planner=clerk, approver=reviewer, day=day)


def _first_user(role: Role) -> User:
    return User.objects.filter(role=role).order_by("pk")[0]


def _link_demo_users(circles: list[Circle]) -> None:
    """Let the demo sign-ins act for an employer, an operator and a circle's township, and be a resident of a circle."""
    named = {Role.OPERATOR: OrganisationKind.OPERATOR, Role.SCHOOL: OrganisationKind.TECHNICAL_SCHOOL}
    acting = {Role.EMPLOYER: DEMO_EMPLOYER} | {role: CAST[kind][0] for role, kind in named.items()}
    for role, name in acting.items():
        organisation = Organisation.objects.get(name=name, is_synthetic=True)
        Membership.objects.get_or_create(user=_first_user(role), defaults={"organisation": organisation})
    township = circles[0].community.parent_id if circles else None
    User.objects.filter(pk=_first_user(Role.TOWNSHIP).pk, area_code="").update(area_code=township or "")
    resident = _first_user(Role.RESIDENT)
    if not hasattr(resident, "person"):
        at_home = Person.objects.filter(is_synthetic=True, phone__isnull=False, home__is_rough=False)
        near = CirclePerson.objects.filter(circle__in=circles, end_on=None).values("person_id")
        person = at_home.filter(pk__in=near).order_by("pk").first() or at_home.order_by("pk").first()
        if person:
            Person.objects.filter(pk=person.pk).update(user=resident)
