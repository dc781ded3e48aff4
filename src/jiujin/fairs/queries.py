"""Reads of the fairs; the viewer comes first and bounds what is seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from jiujin.accounts.models import Role, User
from jiujin.core.subqueries import SubqueryCount
from jiujin.fairs.models import (
    EnterpriseVisit,
    Fair,
    FairCost,
    FairEmployer,
    FairIntent,
    FairState,
    FairVisitor,
    MatchingService,
    TripartiteSignature,
)
from jiujin.registry.models import Membership, Organisation
from jiujin.work.acting_for import organisation_acted_for
from jiujin.work.models import Introduction, Placement, ServiceRecord
from jiujin.work.states import VacancyState

SEE_FAIRS_OF_THEIR_AREA = frozenset({Role.CLERK, Role.REVIEWER, Role.SUPERVISOR, Role.LEADER})
PUBLISHED = (FairState.APPROVED, FairState.HELD)


# --- fairs ---------------------------------------------------------------------------------------------------------------


def fairs_seen_by(viewer: User) -> QuerySet[Fair]:
    """The district sees all of its area, a township its own and those it hosts, who acts for an organisation those it hosts;
    everyone else what is approved.
    """
    fairs = Fair.objects.select_related("area")
    if viewer.role in SEE_FAIRS_OF_THEIR_AREA:
        return (
            fairs if not viewer.area_code else fairs.filter(Q(area__code__startswith=viewer.area_code) | Q(area=None))
        )
    approved = Q(state__in=PUBLISHED)
    if viewer.role == Role.TOWNSHIP:
        own = Q(pk__in=_hosted(township__code__startswith=viewer.area_code)) if viewer.area_code else ~Q(pk__in=[])
        return fairs.filter(approved | own | Q(made_by=viewer))
    organisation = organisation_acted_for(viewer)
    if organisation is not None:
        return fairs.filter(approved | Q(pk__in=_hosted(organisation=organisation)))
    return fairs.filter(approved)


def _hosted(**host: Any) -> QuerySet[Fair]:
    return Fair.objects.filter(**{f"hosts__{name}": value for name, value in host.items()}).values("pk")  # type: ignore[return-value]


def is_host(viewer: User, fair: Fair) -> bool:
    """Whether the viewer answers for a fair: planned it, or acts for a host; officers of the district for all of theirs."""
    if viewer.role in (Role.CLERK, Role.REVIEWER) or fair.made_by_id == viewer.pk:
        return True
    if viewer.role == Role.TOWNSHIP and viewer.area_code:
        return fair.hosts.filter(township__code__startswith=viewer.area_code).exists()
    organisation = organisation_acted_for(viewer)
    return organisation is not None and fair.hosts.filter(organisation=organisation).exists()


def fairs_hosted_by(viewer: User) -> QuerySet[Fair]:
    """The fairs for which the viewer answers, as `is_host` says of each."""
    seen = fairs_seen_by(viewer)
    if viewer.role in (Role.CLERK, Role.REVIEWER):
        return seen
    mine = Q(made_by=viewer)
    organisation = organisation_acted_for(viewer)
    if viewer.role == Role.TOWNSHIP and viewer.area_code:
        mine |= Q(pk__in=_hosted(township__code__startswith=viewer.area_code))
    elif organisation is not None:
        mine |= Q(pk__in=_hosted(organisation=organisation))
    return seen.filter(mine)


@dataclass(frozen=True)
class FairFigures:
    """What a fair came to: employers that signed in, visitors, intents, placements that followed."""

    employers: int
    visitors: int
    intents: int
    placements: int


def fair_figures(fair: Fair) -> FairFigures:
    """The figures of one fair now."""
    return figures_of([fair])[fair.pk]


def figures_of(fairs: list[Fair]) -> dict[int, FairFigures]:
    """The figures of several fairs, in one statement."""
    intents = FairIntent.objects.filter(taken_back_at=None)
    counted = Fair.objects.filter(pk__in=[fair.pk for fair in fairs]).order_by("pk")
    rows = counted.values_list(
        "pk",
        _number_of(FairEmployer.objects.filter(signed_in_at__isnull=False)),
        _number_of(FairVisitor.objects.all()),
        _number_of(intents),
        _number_of(intents.filter(placement__isnull=False)),
    )
    return {pk: FairFigures(*figures) for pk, *figures in rows}


def _number_of(records: QuerySet[Any]) -> SubqueryCount:
    """How many of these records a fair has."""
    return SubqueryCount(records.filter(fair=OuterRef("pk")))


def cost_fen(fair: Fair) -> int:
    """What the vouchers of a fair sum up to."""
    return FairCost.objects.filter(fair=fair).aggregate(sum=Sum("amount_fen"))["sum"] or 0


def intents_seen_by(viewer: User) -> QuerySet[FairIntent]:
    """The intents that stand: those the viewer recorded, those at the fairs of the viewer's area or hosted by whom the viewer
    acts for, an employer's own.
    """
    intents = FairIntent.objects.filter(taken_back_at=None).select_related("fair", "person", "employer", "vacancy")
    mine = Q(recorded_by=viewer)
    is_officer = viewer.role in SEE_FAIRS_OF_THEIR_AREA or viewer.role == Role.TOWNSHIP
    organisation = None if is_officer else organisation_acted_for(viewer)
    if organisation is not None:
        own = (
            Q(employer=organisation) if viewer.role == Role.EMPLOYER else Q(fair__in=_hosted(organisation=organisation))
        )
        return intents.filter(mine | own)
    if viewer.role == Role.TOWNSHIP and viewer.area_code:
        hosted = Q(fair__in=_hosted(township__code__startswith=viewer.area_code))
        return intents.filter(mine | hosted | Q(fair__made_by=viewer))
    if is_officer:
        return intents.filter(mine | Q(fair__in=fairs_seen_by(viewer).values("pk")))
    return intents.filter(mine)


def intents_to_follow(viewer: User) -> QuerySet[FairIntent]:
    """The intents of the viewer that nobody followed up yet, the oldest first."""
    return intents_seen_by(viewer).filter(followed_on=None).order_by("recorded_at", "pk")


def signatures_at(fair: Fair) -> QuerySet[TripartiteSignature]:
    """The tripartite agreements signed at a fair."""
    return fair.signatures.select_related("person", "university", "employer").order_by("pk")


# --- visits --------------------------------------------------------------------------------------------------------------


def visits_seen_by(viewer: User) -> QuerySet[EnterpriseVisit]:
    """The visits of the viewer's area, and the viewer's own."""
    visits = EnterpriseVisit.objects.select_related("employer", "township", "made_by")
    if viewer.role in SEE_FAIRS_OF_THEIR_AREA or viewer.role == Role.TOWNSHIP:
        return (
            visits.filter(Q(township__code__startswith=viewer.area_code) | Q(made_by=viewer))
            if viewer.area_code
            else visits
        )
    return visits.filter(made_by=viewer)


def promises_open(viewer: User) -> QuerySet[EnterpriseVisit]:
    """What was promised at visits and is not done, the nearest term first."""
    return visits_seen_by(viewer).exclude(promised="").filter(done_on=None).order_by("promised_until", "pk")


def promises_due(viewer: User, until: date) -> QuerySet[EnterpriseVisit]:
    """What was promised for a day up to `until` and is not done, what is overdue included."""
    return promises_open(viewer).filter(promised_until__lte=until)


# --- what grants are asked for -------------------------------------------------------------------------------------------


def services_given_by(agency: Organisation, start_on: date, end_on: date) -> int:
    """How many services and introductions an agency gave in a period: as the operator, or by people who act for it."""
    its_people = agency.memberships.values("user")
    services = ServiceRecord.objects.filter(
        Q(operator=agency) | Q(served_by__in=its_people), served_on__gte=start_on, served_on__lte=end_on
    )
    introductions = Introduction.objects.filter(
        Q(operator=agency) | Q(made_by__in=its_people), made_at__date__gte=start_on, made_at__date__lte=end_on
    )
    return services.count() + introductions.count()


def with_placements_led_to(services: QuerySet[MatchingService]) -> QuerySet[MatchingService]:
    """Periods of matching, each with `led_to`: pairs of person and employer introduced in it who came together afterwards."""
    its_people = Membership.objects.filter(organisation=OuterRef(OuterRef("agency"))).values("user")
    its_own = Q(operator=OuterRef("agency")) | Q(made_by__in=its_people)
    came = Placement.objects.filter(
        person=OuterRef("person"), employer=OuterRef("vacancy__employer"), start_on__gte=OuterRef("made_at__date")
    )
    introduced = Introduction.objects.filter(
        its_own, Exists(came), made_at__date__gte=OuterRef("start_on"), made_at__date__lte=OuterRef("end_on")
    )
    pairs = introduced.order_by().values("person", "vacancy__employer").distinct()
    return services.annotate(led_to=SubqueryCount(pairs))


# --- between townships ---------------------------------------------------------------------------------------------------

TOWNSHIP_DIGITS = 9
MATRIX = f"""
    WITH wanted AS (
        SELECT left(person.home_area_id, 9) AS home, wish.occupations AS occupations, count(*) AS people,
            (wish.radius_m IS NULL) AS goes_far
        FROM work_jobwish wish JOIN registry_person person ON person.id = wish.person_id AND person.merged_into_id IS NULL
        WHERE wish.is_looking AND person.home_area_id LIKE %(township)s
        GROUP BY 1, 2, 4
    ), offered AS (
        SELECT left(place.area_id, 9) AS work, left(coalesce(vacancy.occupation_id, ''), 3) AS occupation,
            sum(vacancy.headcount - vacancy.filled_count) AS places
        FROM work_vacancy vacancy JOIN registry_workplace place ON place.id = vacancy.workplace_id
        WHERE vacancy.state = '{VacancyState.OPEN}' AND vacancy.open_until >= %(day)s AND place.area_id LIKE %(township)s
        GROUP BY 1, 2
    ), kinds AS (
        SELECT work, array_agg(occupation ORDER BY occupation) AS occupations FROM offered GROUP BY work
    )
    SELECT wanted.home, kinds.work, sum(wanted.people)::int
    FROM wanted JOIN kinds ON (wanted.goes_far OR wanted.home = kinds.work)
        AND (cardinality(wanted.occupations) = 0
            OR EXISTS (SELECT FROM unnest(wanted.occupations) AS code WHERE left(code, 3) = ANY (kinds.occupations)))
    GROUP BY 1, 2
    UNION ALL SELECT NULL, work, sum(places)::int FROM offered GROUP BY work
    ORDER BY 1, 2
"""


@dataclass(frozen=True)
class TownshipMatrix:
    """How many willing seekers of each home township fit vacancies in each township of work, and the places open there.

    Willing to go: who drew no circle round home; others count in their own township only. Fitting: the same occupation by
    its first three digits, or no wish for one. No radius.
    """

    fitting: dict[tuple[str, str], int]
    places: dict[str, int]


def township_matrix(viewer: User, day: date | None = None) -> TownshipMatrix:
    """The matrix over the viewer's area, in one statement; counts only, so it is shown to everyone in the room."""
    within = viewer.area_code[:6].ljust(TOWNSHIP_DIGITS, "_")  # of the viewer's district, what lies in some township
    given = {"day": day or timezone.localdate(), "township": f"{within}%"}
    with connection.cursor() as cursor:
        cursor.execute(MATRIX, given)
        rows = cursor.fetchall()
    fitting = {(home, work): people for home, work, people in rows if home is not None}
    places = {work: number for home, work, number in rows if home is None}
    return TownshipMatrix(fitting, places)
