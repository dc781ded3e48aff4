"""The invented people and organisations of a demonstration: seeded, so that one seed and size always give the same.

Their identity numbers and credit codes carry an area code that no place has, and no telephone number in use begins as theirs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from django.db import connection

from jiujin.core.bulk import copy_rows, reserve_ids
from jiujin.core.proof import Proof
from jiujin.plan import Plan
from jiujin.registry.models import Organisation, OrganisationKind, Person, PriorityStatus
from jiujin.registry.services.record_priority_status import CATEGORY_FACT
from jiujin.values import add_months, make_demo_id
from jiujin.values.demo import demo_credit_code, demo_name

BATCH_PEOPLE = 2000
YOUNGEST_YEARS, OLDEST_YEARS = 16, 64
SEQUENCES_A_SEX = 500
PHONE_PREFIX = "10990"  # mobile numbers begin with 13 to 19
PHONES = 10**6
BELONGS_TO_NONE = "none"
SHARE = {"no_phone": 0.1, "no_home": 0.03, "no_status": 0.1, "second_status": 0.2, "late": 0.1, "ended": 0.15}
PROOFS = (Proof.DECLARED, Proof.DOCUMENTED, *[Proof.VERIFIED] * 6)
STATUS_DAYS_BEFORE, STATUS_DAYS_AFTER = 900, 240
PEOPLE_AN_EMPLOYER = 40
EMPLOYERS_MIN = 12
CAST: dict[OrganisationKind, tuple[str, ...]] = {
    OrganisationKind.OPERATOR: ("演示运营机构", "演示第二运营机构", "演示第三运营机构"),
    OrganisationKind.TECHNICAL_SCHOOL: ("演示技工学校", "演示第二技工学校"),
    OrganisationKind.UNIVERSITY: ("演示大学", "演示学院"),
    OrganisationKind.HR_AGENCY: ("演示人力资源服务机构",),
    OrganisationKind.PUBLIC_SERVICE_AGENCY: ("演示区就业服务中心",),
}
TRADES = ("超市", "服装厂", "餐饮店", "物流站", "电子厂", "家政公司", "农业合作社", "幼儿园", "建材厂", "药房")
CERTIFIERS = CAST[OrganisationKind.PUBLIC_SERVICE_AGENCY]


@dataclass(frozen=True)
class DemoStatus:
    """A priority status before it has a person."""

    category: str
    start_on: date
    end_on: date | None
    proof: Proof


@dataclass(frozen=True)
class DemoPerson:
    """A person before they have a row."""

    id_number: str
    name: str
    phone: str | None
    born_on: date
    sex: str
    home_area_id: str | None
    statuses: tuple[DemoStatus, ...]


def fill_registry(*, plan: Plan, people: int, seed: int) -> Iterator[list[int]]:
    """Add the organisations, then the people a batch at a time; gives the ids of each batch's people, in order.

    Inside the caller's transaction; the plan's areas must be loaded.
    """
    add_organisations(plan=plan, people=people, seed=seed)
    batch: list[DemoPerson] = []
    for person in demo_people(plan=plan, people=people, seed=seed):
        batch.append(person)
        if len(batch) == BATCH_PEOPLE:
            yield add_people(batch)
            batch = []
    if batch:
        yield add_people(batch)


def clear_registry() -> None:
    """Take out every synthetic person and organisation; what refers to them must be gone already."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM registry_prioritystatus USING registry_person person"
            " WHERE person.id = person_id AND person.is_synthetic"
        )
        cursor.execute("DELETE FROM registry_person WHERE is_synthetic")
        cursor.execute("DELETE FROM registry_organisation WHERE is_synthetic")


# --- organisations -------------------------------------------------------------------------------------------------------


