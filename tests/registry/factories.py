"""Small people and organisations for tests; each call makes another one."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from jiujin.accounts.models import Role, User
from jiujin.core.proof import Proof
from jiujin.registry.models import Area, Organisation, OrganisationKind, Person, PriorityStatus
from jiujin.values import make_demo_id
from jiujin.values.demo import demo_credit_code

_numbers = count(1)


def make_area(code: str) -> Area:
    """An area of the level that its code has, with those above it."""
    levels = {6: "district", 9: "township", 12: "community"}
    parent = make_area(code[:-3]) if len(code) > 6 else None
    area, _ = Area.objects.get_or_create(
        code=code, defaults={"name": f"区域{code}", "level": levels[len(code)], "parent": parent}
    )
    return area


def make_person(**given: Any) -> Person:
    """A synthetic person with a number of their own."""
    number = next(_numbers)
    born_on = date(1980 + number % 20, 1 + number // 1000 % 12, 1)  # a day's serial has three digits
    usual = {
        "id_number": make_demo_id(born_on, number % 1000),
        "name": f"测试{number}",
        "born_on": born_on,
        "sex": "male" if number % 2 else "female",
        "is_synthetic": True,
    }
    return Person.objects.create(**{**usual, **given})


def make_organisation(kind: OrganisationKind = OrganisationKind.EMPLOYER, **given: Any) -> Organisation:
    """A synthetic organisation with a code of its own."""
    number = 900_000_000 + next(_numbers)
    usual = {
        "name": f"测试单位{number}",
        "kinds": [kind],
        "credit_code": demo_credit_code(number),
        "is_synthetic": True,
    }
    return Organisation.objects.create(**{**usual, **given})


def make_status(person: Person, category: str, start_on: date, **given: Any) -> PriorityStatus:
    """A verified status from a day on."""
    usual = {"certified_by": "测试认定机构", "certified_on": start_on, "proof": Proof.VERIFIED}
    return PriorityStatus.objects.create(person=person, category=category, start_on=start_on, **{**usual, **given})


def make_user(role: Role, **given: Any) -> User:
    """Someone who signs in."""
    return User.objects.create(username=f"user{next(_numbers)}", display_name="测试", role=role, **given)
