"""The invented fairs and visits of a demonstration: a year of the plan, with the awkward cases, and a fair of today."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta
from random import Random

from django.db import connection
from django.utils import timezone

from jiujin.accounts.models import User
from jiujin.core.proof import Proof
from jiujin.fairs.models import (
    EnterpriseVisit,
    Fair,
    FairCost,
    FairEmployer,
    FairHost,
    FairIntent,
    FairKind,
    FairState,
    FairVacancy,
    FairVisitor,
    MatchingService,
    NetworkProject,
    PublicEvent,
    TripartiteSignature,
)
from jiujin.fairs.queries import services_given_by
from jiujin.plan import Plan
from jiujin.registry.demo import CAST
from jiujin.registry.models import Area, AreaLevel, Organisation, OrganisationKind, Person
from jiujin.values import add_months
from jiujin.work.models import Placement, Vacancy

FAIRS_A_YEAR, EMPLOYERS_MAX, VISITORS_MAX, INTENTS_MAX, VISITS = 12, 12, 40, 24, 12
AHEAD_DAYS = 7
KINDS = (FairKind.ON_SITE, FairKind.ON_SITE, FairKind.ONLINE, FairKind.ON_SITE, FairKind.LIVESTREAM, FairKind.CAMPUS)
PLACES = {FairKind.ON_SITE: "演示广场", FairKind.CAMPUS: "演示大学体育馆"}
FINDINGS = ("缺普工，夜班难招", "有订单，想招本地人", "食堂缺人", "想办一场专场招聘", "用工稳定，暂不缺人")
NOON = time(12)


def fill_fairs(*, plan: Plan, seed: int, planner: User, approver: User, day: date) -> int:
    """Add a fair a month of the plan's year, one cancelled, one of today, one planned, and visits; gives how many fairs.

    People, employers and vacancies must be there; where there are few, the fairs are small.
    """
    pick = Random(f"{seed}/fairs")
    first = plan.header.period.start or day.replace(month=1, day=1)
    townships = list(Area.objects.filter(level=AreaLevel.TOWNSHIP).order_by("code"))
    world = _World(pick, planner, approver, townships)
    for number in range(FAIRS_A_YEAR):
        on = add_months(first, number) + timedelta(days=pick.randrange(5, 25))
        state = FairState.CANCELLED if number == 6 else FairState.HELD
        world.hold(f"演示{on.month}月招聘会", on, KINDS[number % len(KINDS)], state)
    world.hold("演示今日招聘会", day, FairKind.ON_SITE, FairState.APPROVED)
    world.hold("演示下周招聘会", day + timedelta(days=AHEAD_DAYS), FairKind.ON_SITE, FairState.PLANNED)
    _visit(world, first)
    _ask_for_grants(world, first)
    return FAIRS_A_YEAR + 2


class _World:
    """Who may come to the fairs, drawn from the invented district."""

    def __init__(self, pick: Random, planner: User, approver: User, townships: list[Area]) -> None:
        self.pick, self.planner, self.approver, self.townships = pick, planner, approver, townships
        synthetic = Organisation.objects.filter(is_synthetic=True)
        self.employers = list(
            synthetic.filter(kinds__contains=[OrganisationKind.EMPLOYER]).order_by("credit_code")[:200]
        )
        self.agency = synthetic.filter(name=CAST[OrganisationKind.HR_AGENCY][0]).first()
        self.service = synthetic.filter(name=CAST[OrganisationKind.PUBLIC_SERVICE_AGENCY][0]).first()
        self.university = synthetic.filter(name=CAST[OrganisationKind.UNIVERSITY][0]).first()
        self.people = list(Person.objects.filter(is_synthetic=True, merged_into=None).order_by("pk")[:500])

    def hold(self, name: str, on: date, kind: FairKind, state: FairState) -> Fair:
        """One fair with its hosts; where it took place, with who came."""
        at = timezone.make_aware(datetime.combine(on, NOON))
        approved = state in (FairState.APPROVED, FairState.HELD)
        fair = Fair.objects.create(
            name=name, kind=kind, state=state, held_on=on, until_on=on, place=PLACES.get(kind, ""), booths=None,
            area=self.pick.choice(self.townships) if self.townships else None, made_by=self.planner,
            sign_in_code=f"demo{self.pick.getrandbits(64):016x}", is_synthetic=True,
            approved_by=self.approver if approved else None, approved_at=at - timedelta(days=3) if approved else None,
            reasons="演示：因天气取消" if state == FairState.CANCELLED else "",
        )  # fmt: skip
        self._host(fair)
        parts = self._parts(fair, at if state == FairState.HELD else None)
        if state == FairState.HELD:
            self._come(fair, parts, at)
        return fair

    def _host(self, fair: Fair) -> None:
        campus = fair.kind == FairKind.CAMPUS
        first = self.university if campus else self.service if fair.held_on.month % 3 == 0 else None
        hosts = [host for host in (first, self.agency) if host is not None]
        for number, host in enumerate(hosts):
            FairHost.objects.create(fair=fair, organisation=host, is_credited=number == 0)
        if fair.area and self.pick.random() < 0.4:  # held jointly: one fair, credited once
            FairHost.objects.create(fair=fair, township=fair.area, is_credited=not hosts)

    def _parts(self, fair: Fair, at: datetime | None) -> list[FairEmployer]:
        chosen = self.pick.sample(self.employers, min(EMPLOYERS_MAX, len(self.employers)))
        parts = []
        for number, employer in enumerate(chosen, 1):
            came = at if number % 6 else None  # every sixth did not come
            part = FairEmployer.objects.create(
                fair=fair, employer=employer, booth=f"A{number:02}", signed_in_at=came, key=self._key()
            )
            vacancies = Vacancy.objects.filter(employer=employer, is_synthetic=True).order_by("pk")[:2]
            FairVacancy.objects.bulk_create(FairVacancy(fair_employer=part, vacancy=v) for v in vacancies)
            parts.append(part)
        return parts

    def _come(self, fair: Fair, parts: list[FairEmployer], at: datetime) -> None:
        people = self.pick.sample(self.people, min(VISITORS_MAX, len(self.people)))
        FairVisitor.objects.bulk_create(
            FairVisitor(fair=fair, person=person, key=self._key(), signed_in_at=at) for person in people
        )
        there = [part for part in parts if part.signed_in_at]
        if there:
            intents = [self._intent(fair, self.pick.choice(there), person, at) for person in people[:INTENTS_MAX]]
            FairIntent.objects.bulk_create(intents)
        if fair.kind == FairKind.CAMPUS and self.university:
            for number, person in enumerate(people[:5], 1):
                TripartiteSignature.objects.create(
                    fair=fair, person=person, university=self.university, employer=parts[0].employer if parts else None,
                    agreement_number=f"演示SF{fair.pk}-{number}", signed_on=fair.held_on, proof=Proof.DOCUMENTED,
                )  # fmt: skip
        FairCost.objects.create(
            fair=fair, kind="venue", amount_fen=self.pick.randrange(2_000, 9_000) * 100, paid_on=fair.held_on,
            voucher_number=f"演示{fair.pk}", entered_by=self.planner,
        )  # fmt: skip

    def _intent(self, fair: Fair, part: FairEmployer, person: Person, at: datetime) -> FairIntent:
        """An intent that led to a placement, to a word why not, or to nothing yet; or was taken back."""
        intent = FairIntent(
            fair=fair, person=person, employer=part.employer, key=self._key(), recorded_at=at, recorded_by=self.planner
        )
        placement = Placement.objects.filter(
            person=person, employer=part.employer, start_on__gte=fair.held_on
        ).order_by("start_on", "pk").first()  # fmt: skip
        fate = self.pick.random()
        if placement is not None:
            intent.placement, intent.followed_on = placement, placement.start_on
        elif fate < 0.4:
            intent.followed_on, intent.outcome = fair.held_on + timedelta(days=14), "演示：本人另有打算"
        elif fate < 0.45:
            intent.taken_back_at = at
        return intent

    def _key(self) -> uuid.UUID:
        return uuid.UUID(int=self.pick.getrandbits(128), version=4)


def _visit(world: _World, first: date) -> None:
    """Visits of the year: some promised something, some kept it."""
    pick = world.pick
    for number, employer in enumerate(pick.sample(world.employers, min(VISITS, len(world.employers)))):
        on = add_months(first, number % 12) + timedelta(days=pick.randrange(0, 27))
        promised = number % 2 == 0
        done = on + timedelta(days=9) if promised and number % 4 == 0 else None
        EnterpriseVisit.objects.create(
            employer=employer, township=world.townships[number % len(world.townships)] if world.townships else None,
            visited_on=on, findings=f"演示：{FINDINGS[number % len(FINDINGS)]}", needs_people=pick.randrange(0, 30),
            promised="演示：送人上门面试" if promised else "", promised_until=on + timedelta(days=10) if promised else None,
            done_on=done, done_words="演示：已送到" if done else "", key=world._key(), made_by=world.planner,
        )  # fmt: skip


def _ask_for_grants(world: _World, first: date) -> None:
    """What grants are asked for: events of the public service and of the university, free matching, the agency's network."""
    hosted = FairHost.objects.filter(
        fair__is_synthetic=True, fair__state=FairState.HELD, organisation__in=[world.service, world.university],
        is_credited=True,
    ).order_by("fair__held_on", "pk")  # fmt: skip
    for number, host in enumerate(hosted):
        PublicEvent.objects.create(
            fair=host.fair, organisation=host.organisation, proof=Proof.DOCUMENTED,
            is_public_service=None if number == 1 else host.organisation == world.service,  # of one nobody wrote it down
        )  # fmt: skip
    if world.service is not None:
        for quarter in range(4):
            start = add_months(first, 3 * quarter)
            end = add_months(start, 3) - timedelta(days=1)
            counted = services_given_by(world.service, start, end)
            MatchingService.objects.create(
                agency=world.service, start_on=start, end_on=end, is_grassroots=True, is_free=None if quarter == 3 else True,
                services_given=counted or world.pick.randrange(60, 200), words="演示：按季登记",
                proof=Proof.DOCUMENTED if counted else Proof.DECLARED,
            )  # fmt: skip
    if world.agency is not None:
        for name, done_on in (("演示人力资源市场信息网", add_months(first, 5)), ("演示零工驿站小程序", None)):
            NetworkProject.objects.create(
                agency=world.agency, name=name, done_on=done_on, words="演示：岗位信息联网发布", is_district_agency=True,
                proof=Proof.DOCUMENTED if done_on else Proof.DECLARED,
            )  # fmt: skip


