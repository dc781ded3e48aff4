"""Reads of the schools' lists; the viewer comes first and bounds what is seen."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from jiujin.accounts.models import Role, User
from jiujin.registry.models import Organisation, OrganisationKind
from jiujin.schools.models import Enrolment, Intake, IntakePayment
from jiujin.work.acting_for import organisation_acted_for

# A list is the school's, the city's and, as a copy, the district's; a township has no part in it.
OFFICERS = frozenset({Role.CLERK, Role.REVIEWER, Role.FINANCE, Role.SUPERVISOR, Role.LEADER})
SERVICE = frozenset({Role.CLERK, Role.REVIEWER})
MARKS = ("upgraded", "two_schools", "two_years", "wrong_path", "wrong_years")


def school_of(viewer: User) -> Organisation | None:
    """The technical school for which the viewer acts."""
    if viewer.role != Role.SCHOOL:
        return None
    found = organisation_acted_for(viewer)
    return found if found and OrganisationKind.TECHNICAL_SCHOOL in found.kinds else None


def enters_replies(viewer: User) -> bool:
    """Whether the viewer enters what the city replied."""
    return viewer.role in SERVICE


def intakes_seen_by(viewer: User) -> QuerySet[Intake]:
    """A school's own lists; officers of the district see every list."""
    found = Intake.objects.select_related("school", "stamped_list")
    if viewer.role in OFFICERS:
        return found
    school = school_of(viewer)
    return found.filter(school=school) if school is not None else found.none()


def enrolments_seen_by(viewer: User) -> QuerySet[Enrolment]:
    """The students of the lists that the viewer sees."""
    return Enrolment.objects.filter(intake__in=intakes_seen_by(viewer)).select_related("person")


def payments_of(intake: Intake) -> QuerySet[IntakePayment]:
    """What the city paid for a list, each with how many `paid_students` it was for."""
    return intake.payments.annotate(paid_students=Count("students")).select_related("scan").order_by("paid_on", "pk")


def progress(intakes: QuerySet[Intake]) -> QuerySet[Intake]:
    """Each list with its counts: students, verdicts, marks, who is paid for, who left, who finished and has a certificate."""
    marked = {mark: Count("enrolments", filter=Q(enrolments__marks__contains=[mark])) for mark in MARKS}
    return intakes.annotate(
        students=Count("enrolments"),
        met=Count("enrolments", filter=Q(enrolments__verdict="met")),
        unmet=Count("enrolments", filter=Q(enrolments__verdict="unmet")),
        unknown=Count("enrolments", filter=Q(enrolments__verdict="unknown")),
        paid=Count("enrolments", filter=Q(enrolments__payment__isnull=False)),
        left=Count("enrolments", filter=Q(enrolments__left_on__isnull=False)),
        finished=Count("enrolments", filter=Q(enrolments__finished_on__isnull=False)),
        certified=Count("enrolments", filter=~Q(enrolments__certificate_number="")),
        **marked,
    )
