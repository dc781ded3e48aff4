"""Reads of the desk; the viewer comes first, and whoever is not theirs is not there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from jiujin.accounts.models import User
from jiujin.registry.models import EvidenceFile, Person, PriorityStatus
from jiujin.web.desk.scope import people_of
from jiujin.web.desk.words import IN_NO_GROUP
from jiujin.work.models import (
    Application,
    GroupSession,
    Introduction,
    Occupation,
    Placement,
    ServiceRecord,
)
from jiujin.work.queries import running_on
from jiujin.work.states import ApplicationState, IntroductionState

STANDING = (ApplicationState.SENT, ApplicationState.SEEN, ApplicationState.ACCEPTED, ApplicationState.HIRED)
FILE_ROWS_MAX = 100


def looking_people(people: QuerySet[Person], today: date) -> QuerySet[Person]:
    """Who of these people looks for work: no running placement, and no word that they do not look."""
    at_work = Placement.objects.filter(running_on(today), person=OuterRef("pk"))
    return people.exclude(wish__is_looking=False).filter(~Exists(at_work))


def people_without_a_match(people: QuerySet[Person], today: date) -> QuerySet[Person]:
    """Who looks for work and has no application under way, no introduction and no placement yet."""
    applied = Application.objects.filter(person=OuterRef("pk"), state__in=STANDING)
    introduced = Introduction.objects.filter(person=OuterRef("pk")).exclude(state=IntroductionState.LAPSED)
    return looking_people(people, today).filter(~Exists(applied), ~Exists(introduced))


def people_due_for_service(people: QuerySet[Person], today: date, *, since: date) -> QuerySet[Person]:
    """Who looks for work and was not served on or after `since`."""
    unserved = Q(last_served_on=None) | Q(last_served_on__lt=since)
    return looking_people(people, today).filter(unserved)


def group_statuses(today: date, *, of: str) -> QuerySet[PriorityStatus]:
    """What puts a person in a priority group of the plan on a day, for a subquery; `of` is the path to the person."""
    holds = Q(end_on=None) | Q(end_on__gte=today)
    return PriorityStatus.objects.filter(holds, person=OuterRef(of), start_on__lte=today).exclude(category=IN_NO_GROUP)


def waiting_introductions(people: QuerySet[Person]) -> QuerySet[Introduction]:
    """The introductions of these people that nobody has answered."""
    waiting = Introduction.objects.filter(state=IntroductionState.MADE, person__in=people)
    return waiting.select_related("person", "vacancy__employer", "made_by")


def people_named(viewer: User, name: str) -> QuerySet[Person]:
    """The viewer's people whose name holds these characters."""
    return people_of(viewer).filter(name__icontains=name)


def people_with_phone(viewer: User, phone: str) -> QuerySet[Person]:
    """The viewer's people of this whole telephone number; a family may share one."""
    return people_of(viewer).filter(phone_index=phone)


def likely_same(*, name: str, born_on: date | None) -> QuerySet[Person]:
    """Records of the same name and birth in the whole registry, whosever they are: the counter must not make a second one."""
    if born_on is None:
        return Person.objects.none()
    return Person.objects.filter(name=name.strip(), born_on=born_on, merged_into=None)


def placements_of_people(people: QuerySet[Person]) -> QuerySet[Placement]:
    """The placements of these people."""
    return Placement.objects.filter(person__in=people).select_related("person", "employer", "operator", "workplace")


def evidence_of(viewer: User, person: Person) -> QuerySet[EvidenceFile]:
    """What was kept about a person of the viewer's, their services and their placements; removed files are not shown."""
    about = Q(subject_kind=Person._meta.label_lower, subject_id=str(person.pk))
    for model in (ServiceRecord, Placement):
        keys = [str(pk) for pk in model.objects.filter(person=person).values_list("pk", flat=True).order_by("pk")]  # type: ignore[attr-defined]
        about |= Q(subject_kind=model._meta.label_lower, subject_id__in=keys)
    return (
        EvidenceFile.objects.filter(about, removed_at=None).select_related("uploaded_by").order_by("-uploaded_at", "pk")
    )


def evidence_about(record: ServiceRecord) -> QuerySet[EvidenceFile]:
    """What was kept about one service."""
    kept = EvidenceFile.objects.filter(
        subject_kind=ServiceRecord._meta.label_lower, subject_id=str(record.pk), removed_at=None
    )
    return kept.select_related("uploaded_by").order_by("-uploaded_at", "pk")


def sessions_of(viewer: User) -> QuerySet[GroupSession]:
    """The sessions that the viewer held."""
    return GroupSession.objects.filter(held_by=viewer)


def wished_occupations(people: Iterable[Person]) -> dict[str, str]:
    """Names of all occupations that these people wish for, in one statement."""
    return occupation_names({code for person in people for code in _wished(person)})


def _wished(person: Person) -> list[str]:
    wish = getattr(person, "wish", None)
    return wish.occupations if wish else []


def occupation_names(codes: set[str]) -> dict[str, str]:
    """Names of occupations by code."""
    if not codes:
        return {}
    return dict(Occupation.objects.filter(code__in=codes).values_list("code", "name").order_by("code"))
