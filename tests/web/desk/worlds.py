"""A small district for the desk's tests: two townships, and people in each."""

from __future__ import annotations

import base64
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from jiujin.accounts.models import Role, User
from jiujin.registry.models import Membership, Organisation, OrganisationKind, Person, Workplace
from jiujin.registry.services.keep_evidence import keep_evidence
from jiujin.work.acting_for import operator_of
from jiujin.work.models import GroupSession, Introduction, ServiceRecord, Vacancy
from tests.accounts.people import someone
from tests.registry.factories import make_area, make_organisation, make_person
from tests.work.factories import make_placement

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
EAST, WEST = "341502001001", "341502002001"  # a community in each of two townships


def officer(role: Role = Role.TOWNSHIP, *, area: str = EAST[:9]) -> User:
    """Somebody of the desk with an area of their own."""
    return someone(role, area_code=area)


def desk_of(user: User) -> Client:
    """Their browser."""
    client = Client()
    client.force_login(user)
    return client


def resident(area: str = EAST, **given: Any) -> Person:
    """A person with a home community."""
    return make_person(home_area=make_area(area), **given)


def open_vacancy(area: str = EAST, *, days: int = 60, **given: Any) -> Vacancy:
    """An open vacancy at a workplace of the community."""
    employer: Organisation = given.pop("employer", None) or make_organisation(OrganisationKind.EMPLOYER)
    workplace = Workplace.objects.create(organisation=employer, name=f"{employer.name}厂区", area=make_area(area))
    usual: dict[str, Any] = {
        "title": "包装工",
        "form": "labour_contract",
        "wage_min_fen": 320_000,
        "state": "open",
        "published_at": timezone.now(),
        "open_until": today() + timedelta(days=days),
        "headcount": 3,
    }
    return Vacancy.objects.create(employer=employer, workplace=workplace, **{**usual, **given})


def today() -> date:
    """The day the pages go by."""
    return timezone.localdate()


def file_of(viewer: User) -> dict[str, Any]:
    """Something of the viewer's own for each part of the desk's addresses."""
    if viewer.role == Role.OPERATOR and not Membership.objects.filter(user=viewer).exists():
        Membership.objects.create(user=viewer, organisation=make_organisation(OrganisationKind.OPERATOR))
    person, vacancy = resident(), open_vacancy()
    session = GroupSession.objects.create(title="宣讲", held_on=today(), held_by=viewer)
    service = ServiceRecord.objects.create(
        person=person,
        kind="session",
        served_on=today(),
        served_by=viewer,
        operator=operator_of(viewer),
        session=session,
    )
    kept = keep_evidence(subject=person, upload=SimpleUploadedFile("a.png", PIXEL), kind="id_card", actor=viewer)
    return {
        "person_id": person.pk,
        "vacancy_id": vacancy.pk,
        "session_id": session.pk,
        "service_id": service.pk,
        "evidence_id": kept.pk,
        "placement_id": make_placement(person=person).pk,
        "introduction_id": Introduction.objects.create(person=person, vacancy=vacancy, made_by=viewer).pk,
    }