def add_organisations(*, plan: Plan, people: int, seed: int) -> None:
    """The cast that the demo sign-ins act for, and employers in every township, every fifth an internship base too."""
    pick = Random(f"{seed}/organisations")
    rows: list[tuple[str, list[str], str | None]] = [
        (name, [kind.value], plan.header.district) for kind, names in CAST.items() for name in names
    ]
    towns = [area for area in plan.areas.values() if area.level == "township"] or list(plan.areas.values())
    for number in range(max(EMPLOYERS_MIN, people // PEOPLE_AN_EMPLOYER, len(towns))):
        town = towns[number % len(towns)]
        kinds = [OrganisationKind.EMPLOYER, *([OrganisationKind.INTERNSHIP_BASE] if number % 5 == 0 else [])]
        name = f"演示{town.name}{pick.choice(TRADES)}{number + 1}号"
        rows.append((name, [kind.value for kind in kinds], town.code))
    copy_rows(
        Organisation,
        ("name", "kinds", "credit_code", "area_id", "is_synthetic"),
        ((name, kinds, demo_credit_code(number), area, True) for number, (name, kinds, area) in enumerate(rows)),
    )


# --- people --------------------------------------------------------------------------------------------------------------


def demo_people(*, plan: Plan, people: int, seed: int) -> Iterator[DemoPerson]:
    """The people of a demo district; the first ones live one in each community, so that none is empty for want of luck."""
    pick = Random(f"{seed}/people")
    homes = [area.code for area in plan.areas.values() if area.level == "community"] or list(plan.areas)
    pick.shuffle(homes)
    taken: Counter[tuple[date, str]] = Counter()
    for number in range(people):
        id_number, born_on, sex = _identity(plan, pick, taken)
        home = homes[number] if number < len(homes) else pick.choice(homes)
        yield DemoPerson(
            id_number=id_number,
            name=demo_name(pick),
            phone=None if pick.random() < SHARE["no_phone"] else f"{PHONE_PREFIX}{number % PHONES:06d}",
            born_on=born_on,
            sex=sex,
            home_area_id=None if pick.random() < SHARE["no_home"] else home,
            statuses=tuple(_statuses(plan, pick)),
        )


def _identity(plan: Plan, pick: Random, taken: Counter[tuple[date, str]]) -> tuple[str, date, str]:
    """A number not given before, the birth date and the sex in it; a day whose numbers are used up gives way to the next."""
    today = _first_day(plan)
    oldest, youngest = (add_months(today, -12 * years) for years in (OLDEST_YEARS, YOUNGEST_YEARS))
    born_on = oldest + timedelta(days=pick.randrange((youngest - oldest).days + 1))
    sex = pick.choice(("male", "female"))
    while taken[(born_on, sex)] == SEQUENCES_A_SEX:
        born_on = born_on + timedelta(days=1) if born_on < youngest else oldest
    sequence = taken[(born_on, sex)] * 2 + (sex == "male")
    taken[(born_on, sex)] += 1
    return make_demo_id(born_on, sequence), born_on, sex


def _statuses(plan: Plan, pick: Random) -> Iterator[DemoStatus]:
    """No status (not known), one, or two of different groups; some ended, some begin within the plan's period."""
    if pick.random() < SHARE["no_status"]:
        return
    groups = list(plan.facts[CATEGORY_FACT].choices)
    first = pick.choice(groups)
    yield _status(plan, pick, first)
    if first != BELONGS_TO_NONE and pick.random() < SHARE["second_status"]:
        yield _status(plan, pick, pick.choice([group for group in groups if group not in (first, BELONGS_TO_NONE)]))


def _status(plan: Plan, pick: Random, category: str) -> DemoStatus:
    late = pick.random() < SHARE["late"]
    days = pick.randrange(STATUS_DAYS_AFTER) if late else -pick.randrange(STATUS_DAYS_BEFORE)
    start = _first_day(plan) + timedelta(days=days)
    ended = pick.random() < SHARE["ended"]
    end = start + timedelta(days=pick.randrange(STATUS_DAYS_BEFORE)) if ended else None
    return DemoStatus(category, start, end, pick.choice(PROOFS))


def _first_day(plan: Plan) -> date:
    """The day that ages and statuses are reckoned from."""
    first = plan.header.period.start
    assert first is not None, "a plan with a demo district has a period"
    return first


def add_people(batch: list[DemoPerson]) -> list[int]:
    """Add people and their statuses; gives their ids in the batch's order."""
    ids = reserve_ids(Person, len(batch))
    copy_rows(
        Person,
        ("id", "id_number", "id_number_index", "name", "phone", "born_on", "sex", "home_area_id", "is_synthetic"),
        (
            (pk, p.id_number, p.id_number, p.name, p.phone, p.born_on, p.sex, p.home_area_id, True)
            for pk, p in zip(ids, batch, strict=True)
        ),
    )
    copy_rows(
        PriorityStatus,
        ("person_id", "category", "start_on", "end_on", "certified_by", "certified_on", "proof"),
        (_status_row(pk, status) for pk, person in zip(ids, batch, strict=True) for status in person.statuses),
    )
    return ids


def _status_row(person_id: int, status: DemoStatus) -> tuple[object, ...]:
    verified = status.proof == Proof.VERIFIED
    certifier = (CERTIFIERS[0], status.start_on) if verified else ("", None)
    return (person_id, status.category, status.start_on, status.end_on, *certifier, status.proof)
