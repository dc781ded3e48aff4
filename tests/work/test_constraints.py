"""The database keeps the invariants of work whatever writes to it: each is tried with raw SQL."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from jiujin.registry.models import OrganisationKind
from tests.registry.factories import make_organisation, make_person
from tests.registry.test_constraints import insert, refused
from tests.work.factories import make_placement

pytestmark = pytest.mark.django_db


def placement_row() -> dict[str, Any]:
    return {
        "person_id": make_person().pk,
        "employer_id": make_organisation().pk,
        "operator_id": make_organisation(OrganisationKind.OPERATOR).pk,
        "form": "part_time",
        "start_on": date(2022, 3, 2),
        "end_on": date(2022, 3, 2),
        "open_ended": False,
        "proof": 1,
    }


@pytest.mark.parametrize(
    ("constraint", "changed"),
    [
        ("placement_ends_after_it_starts", {"end_on": date(2022, 3, 1)}),
        ("open_ended_placement_has_no_end", {"open_ended": True}),
        ("placement_form_is_a_code", {"form": "非全日制"}),
        ("placement_proof_is_a_level", {"proof": 4}),
        ("start_on", {"start_on": None}),
    ],
)
def test_placement_that_cannot_be_is_refused(constraint: str, changed: dict[str, Any]) -> None:
    refused(constraint, "work_placement", placement_row(), **changed)


@pytest.mark.parametrize(
    ("table", "row", "constraint", "changed"),
    [
        ("insurancemonth", {"kind": "social"}, "insurance_month_is_a_first_day", {"month": date(2022, 3, 31)}),
        ("insurancemonth", {"kind": "social"}, "insurance_kind_is_known", {"kind": "pension"}),
        ("insurancemonth", {"kind": "social"}, "insurance_month_proof_is_a_level", {"proof": 0}),
        ("incomemonth", {"amount_fen": 0}, "income_month_is_a_first_day", {"month": date(2022, 3, 2)}),
        ("incomemonth", {"amount_fen": None}, "income_is_not_negative", {"amount_fen": -1}),
        ("incomemonth", {"amount_fen": 1}, "income_month_proof_is_a_level", {"proof": 9}),
    ],
)
def test_month_that_cannot_be_is_refused(
    table: str, row: dict[str, Any], constraint: str, changed: dict[str, Any]
) -> None:
    whole = {"placement_id": make_placement().pk, "month": date(2022, 3, 1), "proof": 1, **row}
    refused(constraint, f"work_{table}", whole, **changed)


@pytest.mark.parametrize(
    ("table", "constraint", "row"),
    [
        ("insurancemonth", "one_insurance_month_a_kind", {"kind": "social", "month": date(2022, 3, 1)}),
        ("incomemonth", "one_income_month", {"month": date(2022, 3, 1)}),
        ("registration", "one_registration_a_kind", {"kind": "labour_filed", "reference_number": "1"}),
    ],
)
def test_same_record_of_a_placement_twice_is_refused(table: str, constraint: str, row: dict[str, Any]) -> None:
    whole = {"placement_id": make_placement().pk, "proof": 1, **row}
    insert(f"work_{table}", **whole)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        insert(f"work_{table}", **whole)
    insert(f"work_{table}", **{**whole, "placement_id": make_placement().pk})


@pytest.mark.parametrize(
    ("constraint", "changed"),
    [
        ("registration_kind_is_known", {"kind": "post_developed"}),
        ("verified_registration_has_a_number", {"reference_number": ""}),
        ("registration_proof_is_a_level", {"proof": -1}),
    ],
)
def test_registration_that_cannot_be_is_refused(constraint: str, changed: dict[str, Any]) -> None:
    row = {"placement_id": make_placement().pk, "kind": "labour_filed", "reference_number": "YS1", "proof": 3}
    message = "check" if changed.get("proof") == -1 else constraint
    refused(message, "work_registration", row, **changed)


def test_person_with_a_placement_cannot_be_taken_out() -> None:
    placement = make_placement()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM registry_person WHERE id = %s", [placement.person_id])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
