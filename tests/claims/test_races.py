"""Many at once on the same people's lines: limits and exclusions hold, and nothing happens twice."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from jiujin.accounts.models import Role
from jiujin.claims.errors import ClaimRefused
from jiujin.claims.models import Claim, ClaimLine, Decision
from jiujin.claims.services.accept_lines import accept_lines
from jiujin.claims.services.claim_from_records import claim_from_records
from jiujin.claims.services.pass_lines import pass_lines
from jiujin.claims.services.submit_claim import submit_claim
from jiujin.core.linking import chain_entries
from jiujin.registry.models import OrganisationKind
from tests.claims.factories import NOW, ids_of, payee_user, set_rates, stable_placement
from tests.claims.test_submitting import internship
from tests.registry.factories import make_organisation, make_person, make_user

pytestmark = pytest.mark.django_db(transaction=True)
CLIENTS = 16
SEED = int(os.environ.get("RACE_SEED", "7"))
SCALE = int(os.environ.get("RACE_SCALE", "1"))  # `make faults` makes thousands of lines of it


def at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """Do all of them at the same moment, each in a thread with its own connection; what was refused gives its error."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            barrier.wait()
            return act()
        except ClaimRefused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def refused_or(act: Callable[..., Any], **given: Any) -> Any:
    """What it gives, or how it was refused."""
    try:
        return act(**given)
    except ClaimRefused as refused:
        return refused


def test_sixteen_payees_sending_the_same_people_at_once_never_pass_a_limit() -> None:
    set_rates()
    people = [make_person() for _ in range(6 * SCALE)]
    claims = []
    for number in range(CLIENTS):
        operator = make_organisation(OrganisationKind.OPERATOR)
        for person in people:
            stable_placement(operator, person=person, start_on=date(2022, 1, 1 + number))
        actor = payee_user(operator)
        claim = claim_from_records(claim_id=uuid4(), scheme="stable-employment", payee=operator, actor=actor, now=NOW)
        claims.append((claim, actor))

    def send(claim: Claim, actor: Any) -> Callable[[], Any]:
        return lambda: submit_claim(claim=claim, actor=actor, now=NOW)

    at_once([send(*pair) for pair in claims])
    held = Counter(ClaimLine.objects.filter(state="submitted").values_list("person", flat=True))
    assert held == {person.pk: 1 for person in people}
    assert ClaimLine.objects.filter(limit_ordinal=1).count() == len(people)


def test_internships_of_the_same_days_sent_at_once_leave_one() -> None:
    person = make_person()
    claims = [internship(person) for _ in range(8)]

    def send(claim: Claim, actor: Any) -> Callable[[], Any]:
        return lambda: submit_claim(claim=claim, actor=actor, now=NOW)

    results = at_once([send(*pair) for pair in claims])
    assert sum(not isinstance(result, ClaimRefused) for result in results) == 1
    assert ClaimLine.objects.filter(state="submitted").count() == 1


def test_sixteen_clerks_at_the_same_lines_take_each_step_once() -> None:
    set_rates()
    operator = make_organisation(OrganisationKind.OPERATOR)
    for _ in range(4 * SCALE):
        stable_placement(operator)
    actor = payee_user(operator)
    claim = claim_from_records(claim_id=uuid4(), scheme="stable-employment", payee=operator, actor=actor, now=NOW)
    sent = at_once([lambda: submit_claim(claim=claim, actor=actor, now=NOW)] * 4)
    assert sum(not isinstance(result, ClaimRefused) for result in sent) == 1
    clerks, ids = [make_user(Role.CLERK) for _ in range(CLIENTS)], ids_of(claim)
    accept_lines(ids=ids, actor=clerks[0], now=NOW)

    def decide(number: int) -> Callable[[], Any]:
        chance = random.Random(SEED + number)
        some = chance.sample(ids, len(ids) // 2) if number else ids  # the first takes all, so that none is left over
        return lambda: [refused_or(pass_lines, ids=[pk], stage="first", actor=clerks[number], now=NOW) for pk in some]

    at_once([decide(number) for number in range(CLIENTS)])
    passed = Counter(Decision.objects.filter(event="line_first_passed").values_list("line", flat=True))
    assert passed == dict.fromkeys(ids, 1)
    assert set(ClaimLine.objects.values_list("state", "limit_ordinal")) == {("first_passed", 1)}
    entries = list(chain_entries(connection))
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))


def test_the_same_claim_filed_at_once_by_many_is_one() -> None:
    operator = make_organisation(OrganisationKind.OPERATOR)
    stable_placement(operator)
    actor, claim_id = payee_user(operator), uuid4()
    results = at_once(
        [
            lambda: claim_from_records(
                claim_id=claim_id, scheme="stable-employment", payee=operator, actor=actor, now=NOW
            )
        ]
        * 8
    )
    assert {result.pk for result in results if isinstance(result, Claim)} == {claim_id}
    assert ClaimLine.objects.count() == 1
