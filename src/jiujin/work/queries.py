"""Reads of the records of work; the viewer comes first and bounds what is seen."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from jiujin.accounts.models import Role, User
from jiujin.registry.models import Person
from jiujin.registry.queries import SEE_PEOPLE_OF_THEIR_AREA, home_lies_in, person_of
from jiujin.work.acting_for import organisation_acted_for
from jiujin.work.models import Application, Introduction, Placement, ServiceRecord, Vacancy
from jiujin.work.states import OPEN_APPLICATION, VacancyState

# Who decides on vacancies that the check sent to a reviewer, and so sees every vacancy whatever its state.
REVIEW_VACANCIES = frozenset({Role.CLERK, Role.REVIEWER})
SERVE_PEOPLE = frozenset({Role.CLERK, Role.REVIEWER, Role.TOWNSHIP, Role.SPECIALIST, Role.OPERATOR})
SHOWN_WITH = ("employer", "workplace__address", "workplace__area", "occupation")


# --- vacancies -----------------------------------------------------------------------------------------------------------


def open_vacancies(today: date | None = None) -> QuerySet[Vacancy]:
    """What everyone may see: published, not past its last day, with a place left."""
    return Vacancy.objects.filter(
        state=VacancyState.OPEN, open_until__gte=today or timezone.localdate(), filled_count__lt=F("headcount")
    ).select_related(*SHOWN_WITH)


def vacancies_of(viewer: User) -> QuerySet[Vacancy]:
    """Every vacancy of the employer for whom the viewer acts."""
    organisation = organisation_acted_for(viewer) if viewer.role == Role.EMPLOYER else None
    if organisation is None:
        return Vacancy.objects.none()
    return Vacancy.objects.filter(employer=organisation).select_related(*SHOWN_WITH)


def vacancies_to_review(viewer: User) -> QuerySet[Vacancy]:
    """The vacancies of the viewer's area that wait for a reviewer."""
    if viewer.role not in REVIEW_VACANCIES:
        return Vacancy.objects.none()
    waiting = Vacancy.objects.filter(state=VacancyState.IN_REVIEW).filter(_workplace_lies_in(viewer.area_code))
    return waiting.select_related(*SHOWN_WITH)


def vacancy_seen_by(viewer: User | AnonymousUser, pk: int, today: date | None = None) -> Vacancy | None:
    """One vacancy: an open one for everyone; in any state for its employer, its applicants and the reviewers of its area."""
    return vacancies_seen_by(viewer, today).filter(pk=pk).first()


def vacancies_seen_by(viewer: User | AnonymousUser, today: date | None = None) -> QuerySet[Vacancy]:
    """Every vacancy that the viewer may look at."""
    is_open = Q(state=VacancyState.OPEN, open_until__gte=today or timezone.localdate())
    own = Q(pk__in=[])
    if isinstance(viewer, User):
        if viewer.role == Role.EMPLOYER:
            own = Q(employer=organisation_acted_for(viewer)) & Q(employer__isnull=False)
        elif viewer.role in REVIEW_VACANCIES:
            own = _workplace_lies_in(viewer.area_code)
        elif viewer.role == Role.RESIDENT:
            own = Q(pk__in=Application.objects.filter(person=person_of(viewer)).values("vacancy"))
    return Vacancy.objects.filter(is_open | own).select_related(*SHOWN_WITH)


def contact_phone_for(viewer: User, vacancy: Vacancy) -> str | None:
    """The vacancy's telephone number: for its employer, for applicants once the employer wants to meet them, and for whoever
    serves people in the area where its place of work lies (without an area of their own: anywhere).
    """
    if viewer.role == Role.RESIDENT:
        invited = Application.objects.filter(person=person_of(viewer), vacancy=vacancy, state__in=("accepted", "hired"))
        return vacancy.contact_phone if invited.exists() else None
    if viewer.role == Role.EMPLOYER:
        return vacancy.contact_phone if vacancies_of(viewer).filter(pk=vacancy.pk).exists() else None
    if viewer.role not in SERVE_PEOPLE:
        return None
    of_their_area = Vacancy.objects.filter(_workplace_lies_in(viewer.area_code), pk=vacancy.pk)
    return vacancy.contact_phone if of_their_area.exists() else None


