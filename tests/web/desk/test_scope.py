"""Every address of the desk that names a record: open to whom the record belongs, and nowhere for everybody else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import Settings

from jiujin.accounts.models import Role
from jiujin.accounts.permissions import ROOMS, Room
from jiujin.registry.models import Membership, OrganisationKind
from jiujin.web.desk.urls import urlpatterns
from tests.registry.factories import make_organisation
from tests.web.desk.worlds import EAST, WEST, desk_of, file_of, officer

pytestmark = pytest.mark.django_db
ROLES = [role for role in Role if Room.PEOPLE in ROOMS[role]]
OPEN_TO_ALL_OF_THE_ROOM = {"vacancy"}  # an open vacancy is public
ADDRESSES = [(str(entry.name), list(entry.pattern.converters)) for entry in urlpatterns]


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def address(name: str, parts: list[str], its: dict[str, Any]) -> str:
    return reverse(f"desk:{name}", kwargs={part: its[part] for part in parts})


@pytest.mark.parametrize("role", ROLES)
def test_own_records_open_and_another_s_are_not_there(role: Role) -> None:
    area = "" if role in (Role.SPECIALIST, Role.OPERATOR) else EAST[:9]
    mine, other = officer(role, area=area), officer(role, area=area and WEST[:9])
    if role == Role.OPERATOR:
        Membership.objects.create(user=other, organisation=make_organisation(OrganisationKind.OPERATOR))
    its = file_of(mine)
    own, elsewhere = desk_of(mine), desk_of(other)
    for name, parts in ADDRESSES:
        assert own.get(address(name, parts, its)).status_code in (200, 405), name
        if parts and name not in OPEN_TO_ALL_OF_THE_ROOM:
            assert elsewhere.get(address(name, parts, its)).status_code in (404, 405), name
            assert elsewhere.post(address(name, parts, its)).status_code in (404, 405), name
            assert 404 in {
                elsewhere.get(address(name, parts, its)).status_code,
                elsewhere.post(address(name, parts, its)).status_code,
            }, name


@pytest.mark.parametrize("role", [role for role in Role if role not in ROLES])
def test_other_roles_are_refused_at_the_door(role: Role) -> None:
    its, desk = file_of(officer()), desk_of(officer(role))
    for name, parts in ADDRESSES:
        assert desk.get(address(name, parts, its)).status_code == 403, name
        assert desk.post(address(name, parts, its)).status_code == 403, name
