"""The database keeps the registry's invariants whatever writes to it: each is tried with raw SQL."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from psycopg import sql

from jiujin.core.proof import Proof
from jiujin.registry.models import OrganisationKind, Person
from jiujin.rules.program import LEVELS
from tests.registry.factories import make_area, make_organisation, make_person, make_status

pytestmark = pytest.mark.django_db


def insert(table: str, **row: Any) -> None:
    """Insert a row past every service and model."""
    query = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, row)),
        sql.SQL(", ").join([sql.Placeholder()] * len(row)),
    )
    with connection.cursor() as cursor:
        cursor.execute(query, list(row.values()))


def refused(constraint: str, table: str, row: Mapping[str, Any], **changed: Any) -> None:
    """The row goes in as it is, and is refused by the named constraint once changed."""
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        insert(table, **{**row, **changed})
    insert(table, **row)


def person_row() -> dict[str, Any]:
    return {
        "id_number": b"\x01",
        "id_number_index": b"\x01" * 32,
        "name": "测试",
        "born_on": date(1990, 1, 1),
        "sex": "male",
        "is_synthetic": True,
    }


def test_the_same_identity_number_twice_is_refused() -> None:
    person = make_person()
    with pytest.raises(IntegrityError, match="id_number_index"), transaction.atomic():
        make_person(id_number=person.id_number)
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    ("column", "value", "constraint"),
    [
        ("name", "  ", "person_has_a_name"),
        ("sex", "other", "person_sex_is_known"),
        ("sex", None, "identified_person_has_birth_and_sex"),
        ("born_on", None, "identified_person_has_birth_and_sex"),
    ],
)
def test_person_without_a_name_or_with_a_number_but_no_birth_is_refused(
    column: str, value: Any, constraint: str
) -> None:
    refused(constraint, "registry_person", person_row(), **{column: value})


def test_people_whose_number_nobody_knows_are_several() -> None:
    for _ in range(2):
        make_person(id_number=None, born_on=None, sex=None)
    assert Person.objects.filter(id_number_index=None).count() == 2


@pytest.mark.parametrize(
    ("code", "level"),
    [("34150", "district"), ("341502", "township"), ("341502001", "community"), ("34150200１", "township")],
)
def test_area_code_must_fit_its_level(code: str, level: str) -> None:
    make_area("341502")
    parent = None if level == "district" else "341502"
    with pytest.raises(IntegrityError, match="area_code_fits_its_level"), transaction.atomic():
        insert("registry_area", code=code, name="测试", level=level, parent_id=parent)


def test_area_must_lie_in_its_parent() -> None:
    make_area("341502001")
    row = {"code": "341502002", "name": "测试", "level": "township", "parent_id": "341502"}
    refused("area_lies_in_its_parent", "registry_area", row, code="341503002")
    with pytest.raises(IntegrityError, match="area_lies_in_its_parent"), transaction.atomic():
        insert("registry_area", code="341502003", name="测试", level="township", parent_id=None)


def test_area_with_residents_cannot_be_taken_out() -> None:
    area = make_area("341502001001")
    make_person(home_area=area)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM registry_area WHERE code = %s", [area.code])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def organisation_row() -> dict[str, Any]:
    return {
        "name": "测试单位",
        "kinds": [OrganisationKind.EMPLOYER.value],
        "credit_code": "91990000999999999X",
        "is_synthetic": True,
    }


@pytest.mark.parametrize(
    ("constraint", "changed"),
    [
        ("organisation_has_a_name", {"name": " "}),
        ("organisation_kinds_are_known", {"kinds": ["employer", "bank"]}),
        ("organisation_kinds_are_known", {"kinds": []}),
        ("organisation_credit_code_is_a_code", {"credit_code": "91990000999999999I"}),
        ("organisation_credit_code_is_a_code", {"credit_code": "9199000099999999"}),
    ],
)
def test_organisation_that_cannot_be_is_refused(constraint: str, changed: dict[str, Any]) -> None:
    refused(constraint, "registry_organisation", organisation_row(), **changed)


def test_the_same_credit_code_twice_is_refused_and_unknown_codes_are_not() -> None:
    organisation = make_organisation()
    row = organisation_row()
    with pytest.raises(IntegrityError, match="credit_code"), transaction.atomic():
        insert("registry_organisation", **{**row, "credit_code": organisation.credit_code})
    insert("registry_organisation", **{**row, "credit_code": None})
    insert("registry_organisation", **{**row, "credit_code": None})


def status_row() -> dict[str, Any]:
    return {
        "person_id": make_person().pk,
        "category": "migrant",
        "start_on": date(2022, 1, 2),
        "end_on": date(2022, 1, 2),
        "certified_by": "测试认定机构",
        "certified_on": date(2022, 1, 1),
        "proof": 3,
    }


@pytest.mark.parametrize(
    ("constraint", "changed"),
    [
        ("status_ends_after_it_starts", {"end_on": date(2022, 1, 1)}),
        ("status_category_is_a_code", {"category": "农民工"}),
        ("status_proof_is_a_level", {"proof": 0}),
        ("status_proof_is_a_level", {"proof": 4}),
        ("verified_status_is_certified", {"certified_by": " "}),
        ("verified_status_is_certified", {"certified_on": None}),
    ],
)
def test_status_that_cannot_be_is_refused(constraint: str, changed: dict[str, Any]) -> None:
    refused(constraint, "registry_prioritystatus", status_row(), **changed)


def test_documented_status_may_lack_its_certificate() -> None:
    insert("registry_prioritystatus", **{**status_row(), "proof": 2, "certified_by": "", "certified_on": None})


def test_same_category_from_the_same_day_twice_is_refused() -> None:
    status = make_status(make_person(), "migrant", date(2022, 1, 1))
    with pytest.raises(IntegrityError, match="one_status_a_category_and_day"), transaction.atomic():
        make_status(status.person, "migrant", date(2022, 1, 1))
    make_status(status.person, "veteran", date(2022, 1, 1))


def test_proof_levels_are_those_that_the_rules_compare() -> None:
    assert {name: Proof[name.upper()].value for name in LEVELS} == dict(LEVELS)
