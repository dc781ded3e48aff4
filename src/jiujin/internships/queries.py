"""Reads of the internships; the viewer comes first and bounds what is seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, DateField, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.lookups import LessThanOrEqual

from jiujin.accounts.models import Role, User
from jiujin.internships.models import Base, InternApplication, InternFollowUp, InternPost, Internship
from jiujin.internships.states import BaseState
from jiujin.registry.models import Person
from jiujin.registry.queries import home_lies_in, person_of
from jiujin.work.acting_for import organisation_acted_for
from jiujin.work.follow_up import follow_up_months

# The district's own officers and its supervisors; a township sees who lives in it. A unit sees what is its own.
OFFICERS = frozenset({Role.CLERK, Role.REVIEWER, Role.SUPERVISOR, Role.LEADER, Role.TOWNSHIP})
SERVICE = frozenset({Role.CLERK, Role.REVIEWER})


def serves_interns(viewer: User) -> bool:
    """Whether the viewer works for the public employment service: decides on bases and applications."""
    return viewer.role in SERVICE


def bases_seen_by(viewer: User) -> QuerySet[Base]:
    """Officers see every base; a unit its own; a resident those that are recognised."""
    bases = Base.objects.select_related("unit__area")
    if viewer.role in OFFICERS:
        return bases
    if viewer.role == Role.EMPLOYER:
        return bases.filter(unit=organisation_acted_for(viewer))
    return bases.filter(state=BaseState.RECOGNISED) if viewer.role == Role.RESIDENT else bases.none()


def posts_seen_by(viewer: User) -> QuerySet[InternPost]:
    """The posts of the bases that the viewer sees."""
    return InternPost.objects.filter(base__in=bases_seen_by(viewer)).select_related("base__unit", "workplace__address")


def posts_open_on(day: date) -> QuerySet[InternPost]:
    """The posts that take people on a day, as anyone may read them."""
    return (
        InternPost.objects.filter(
            base__state=BaseState.RECOGNISED, closed_on=None, open_from__lte=day, open_until__gte=day
        )
        .select_related("base__unit", "workplace__address")
        .order_by("open_until", "pk")
    )


def applications_seen_by(viewer: User) -> QuerySet[InternApplication]:
    """Officers see those of their area; a unit those recommended to it; a resident their own."""
    found = InternApplication.objects.select_related(
        "person__home_area", "wants__base__unit", "found_base__unit", "recommended_to__base__unit"
    )
    if viewer.role in OFFICERS:
        return found.filter(home_lies_in(viewer.area_code, of="person__"))
    if viewer.role == Role.EMPLOYER:
        return found.filter(recommended_to__base__unit=organisation_acted_for(viewer)).exclude(state="withdrawn")
    if viewer.role == Role.RESIDENT:
        return found.filter(person=_own(viewer))
    return found.none()


def internships_seen_by(viewer: User) -> QuerySet[Internship]:
    """Officers see those of people of their area; a unit its own; a resident their own."""
    found = Internship.objects.select_related("person__home_area", "unit", "post")
    if viewer.role in OFFICERS:
        return found.filter(home_lies_in(viewer.area_code, of="person__"))
    if viewer.role == Role.EMPLOYER:
        return found.filter(unit=organisation_acted_for(viewer))
    if viewer.role == Role.RESIDENT:
        return found.filter(person=_own(viewer))
    return found.none()


def _own(viewer: User) -> Person | None:
    return person_of(viewer)


@dataclass(frozen=True)
class Due:
    """A follow-up to be made: whose, after how many months, since when."""

    internship: Internship
    after_months: int
    due_on: date


class MonthsLater(Func):
    """A day so many months later, on the last day of a month that is too short, as `add_months` has it."""

    template = "(%(expressions)s)::date"
    arg_joiner = " + interval '1 month' * "
    output_field = DateField()


def interns_to_ask(viewer: User, today: date, *, since: date | None = None) -> QuerySet[Internship]:
    """The interns to be asked what became of them: each with the latest `due_months` that are over, and their day as `due_on`.

    With `since`, only those whose day came from then on: older ones are late, not today's.
    """
    cases = [When(condition=_over(months, today), then=Value(months)) for months in reversed(follow_up_months(today))]
    ended = internships_seen_by(viewer).filter(ended_on__lte=today)
    found = ended.annotate(due_months=Case(*cases, default=None, output_field=IntegerField()))
    made = InternFollowUp.objects.filter(internship=OuterRef("pk"), after_months__gte=OuterRef("due_months"))
    found = found.filter(~Exists(made), due_months__isnull=False)
    found = found.annotate(due_on=MonthsLater(F("ended_on"), F("due_months")))
    return found.filter(due_on__gte=since) if since is not None else found


def _over(months: int, today: date) -> LessThanOrEqual:
    return LessThanOrEqual(MonthsLater(F("ended_on"), Value(months)), Value(today))


def follow_ups_due(viewer: User, today: date, most: int = 200) -> list[Due]:
    """Follow-ups that are due and not made, the longest waiting first; of each internship the latest that is due."""
    waiting = interns_to_ask(viewer, today).order_by("due_on", "pk")[:most]
    return [Due(each, each.due_months, each.due_on) for each in waiting]  # type: ignore[attr-defined]


def recommended_waiting(viewer: User) -> QuerySet[InternApplication]:
    """Recommendations that wait for the answer of the viewer's unit."""
    return applications_seen_by(viewer).filter(state="recommended").order_by("pk")


def named(internships: QuerySet[Internship], search: str) -> QuerySet[Internship]:
    """Those with a name of a person or unit, or a certificate number, that holds the words."""
    return internships.filter(
        Q(person__name__icontains=search) | Q(unit__name__icontains=search) | Q(certificate_number=search)
    )
