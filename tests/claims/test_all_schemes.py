"""Every scheme of the plan, by its own worked case, from a declared line to the last step before approval."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from jiujin.accounts.models import Role, User
from jiujin.claims.declared import officer_facts
from jiujin.claims.models import Claim, ClaimLine
from jiujin.claims.services.accept_lines import accept_lines
from jiujin.claims.services.close_notices import close_notices
from jiujin.claims.services.file_claim import KINDS, NewLine, file_claim
from jiujin.claims.services.pass_lines import pass_lines
from jiujin.claims.services.publish_notice import publish_notice
from jiujin.claims.services.submit_claim import submit_claim
from jiujin.claims.services.verify_facts import verify_facts
from jiujin.core.current_plan import current_plan
from jiujin.core.proof import Proof
from jiujin.core.services.set_parameter import MAY_BE_SET, set_parameter
from jiujin.registry.models import Organisation, OrganisationKind, Person
from jiujin.registry.services.register_person import register_person
from jiujin.rules.cases import fact_value
from tests.claims.factories import DAYS, NOW, SOURCE, payee_user, set_rates
from tests.registry.factories import make_organisation, make_user

pytestmark = pytest.mark.django_db
SCHEMES = sorted(current_plan().schemes)


def base_of(scheme: str) -> dict[str, Any]:
    """The facts of the scheme's worked case that is met, as a line keeps them."""
    plan = current_plan()
    facts = {name: fact_value(plan.facts[name], raw) for name, raw in plan.cases[scheme].base.items()}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in facts.items()}


def set_case_parameters(scheme: str) -> None:
    plan = current_plan()
    for parameter, value in plan.cases[scheme].set.items():
        if plan.parameters[parameter].status in MAY_BE_SET:
            set_parameter(parameter=parameter, value=value, source=SOURCE, actor="system:test")
    set_rates(**DAYS)


def payee_of(scheme: str, base: dict[str, Any]) -> Organisation | None:
    payee = current_plan().scheme(scheme).payee
    if payee.fact is None:
        return None
    kind = KINDS.get(payee.role, OrganisationKind.EMPLOYER)
    return make_organisation(kind, name=base[payee.fact], credit_code=base.get("credit_code"))


def person_of(base: dict[str, Any]) -> Person | None:
    if "id_number" not in base:
        return None
    return register_person(name=base["name"], id_number=base["id_number"], actor="system:test")


def file_base(scheme: str) -> tuple[Claim, User, dict[str, Any]]:
    base = base_of(scheme)
    payee = payee_of(scheme, base)
    actor = payee_user(payee) if payee else make_user(Role.CLERK)
    line = NewLine(key=uuid4(), person=person_of(base), declared=base)
    claim = file_claim(
        claim_id=uuid4(), scheme=scheme, payee=payee, lines=[line], actor=actor, source="roster", now=NOW
    )
    return claim, actor, base


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_worked_case_goes_the_whole_way(scheme: str) -> None:
    set_case_parameters(scheme)
    claim, payee, base = file_base(scheme)
    [line] = submit_claim(claim=claim, actor=payee, now=NOW).lines
    rule = current_plan().scheme(scheme)
    assert not officer_facts(rule) & set(line.declared), "a payee does not judge for the officer"
    assert "id_number" not in line.declared and "id_number" not in str(line.declared)
    clerk, reviewer = make_user(Role.CLERK), make_user(Role.REVIEWER)
    accept_lines(ids=[line.pk], actor=clerk, now=NOW)
    facts = {name: value for name, value in base.items() if name not in ("id_number", "name", "born_on")}
    line = verify_facts(
        line_id=line.pk, facts=facts, proof=Proof.VERIFIED, basis="测试：核对原件", actor=clerk, now=NOW
    )
    assert (line.verdict, line.unmet, line.missing) == ("met", [], []), line.facts
    assert line.amount_fen is not None and line.amount_fen > 0
    pass_lines(ids=[line.pk], stage="first", actor=clerk, now=NOW)
    workflow = current_plan().workflow_of(scheme)
    if workflow.step("second_review"):
        pass_lines(ids=[line.pk], stage="second", actor=reviewer, now=NOW)
    if workflow.step("public_notice"):
        publish_notice(ids=[line.pk], actor=clerk, now=NOW)
        close_notices(now=NOW + timedelta(days=30))
    line = ClaimLine.objects.get(pk=line.pk)
    assert line.state == ("noticed" if workflow.step("public_notice") else "first_passed")
    assert line.payer == rule.decided_by


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_only_the_payee_says_is_not_enough_where_proof_is_asked(scheme: str) -> None:
    set_case_parameters(scheme)
    claim, _, _ = file_base(scheme)
    line = claim.lines.get()
    [declared] = [case.expect for case in current_plan().cases[scheme].cases if case.proof == "declared"] or ["met"]
    assert line.verdict == ("unknown" if officer_facts(current_plan().scheme(scheme)) else declared)
