"""Writes down what an officer found a line's facts to be, and judges it again on that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jiujin.accounts.models import User
from jiujin.claims.declared import OF_THE_PERSON, typed_fact
from jiujin.claims.errors import FactWrong, NotAllowed, OwnWork, StepImpossible, TextMissing
from jiujin.claims.models import ClaimLine, VerifiedFact
from jiujin.claims.services.compare_lines import compare_lines, lock_subjects
from jiujin.claims.services.keep_judgement import keep_judgement
from jiujin.claims.services.lock import locked_lines
from jiujin.claims.services.save_lines import save_lines
from jiujin.claims.services.take_step import STEP_FIELDS
from jiujin.claims.states import OPEN
from jiujin.claims.steps import JUDGING, require_step
from jiujin.core.plan_in_force import plan_in_force
from jiujin.core.proof import Proof
from jiujin.core.services.record_event import record_event
from jiujin.registry.models import EvidenceFile

VERIFIABLE_MAX = 60


@transaction.atomic
def verify_facts(
    *,
    line_id: int,
    facts: Mapping[str, Any],
    proof: int,
    basis: str,
    actor: User,
    now: datetime,
    evidence: EvidenceFile | None = None,
) -> ClaimLine:
    """Keep facts as found (a line's own kinds of value; None: not known), how far they are proven and by what.

    They stand above what was declared and recorded, until the next. The line may gain or lose its place under the limit.
    The same said again by the same person is once.
    Raises NotAllowed, OwnWork, FactWrong, TextMissing, StepImpossible.
    """
    if not basis.strip():
        raise TextMissing
    if not isinstance(actor, User):
        raise NotAllowed
    plan = plan_in_force()
    lock_subjects(ClaimLine.objects.filter(pk=line_id))
    [line] = locked_lines([line_id])
    if line.state not in OPEN:
        raise StepImpossible(line.pk, line.state, "facts_verified")
    require_step(actor, [line], JUDGING, plan)
    if actor.pk in (line.made_by_id, line.claim.made_by_id, line.claim.submitted_by_id):
        raise OwnWork(line.pk)
    subject = plan.scheme(line.scheme).subject
    if not facts or len(facts) > VERIFIABLE_MAX:
        raise TextMissing
    found = []
    for name, value in facts.items():
        fact = plan.facts.get(name)
        if fact is None or subject not in fact.subjects or name in OF_THE_PERSON:
            raise FactWrong(name, name, _("这项补贴不核验这一栏"))
        typed = typed_fact(fact, value)
        found.append(
            VerifiedFact(
                line=line,
                fact=name,
                value=typed,
                proof=Proof(proof),
                basis=basis.strip()[:300],
                evidence=evidence,
                by=actor,
            )
        )
    if _said_before(line, found):
        return line
    VerifiedFact.objects.bulk_create(found)
    keep_judgement([line], now=now, take_places=True, plan=plan)
    compare_lines([line], plan=plan)
    line.version += 1
    save_lines([line], STEP_FIELDS)
    record_event(
        actor=actor,
        verb="facts_verified",
        subject=line,
        details={"facts": sorted(facts), "proof": int(proof), "verdict": line.verdict, "version": line.version},
    )
    return line


def _said_before(line: ClaimLine, found: Sequence[VerifiedFact]) -> bool:
    """Whether this is word for word what the same person found last."""
    fields = ("value", "proof", "basis", "by_id", "evidence_id")
    held = VerifiedFact.objects.filter(line=line, fact__in=[fact.fact for fact in found]).order_by("pk")
    last = {fact.fact: fact for fact in held}
    return all(
        fact.fact in last and all(getattr(last[fact.fact], name) == getattr(fact, name) for name in fields)
        for fact in found
    )