def lapsing_vacancies(viewer: User, today: date, days: int) -> QuerySet[Vacancy]:
    """Open vacancies of the viewer's organisation or area whose last day comes within so many days, soonest first."""
    near = open_vacancies(today).filter(open_until__lt=today + timedelta(days=days))
    if viewer.role == Role.EMPLOYER:
        near = near.filter(employer=organisation_acted_for(viewer), employer__isnull=False)
    elif viewer.role in SERVE_PEOPLE:
        near = near.filter(_workplace_lies_in(viewer.area_code))
    else:
        near = near.none()
    return near.order_by("open_until", "pk")


def _workplace_lies_in(area_code: str) -> Q:
    everywhere = ~Q(pk__in=[])  # not an empty Q, which an *or* would drop
    return Q(workplace__area__code__startswith=area_code) if area_code else everywhere


# --- applications and introductions --------------------------------------------------------------------------------------


def applications_of(viewer: User) -> QuerySet[Application]:
    """The viewer's own applications, the latest first."""
    own = Application.objects.filter(person=person_of(viewer), folded_into=None)
    return own.select_related(*(f"vacancy__{name}" for name in SHOWN_WITH)).order_by("-sent_at", "pk")


def applications_to(viewer: User) -> QuerySet[Application]:
    """Applications to the vacancies of the viewer's organisation, without those taken back; the latest first."""
    to = Application.objects.filter(vacancy__in=vacancies_of(viewer), folded_into=None).exclude(state="withdrawn")
    return to.select_related("vacancy", "person").order_by("-sent_at", "pk")


def introductions_of(viewer: User) -> QuerySet[Introduction]:
    """What specialists recommended to the viewer and employers invited them to, the latest first."""
    own = Introduction.objects.filter(person=person_of(viewer))
    return own.select_related("made_by", *(f"vacancy__{name}" for name in SHOWN_WITH)).order_by("-made_at", "pk")


def introductions_made_by(viewer: User) -> QuerySet[Introduction]:
    """What the viewer, or the operator for whom the viewer acts, recommended; the latest first."""
    organisation = organisation_acted_for(viewer) if viewer.role == Role.OPERATOR else None
    made = Q(made_by=viewer) | (Q(operator=organisation) if organisation else Q(pk__in=[]))
    return Introduction.objects.filter(made).select_related("vacancy", "person").order_by("-made_at", "pk")


# --- what was done for a person -------------------------------------------------------------------------------------------
# The caller has the person from `people_seen_by` or `circles.queries.people_served_by`: whoever sees the person sees these.


def applications_by(person: Person) -> QuerySet[Application]:
    """A person's applications, the latest first."""
    return person.applications.filter(folded_into=None).select_related("vacancy__employer").order_by("-sent_at", "pk")


def open_applications_by(person: Person) -> QuerySet[Application]:
    """A person's applications that still wait for an end."""
    return applications_by(person).filter(state__in=OPEN_APPLICATION)


def introductions_to(person: Person) -> QuerySet[Introduction]:
    """What was recommended to a person, the latest first."""
    return person.introductions.select_related("vacancy__employer", "made_by").order_by("-made_at", "pk")


def services_to(person: Person) -> QuerySet[ServiceRecord]:
    """How a person was served, as it stands now, the latest first."""
    return (
        person.services.filter(stands=True)
        .select_related("served_by", "session")
        .order_by("-served_on", "-recorded_at", "pk")
    )


def placements_of(person: Person) -> QuerySet[Placement]:
    """A person's placements, the latest first, with what proves them."""
    placements = person.placements.select_related("employer", "operator", "vacancy", "workplace")
    return placements.prefetch_related("contracts", "insurance_months", "income_months", "registrations").order_by(
        "-start_on", "pk"
    )


def placements_seen_by(viewer: User) -> QuerySet[Placement]:
    """An operator sees the placements it organised; whoever sees the people of an area sees their placements."""
    if viewer.role == Role.OPERATOR and viewer.organisation_name:
        return Placement.objects.filter(operator__name=viewer.organisation_name)
    if viewer.role in SEE_PEOPLE_OF_THEIR_AREA:
        return Placement.objects.filter(home_lies_in(viewer.area_code, of="person__"))
    return Placement.objects.none()


def running_on(today: date) -> Q:
    """The condition that a placement runs on a day; one whose end nobody knows goes on."""
    return Q(start_on__lte=today, left_on=None) & (Q(end_on=None) | Q(end_on__gte=today)) | Q(
        start_on__lte=today, left_on__gte=today
    )
