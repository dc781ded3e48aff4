"""Lines paid before: not judged, counted by limits and overlaps, held against the finance office's total."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from jiujin.accounts.models import Role
from jiujin.claims.errors import NotAllowed, NothingToSend
from jiujin.claims.models import Claim, ClaimLine
from jiujin.claims.services.carry_in import CarriedIn, PaidLine, carry_in
from jiujin.claims.services.submit_claim import submit_claim
from jiujin.registry.models import OrganisationKind, Person
from tests.claims.factories import NOW, filed, set_rates
from tests.claims.test_filing import INTERN
from tests.claims.test_submitting import internship
from tests.registry.factories import make_organisation, make_person, make_user

pytestmark = pytest.mark.django_db
DECLARED = {"start_on": "2022-01-01", "employment_form": "labour_contract"}


def carried(person: Person, *, total: int = 100_000, **given: Any) -> CarriedIn:
    line = PaidLine(uuid4(), 100_000, date(2022, 3, 1), person, None, given.pop("declared", DECLARED))
    usual: dict[str, Any] = {"claim_id": uuid4(), "scheme": "stable-employment", "lines": [line], "total_fen": total}
    usual |= {"payee": make_organisation(OrganisationKind.OPERATOR), "actor": make_user(Role.FINANCE), "now": NOW}
    return carry_in(**usual | given)


def test_a_paid_line_is_not_judged_and_takes_its_place() -> None:
    set_rates()
    claim, payee = filed()
    person = claim.lines.get().person
    assert person is not None
    found = carried(person)
    line = found.claim.lines.get()
    assert (line.is_carried_in, line.state, line.verdict, line.amount_fen) == (True, "reconciled", "unknown", 100_000)
    assert (line.limit_ordinal, line.limit_max, line.first_on) == (1, 1, date(2022, 1, 1))
    with pytest.raises(NothingToSend):
        submit_claim(claim=claim, actor=payee, now=NOW)
    connection.check_constraints()


def test_it_stands_against_other_lines_of_the_same_days() -> None:
    person = make_person()
    unit = make_organisation(OrganisationKind.INTERNSHIP_BASE)
    carried(person, scheme="internship-living-allowance", payee=unit, declared=INTERN)
    claim, actor = internship(person)
    with pytest.raises(NothingToSend, match="见习时间重叠"):
        submit_claim(claim=claim, actor=actor, now=NOW)


def test_a_sum_that_is_not_the_finance_offices_is_told_and_not_reconciled() -> None:
    found = carried(make_person(), total=120_000)
    assert (found.amount_fen, found.difference_fen) == (100_000, -20_000)
    assert found.claim.lines.get().state == "paid"


def test_what_was_paid_over_the_limit_comes_in_and_is_told() -> None:
    person = make_person()
    carried(person)
    found = carried(person, declared=DECLARED | {"start_on": "2022-06-01"})
    line = found.claim.lines.get()
    assert found.over_limit == [line.pk]
    assert line.limit_ordinal is None


def test_twice_is_once_and_only_the_offices_money_people_bring_in() -> None:
    payee, claim_id, person = make_organisation(OrganisationKind.OPERATOR), uuid4(), make_person()
    first = carried(person, claim_id=claim_id, payee=payee)
    again = carried(person, claim_id=claim_id, payee=payee)
    assert (again.claim, again.amount_fen) == (first.claim, first.amount_fen)
    assert (Claim.objects.count(), ClaimLine.objects.count()) == (1, 1)
    with pytest.raises(NotAllowed):
        carried(person, actor=make_user(Role.REVIEWER))
