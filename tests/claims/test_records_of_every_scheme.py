"""Every scheme of the plan reads its facts from records: nothing is missing but what an officer judges and rates not set."""

from __future__ import annotations

import pytest
from django.db import connection

from jiujin.claims.judging import TABLES
from jiujin.core.current_plan import current_plan
from jiujin.rules import compile_scheme
from jiujin.rules.records import judge_records
from tests.claims.records import MAKERS

pytestmark = pytest.mark.django_db
# What a record of ours does not prove by itself: an officer looks and verifies.
OFFICER = {
    "employment-assistance": {"helped_into_work"},
    "network-construction": {"network_is_improved"},
    "job-matching-service": {"workload_is_sufficient", "is_professional", "is_effective"},
    "special-event": {"is_effective", "cost_is_reasonable", "event_cost"},
}


@pytest.mark.parametrize("scheme", sorted(MAKERS))
def test_facts_come_from_records(scheme: str) -> None:
    plan = current_plan()
    record = MAKERS[scheme]()
    program = compile_scheme(plan, plan.scheme(scheme), records=True)
    with connection.cursor() as cursor:
        [row] = judge_records(cursor, program, TABLES[plan.scheme(scheme).subject]).to_pylist()
    assert row["ord"] == record.pk
    assert row["unmet"] == []
    assert {name for name in row["missing"] if not name.startswith("param:")} == OFFICER.get(scheme, set())
    open_yet = (
        scheme in OFFICER
        or "param:minimum_wage" in row["missing"]
        or "param:absorption_insurance_months" in row["missing"]
    )
    assert row["verdict"] == ("unknown" if open_yet else "met"), row["missing"]


def test_every_scheme_has_records() -> None:
    plan = current_plan()
    assert set(MAKERS) == set(plan.schemes)
    assert {scheme.subject for scheme in plan.schemes.values()} == set(TABLES)
