"""Reads of the desk; the viewer comes first, and whoever is not theirs is not there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from jiujin.accounts.models import User
from jiujin.circles.queries import match_lists
from jiujin.registry.models import EvidenceFile, Person
from jiujin.web.desk.scope import people_of
from jiujin.work.models import (
    Application,
    GroupSession,
    Introduction,
    MatchLine,
    Occupation,
    Placement,
    ServiceRecord,
)
from jiujin.work.queries import running_on
from jiujin.work.states import ApplicationState, IntroductionState

STANDING = (ApplicationState.SENT, ApplicationState.SEEN, ApplicationState.ACCEPTED, ApplicationState.HIRED)
FILE_ROWS_MAX = 100


def with_last_service(people: QuerySet[Person]) -> QuerySet[Person]:
    """The people with `last_served_on`, null for whom nobody served."""
    return people.annotate(last_served_on=Max("services__served_on", filter=Q(services__stands=True)))


def looking_people(viewer: User, today: date) -> QuerySet[Person]:
    """Who of the viewer's people looks for work: no running placement, and no word that they do not look."""
    at_work = Placement.objects.filter(running_on(today), person=OuterRef("pk"))
    return people_of(viewer).exclude(wish__is_looking=False).filter(~Exists(at_work))


def people_without_a_match(viewer: User, today: date) -> QuerySet[Person]:
    """Who looks for work and has no application under way, no introduction and no placement yet."""
    applied = Application.objects.filter(person=OuterRef("pk"), state__in=STANDING)
    introduced = Introduction.objects.filter(person=OuterRef("pk")).exclude(state=IntroductionState.LAPSED)
    return looking_people(viewer, today).filter(~Exists(applied), ~Exists(introduced))


def people_due_for_service(viewer: User, today: date, *, since: date) -> QuerySet[Person]:
    """Who looks for work and was not served on or after `since`."""
    served = ServiceRecord.objects.filter(person=OuterRef("pk"), served_on__gte=since, stands=True)
    return with_last_service(looking_people(viewer, today).filter(~Exists(served)))


def waiting_introductions(viewer: User) -> QuerySet[Introduction]:
    """The introductions of the viewer's people that nobody has answered."""
    waiting = Introduction.objects.filter(state=IntroductionState.MADE, person__in=people_of(viewer))
    return waiting.select_related("person__home_area__parent", "vacancy__employer", "made_by")


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


def placements_of_viewer(viewer: User) -> QuerySet[Placement]:
    """The placements of the viewer's people."""
    mine = Placement.objects.filter(person__in=people_of(viewer))
    return mine.select_related("person", "employer", "operator", "workplace")


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


def nightly_line(viewer: User, person: Person) -> MatchLine | None:
    """The best vacancy that the last night found for a person of the viewer's."""
    return match_lists(viewer).filter(person=person).order_by("rank").first()


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
