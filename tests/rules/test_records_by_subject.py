"""A fact that two subjects share is read from each one's own record, and is not known where no way is written."""

from __future__ import annotations

from jiujin.plan.models import Fact, Plan
from jiujin.rules import compile_scheme, open_plan
from jiujin.rules.records import records_source

PLAN = open_plan("jinan-2022")


def _months(plan: Plan, scheme: str) -> str:
    """The SQL that reads the insured months of a scheme's subject."""
    program = compile_scheme(plan, plan.schemes[scheme], records=True)
    parts = records_source(program, "things").split(" AS social_insurance_months")
    assert len(parts) == 3  # the fact and its proof
    return parts[0].rsplit("CAST(", 1)[1]


def test_a_subject_s_own_text_reads_the_fact() -> None:
    assert "work_insurancemonth" in _months(PLAN, "stable-employment")


def test_a_subject_without_a_text_does_not_know_the_fact() -> None:
    fact = PLAN.facts["social_insurance_months"]
    only = Fact.model_validate(
        {**fact.model_dump(by_alias=True), "records": {"placement": "subject.a"}, "records_proof": "2"}
    )
    plan = PLAN.model_copy(update={"facts": {**PLAN.facts, fact.id: only}})
    assert _months(plan, "absorption-subsidy") == "NULL AS BIGINT)"


def test_each_subject_may_have_a_text_of_its_own() -> None:
    fact = PLAN.facts["social_insurance_months"]
    texts = {"placement": "subject.a", "internship": "subject.b"}
    shared = Fact.model_validate({**fact.model_dump(by_alias=True), "records": texts, "records_proof": "2"})
    plan = PLAN.model_copy(update={"facts": {**PLAN.facts, fact.id: shared}})
    assert _months(plan, "stable-employment").startswith("subject.a")
    assert _months(plan, "absorption-subsidy").startswith("subject.b")
    assert (shared.records_of("public_post"), shared.records_proof_of("public_post")) == (None, "2")


def test_a_derived_fact_that_is_asked_with_proof_can_be_told_too() -> None:
    told = compile_scheme(PLAN, PLAN.schemes["stable-employment"], records=True).detail_columns()
    assert "term_months" in told
