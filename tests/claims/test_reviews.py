"""The reviews: whose step it is, two people at one line, returning, mending, rejecting, verifying."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from jiujin.accounts.models import Role, User
from jiujin.claims.errors import (
    FactWrong,
    LineChanged,
    NotAllowed,
    OwnWork,
    ReasonMissing,
    StepDone,
    StepImpossible,
    TextMissing,
    VerdictNotMet,
)
from jiujin.claims.models import Claim, ClaimLine, Decision
from jiujin.claims.queries import line_history, overdue, queue, refusal
from jiujin.claims.services.accept_lines import accept_lines
from jiujin.claims.services.file_claim import NewLine, file_claim
from jiujin.claims.services.mend_line import mend_line
from jiujin.claims.services.pass_lines import pass_lines
from jiujin.claims.services.reject_lines import reject_lines
from jiujin.claims.services.return_lines import return_lines
from jiujin.claims.services.submit_claim import submit_claim
from jiujin.claims.services.verify_facts import verify_facts
from jiujin.core.proof import Proof
from jiujin.registry.models import OrganisationKind
from tests.claims.factories import NOW, filed, ids_of, passed, payee_user, reviewers, set_rates
from tests.claims.test_filing import INTERN
from tests.registry.factories import make_organisation, make_person, make_user

pytestmark = pytest.mark.django_db


def intern_claim() -> tuple[Claim, User]:
    payee = make_organisation(OrganisationKind.INTERNSHIP_BASE)
    actor = payee_user(payee, Role.EMPLOYER)
    line = NewLine(key=uuid4(), person=make_person(), declared=INTERN)
    claim = file_claim(
        claim_id=uuid4(), scheme="internship-living-allowance", payee=payee, lines=[line], actor=actor, source="roster"
    )
    return claim, actor


def accepted_intern() -> tuple[ClaimLine, User, User]:
    claim, actor = intern_claim()
    submit_claim(claim=claim, actor=actor, now=NOW)
    clerk = make_user(Role.CLERK)
    [line] = accept_lines(ids=ids_of(claim), actor=clerk, now=NOW)
    return line, actor, clerk


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.FINANCE, Role.LEADER, Role.SUPERVISOR, Role.OPERATOR])
def test_a_step_is_only_for_the_roles_of_the_plans_workflow(role: Role) -> None:
    claim, actor = filed()
    ids = passed(claim, actor, until="submitted")
    with pytest.raises(NotAllowed):
        accept_lines(ids=ids, actor=make_user(role), now=NOW)
    with pytest.raises(NotAllowed):
        accept_lines(ids=ids, actor="system:anything", now=NOW)
    assert claim.lines.get().state == "submitted"


def test_an_officer_of_another_township_has_no_part_in_a_line() -> None:
    claim, actor = filed()
    ClaimLine.objects.filter(claim=claim).update(area_code="341502001", version=2)
    ids = passed(claim, actor, until="submitted")
    elsewhere, here = make_user(Role.CLERK, area_code="341502002"), make_user(Role.CLERK, area_code="341502001")
    assert (queue(elsewhere, "acceptance").count(), queue(here, "acceptance").count()) == (0, 1)
    with pytest.raises(NotAllowed):
        accept_lines(ids=ids, actor=elsewhere, now=NOW)
    assert accept_lines(ids=ids, actor=here, now=NOW)


def test_a_line_goes_through_one_queue_after_the_other() -> None:
    set_rates()
    claim, actor = filed()
    people = reviewers()
    seen = []
    for state in ("submitted", "accepted", "first_passed", "second_passed"):
        if state == "submitted":
            passed(claim, actor, people, until=state)
        elif state == "accepted":
            accept_lines(ids=ids_of(claim), actor=people["first"], now=NOW)
        else:
            stage = "first" if state == "first_passed" else "second"
            pass_lines(ids=ids_of(claim), stage=stage, actor=people[stage], now=NOW)
        stages = ("acceptance", "first", "second", "notice", "approval")
        seen.append([stage for stage in stages if queue(people["first"], stage).exists()])
    assert seen == [["acceptance"], ["first"], ["second"], ["notice"]]
    assert not queue(actor, "notice").exists(), "a payee has no queue"


def test_the_same_step_twice_says_that_it_was_done() -> None:
    claim, actor = filed()
    people = reviewers()
    ids = passed(claim, actor, people, until="accepted")
    with pytest.raises(StepDone):
        accept_lines(ids=ids, actor=people["first"], now=NOW)
    assert Decision.objects.filter(event="line_accepted").count() == 1


def test_the_second_of_two_people_is_told_what_the_first_changed() -> None:
    set_rates()
    claim, actor = filed()
    first = make_user(Role.CLERK)
    ids = passed(claim, actor, until="accepted")
    seen = dict(ClaimLine.objects.filter(pk__in=ids).values_list("pk", "version"))
    return_lines(ids=ids, reasons="缺合同", actor=first, now=NOW, versions=seen)
    with pytest.raises(LineChanged) as raised:
        pass_lines(ids=ids, stage="first", actor=make_user(Role.CLERK), now=NOW, versions=seen)
    assert raised.value.changes == [f"{first.display_name}：退回补正"]


def test_facts_that_somebody_verified_meanwhile_are_told_too() -> None:
    line, _, clerk = accepted_intern()
    seen = {line.pk: line.version}
    verify_facts(
        line_id=line.pk, facts={"monthly_stipend": 1}, proof=Proof.VERIFIED, basis="凭证", actor=clerk, now=NOW
    )
    with pytest.raises(LineChanged) as raised:
        return_lines(ids=[line.pk], reasons="补正", actor=make_user(Role.CLERK), now=NOW, versions=seen)
    assert raised.value.changes == [f"{clerk.display_name}：核验了每月生活补助"]


def test_a_line_that_is_not_met_does_not_pass_and_nothing_of_the_batch_does() -> None:
    set_rates()
    claim, actor = filed(lines=2)
    ids = passed(claim, actor, until="accepted")
    line = ClaimLine.objects.get(pk=ids[0])
    clerk = make_user(Role.CLERK)
    verify_facts(
        line_id=line.pk,
        facts={"social_insurance_months": 3},
        proof=Proof.VERIFIED,
        basis="社保局查询",
        actor=clerk,
        now=NOW,
    )
    with pytest.raises(VerdictNotMet):
        pass_lines(ids=ids, stage="first", actor=clerk, now=NOW)
    assert set(ClaimLine.objects.values_list("state", flat=True)) == {"accepted"}


def test_who_passed_first_does_not_pass_second() -> None:
    set_rates()
    claim, actor = filed()
    both = make_user(Role.CLERK)
    ids = passed(claim, actor, reviewers() | {"first": both}, until="first_passed")
    both.role = Role.REVIEWER
    both.save()
    with pytest.raises(OwnWork):
        pass_lines(ids=ids, stage="second", actor=both, now=NOW)


def test_a_verified_fact_stands_above_the_declared_one_and_may_take_the_place_away() -> None:
    set_rates()
    claim, actor = filed()
    [pk] = passed(claim, actor, until="submitted")
    clerk = make_user(Role.CLERK)
    found = {"proof": Proof.VERIFIED, "basis": "档案", "actor": clerk, "now": NOW}
    line = verify_facts(line_id=pk, facts={"priority_group": "none"}, **found)
    assert (line.verdict, line.limit_ordinal, line.facts["priority_group"]) == ("unmet", None, "none")
    line = verify_facts(line_id=pk, facts={"priority_group": "difficulty"}, **found)
    assert (line.verdict, line.limit_ordinal) == ("met", 1)
    connection.check_constraints()


def test_verifying_is_an_officers_who_did_not_make_the_line_and_says_by_what() -> None:
    line, payee, clerk = accepted_intern()
    given: dict[str, Any] = {"line_id": line.pk, "facts": {"monthly_stipend": 1}, "proof": 3, "basis": "x", "now": NOW}
    with pytest.raises(NotAllowed):
        verify_facts(**given | {"actor": payee})
    with pytest.raises(TextMissing):
        verify_facts(**given | {"actor": clerk, "basis": " "})
    for facts in ({"id_number": "x"}, {"operator": "x"}, {"monthly_stipend": "x"}):
        with pytest.raises(FactWrong):
            verify_facts(**given | {"actor": clerk, "facts": facts})
    ClaimLine.objects.filter(pk=line.pk).update(made_by=clerk, version=line.version + 1)
    with pytest.raises(OwnWork):
        verify_facts(**given | {"actor": clerk})


def test_a_returned_line_is_mended_alone_and_sent_again() -> None:
    line, payee, clerk = accepted_intern()
    with pytest.raises(ReasonMissing):
        return_lines(ids=[line.pk], reasons=" ", actor=clerk, now=NOW)
    return_lines(ids=[line.pk], reasons="补助金额写错", actor=clerk, now=NOW)
    with pytest.raises(NotAllowed):
        mend_line(line_id=line.pk, declared={"monthly_stipend": 220_000}, actor=clerk_of_another(), now=NOW)
    mended = mend_line(line_id=line.pk, declared={"monthly_stipend": 220_000}, actor=payee, now=NOW)
    assert (mended.state, mended.declared["monthly_stipend"]) == ("draft", 220_000)
    assert mended.declared["graduated_on"] == INTERN["graduated_on"]
    submit_claim(claim=line.claim, actor=payee, now=NOW)
    accept_lines(ids=[line.pk], actor=clerk, now=NOW)
    events = [decision.event for decision in line_history(line)]
    assert events == [
        "line_submitted", "line_accepted", "line_returned", "line_mended", "line_submitted", "line_accepted",
    ]  # fmt: skip


def clerk_of_another() -> User:
    return payee_user(make_organisation(), Role.EMPLOYER)


def test_a_sent_line_is_not_mended() -> None:
    line, payee, _ = accepted_intern()
    with pytest.raises(StepImpossible):
        mend_line(line_id=line.pk, declared={"monthly_stipend": 1}, actor=payee, now=NOW)


def test_a_rejection_says_why_on_which_clause_and_how_to_appeal() -> None:
    set_rates(appeal_days=10)
    line, _, _ = accepted_intern()
    [rejected] = reject_lines(ids=[line.pk], reasons="没有实际见习", actor=make_user(Role.CLERK), now=NOW)
    told = refusal(rejected)
    assert told[0] == "没有实际见习"
    assert any(part.startswith("依据：") for part in told)
    assert "2022-11-29" in told[-1] and "申诉" in told[-1]


def test_lines_past_their_day_are_listed_for_the_office() -> None:
    set_rates(acceptance_days=1)
    claim, actor = filed()
    passed(claim, actor, until="submitted")
    day = ClaimLine.objects.get().due_on
    assert day is not None
    clerk = make_user(Role.CLERK)
    assert not overdue(clerk, day).exists()
    assert overdue(clerk, day.replace(day=day.day + 1)).count() == 1
    assert not overdue(actor, day.replace(day=day.day + 1)).exists()
