"""The invented people and organisations of a demonstration: seeded, so that one seed and size always give the same.

Their identity numbers and credit codes carry an area code that no place has, and no telephone number in use begins as theirs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from random import Random

from django.db import connection

from jiujin.core.bulk import copy_rows, reserve_ids
from jiujin.core.proof import Proof
from jiujin.plan import Plan
from jiujin.registry.demo_places import DemoPlace, DemoPlaces, add_addresses, clear_invented_middles, demo_place
from jiujin.registry.models import (
    Consent,
    ConsentChannel,
    Organisation,
    OrganisationKind,
    Person,
    PriorityStatus,
    Purpose,
)
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
HOME_SHARE = {"unknown": 0.04, "rough": 0.15}
CONSENT_SHARE = {Purpose.FOUND_BY_EMPLOYERS: 0.5, Purpose.CONTACTED: 0.7, Purpose.SHARED_WITH_OPERATOR: 0.4}
CONSENT_CHANNELS = (ConsentChannel.COUNTER, ConsentChannel.PHONE, ConsentChannel.PAPER)
PEOPLE_AN_EMPLOYER = 40
EMPLOYERS_MIN = 40
URBAN_EMPLOYER_SHARE = 0.6
DEMO_EMPLOYER = "演示用人单位"  # whom the demo sign-in of employers acts for
CAST: dict[OrganisationKind, tuple[str, ...]] = {
    OrganisationKind.EMPLOYER: (DEMO_EMPLOYER,),
    OrganisationKind.OPERATOR: ("演示运营机构", "演示第二运营机构", "演示第三运营机构"),
    OrganisationKind.TECHNICAL_SCHOOL: ("演示技工学校", "演示第二技工学校"),
    OrganisationKind.UNIVERSITY: ("演示大学", "演示学院"),
    OrganisationKind.HR_AGENCY: ("演示人力资源服务机构",),
    OrganisationKind.PUBLIC_SERVICE_AGENCY: ("演示区就业服务中心",),
    OrganisationKind.INSURER: ("演示保险机构",),
}
TRADES = {  # and the industry's code (GB/T 4754)
    "超市": "F5212",
    "服装厂": "C1819",
    "餐饮店": "H6210",
    "物流站": "G5990",
    "电子厂": "C3989",
    "家政公司": "O8010",
    "农业合作社": "A0519",
    "幼儿园": "P8310",
    "建材厂": "C3039",
    "药房": "F5251",
}
SIZE_SHARE = {"headcount": 0.7, "revenue": 0.6, "declared": 0.9, "small": 0.8}
HEADCOUNTS = (3, 8, 15, 40, 90, 180, 320)
REVENUE_FEN_A_HEAD = 20_000_000
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
    home: DemoPlace | None
    consents: tuple[tuple[Purpose, ConsentChannel, int], ...]  # and how many days ago


def fill_registry(
    *, plan: Plan, people: int, seed: int, places: DemoPlaces, recorder_id: int, now: datetime
) -> Iterator[list[int]]:
    """Add the organisations, then the people a batch at a time; gives the ids of each batch's people, in order.

    Inside the caller's transaction; the plan's areas must be loaded. `recorder_id` is the user who entered the consents.
    """
    add_organisations(plan=plan, people=people, seed=seed)
    batch: list[DemoPerson] = []
    for person in demo_people(plan=plan, people=people, seed=seed, places=places):
        batch.append(person)
        if len(batch) == BATCH_PEOPLE:
            yield add_people(batch, recorder_id=recorder_id, now=now)
            batch = []
    if batch:
        yield add_people(batch, recorder_id=recorder_id, now=now)


def clear_registry() -> None:
    """Take out every synthetic person and organisation; what refers to them must be gone already."""
    of_person = "(SELECT id FROM registry_person WHERE is_synthetic)"
    of_firm = "(SELECT id FROM registry_organisation WHERE is_synthetic)"
    with connection.cursor() as cursor:
        for table in ("registry_prioritystatus", "registry_consent"):
            cursor.execute(f"DELETE FROM {table} WHERE person_id IN {of_person}")
        cursor.execute(f"DELETE FROM registry_mergeproposal WHERE kept_id IN {of_person} OR other_id IN {of_person}")
        cursor.execute(f"UPDATE registry_person SET merged_into_id = NULL WHERE merged_into_id IN {of_person}")
        for table in ("registry_membership", "registry_workplace"):
            cursor.execute(f"DELETE FROM {table} WHERE organisation_id IN {of_firm}")
        cursor.execute("DELETE FROM registry_person WHERE is_synthetic")
        cursor.execute("DELETE FROM registry_organisation WHERE is_synthetic")
        cursor.execute(
            "DELETE FROM registry_address a WHERE is_synthetic"
            " AND NOT EXISTS (SELECT FROM registry_person WHERE home_id = a.id)"
            " AND NOT EXISTS (SELECT FROM registry_organisation WHERE address_id = a.id)"
            " AND NOT EXISTS (SELECT FROM registry_workplace WHERE address_id = a.id)"
        )
    clear_invented_middles()


# --- organisations -------------------------------------------------------------------------------------------------------


def add_organisations(*, plan: Plan, people: int, seed: int) -> None:
    """The cast that the demo sign-ins act for, and employers in every township, every fifth an internship base too."""
    pick = Random(f"{seed}/organisations")
    blank = ("", None, None, None)
    rows: list[tuple[object, ...]] = [
        (name, [kind.value], plan.header.district, *blank) for kind, names in CAST.items() for name in names
    ]
    towns = [area for area in plan.areas.values() if area.level == "township"] or list(plan.areas.values())
    urban = set(DemoPlaces(plan=plan, seed=seed).urban_towns)
    built_up = [town for town in towns if town.code in urban] or towns
    for number in range(max(EMPLOYERS_MIN, people // PEOPLE_AN_EMPLOYER, len(towns))):
        inside = number >= len(towns) and pick.random() < URBAN_EMPLOYER_SHARE
        town = pick.choice(built_up) if inside else towns[number % len(towns)]
        kinds = [OrganisationKind.EMPLOYER, *([OrganisationKind.INTERNSHIP_BASE] if number % 5 == 0 else [])]
        trade = pick.choice(list(TRADES))
        name = f"演示{town.name}{trade}{number + 1}号"
        rows.append((name, [kind.value for kind in kinds], town.code, TRADES[trade], *_size(pick)))
    copy_rows(
        Organisation,
        (
            "credit_code",
            "is_synthetic",
            "name",
            "kinds",
            "area_id",
            "industry",
            "headcount",
            "revenue_fen",
            "declared_small",
        ),
        ((demo_credit_code(number), True, *row) for number, row in enumerate(rows)),
    )


def _size(pick: Random) -> tuple[int | None, int | None, bool | None]:
    """Headcount, revenue and what the firm says of itself, each known or not."""
    headcount = pick.choice(HEADCOUNTS)
    revenue = int(headcount * REVENUE_FEN_A_HEAD * pick.uniform(0.3, 2))
    small = pick.random() < SIZE_SHARE["small"]
    return (
        headcount if pick.random() < SIZE_SHARE["headcount"] else None,
        revenue if pick.random() < SIZE_SHARE["revenue"] else None,
        small if pick.random() < SIZE_SHARE["declared"] else None,
    )


# --- people --------------------------------------------------------------------------------------------------------------


def demo_people(*, plan: Plan, people: int, seed: int, places: DemoPlaces | None = None) -> Iterator[DemoPerson]:
    """The people of a demo district; the first ones live one in each community, so that none is empty for want of luck."""
    places = places or DemoPlaces(plan=plan, seed=seed)
    pick, at_home = Random(f"{seed}/people"), Random(f"{seed}/homes")
    codes, weights = places.communities(urban_more=True)
    steps = list(accumulate(weights))
    first = codes.copy()
    pick.shuffle(first)
    taken: Counter[tuple[date, str]] = Counter()
    for number in range(people):
        id_number, born_on, sex = _identity(plan, pick, taken)
        area = first[number] if number < len(first) else pick.choices(codes, cum_weights=steps)[0]
        home_area = None if pick.random() < SHARE["no_home"] else area
        yield DemoPerson(
            id_number=id_number,
            name=demo_name(pick),
            phone=None if pick.random() < SHARE["no_phone"] else f"{PHONE_PREFIX}{number % PHONES:06d}",
            born_on=born_on,
            sex=sex,
            home_area_id=home_area,
            statuses=tuple(_statuses(plan, pick)),
            home=_home(places, at_home, home_area),
            consents=tuple(_consents(at_home)),
        )


def _home(places: DemoPlaces, pick: Random, area_code: str | None) -> DemoPlace | None:
    if area_code is None or pick.random() < HOME_SHARE["unknown"]:
        return None
    return demo_place(places, pick, area_code, rough_share=HOME_SHARE["rough"])


def _consents(pick: Random) -> Iterator[tuple[Purpose, ConsentChannel, int]]:
    for purpose, share in CONSENT_SHARE.items():
        if pick.random() < share:
            yield purpose, pick.choice(CONSENT_CHANNELS), pick.randrange(1, STATUS_DAYS_AFTER)


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


def add_people(batch: list[DemoPerson], *, recorder_id: int, now: datetime) -> list[int]:
    """Add people, their homes, statuses and consents; gives their ids in the batch's order."""
    ids = reserve_ids(Person, len(batch))
    homes = add_addresses([person.home for person in batch])
    identity = ("id_number", "id_number_index", "name", "phone", "phone_index", "born_on", "sex")
    copy_rows(
        Person,
        ("id", *identity, "home_area_id", "home_id", "is_synthetic"),
        (
            (pk, p.id_number, p.id_number, p.name, p.phone, p.phone, p.born_on, p.sex, p.home_area_id, home, True)
            for pk, p, home in zip(ids, batch, homes, strict=True)
        ),
    )
    copy_rows(
        PriorityStatus,
        ("person_id", "category", "start_on", "end_on", "certified_by", "certified_on", "proof"),
        (_status_row(pk, status) for pk, person in zip(ids, batch, strict=True) for status in person.statuses),
    )
    copy_rows(
        Consent,
        ("person_id", "purpose", "channel", "given_at", "recorded_by_id"),
        (
            (pk, purpose.value, channel.value, now - timedelta(days=days), recorder_id)
            for pk, person in zip(ids, batch, strict=True)
            for purpose, channel, days in person.consents
        ),
    )
    return ids


def _status_row(person_id: int, status: DemoStatus) -> tuple[object, ...]:
    verified = status.proof == Proof.VERIFIED
    certifier = (CERTIFIERS[0], status.start_on) if verified else ("", None)
    return (person_id, status.category, status.start_on, status.end_on, *certifier, status.proof)