def clear_fairs() -> None:
    """Take out every synthetic fair, visits of synthetic employers, and what grants are asked for by synthetic agencies."""
    of_fair = "(SELECT id FROM fairs_fair WHERE is_synthetic)"
    of_firm = "(SELECT id FROM registry_organisation WHERE is_synthetic)"
    of_person = "(SELECT id FROM registry_person WHERE is_synthetic)"
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM fairs_fairvacancy WHERE fair_employer_id IN (SELECT id FROM fairs_fairemployer"
            f" WHERE fair_id IN {of_fair} OR employer_id IN {of_firm})"
        )
        for table, column, of in (
            ("fairs_publicevent", "organisation_id", of_firm),
            ("fairs_tripartitesignature", "person_id", of_person),
            ("fairs_fairintent", "person_id", of_person),
            ("fairs_fairintent", "employer_id", of_firm),
            ("fairs_fairvisitor", "person_id", of_person),
            ("fairs_invitation", "person_id", of_person),
            ("fairs_fairemployer", "employer_id", of_firm),
            ("fairs_fairhost", "organisation_id", of_firm),
            ("fairs_faircost", "fair_id", of_fair),
        ):
            cursor.execute(f"DELETE FROM {table} WHERE fair_id IN {of_fair} OR {column} IN {of}")
        cursor.execute("DELETE FROM fairs_fair WHERE is_synthetic")
        cursor.execute(f"DELETE FROM fairs_enterprisevisit WHERE employer_id IN {of_firm}")
        for table in ("fairs_networkproject", "fairs_matchingservice"):
            cursor.execute(f"DELETE FROM {table} WHERE agency_id IN {of_firm}")
