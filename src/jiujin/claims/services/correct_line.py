"""Corrects a line that was approved or paid: by another line, which claims the difference or asks it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jiujin.accounts.models import User
from jiujin.claims.declared import OF_THE_PERSON, typed_fact
from jiujin.claims.errors import CorrectionImpossible, FactWrong, NotAllowed, ReasonMissing
from jiujin.claims.models import Basis, Claim, ClaimLine, VerifiedFact
from jiujin.claims.records import records_by_id
from jiujin.claims.services.compare_lines import compare_lines, lock_subjects
from jiujin.claims.services.file_claim import next_position
from jiujin.claims.services.keep_judgement import keep_judgement
from jiujin.claims.services.lock import locked_lines
from jiujin.claims.services.take_step import take_step
from jiujin.claims.states import DECIDED, ENDED, LineState
from jiujin.claims.steps import JUDGING, require_step
from jiujin.core.plan_in_force import plan_in_force
from jiujin.core.proof import Proof
from jiujin.core.services.record_event import Actor, record_event
from jiujin.plan import Plan
from jiujin.registry.models import Person

CORRECTING = (*JUDGING, "payment")


@transaction.atomic
def correct_line(
    *,
    line_id: int,
    changes: Mapping[str, Any],
    reasons: str,
    actor: Actor,
    now: datetime,
    person: Person | None = None,
    proof: int = Proof.VERIFIED,
) -> ClaimLine:
    """Make the correcting line of a decided one, and send it on the same way as any other.

    It rests on the same record or declaration, as that stands now, with what officers verified of the line corrected, and
    above that `changes`: the facts as the actor found them. `person` is whose it really is, where the line was declared; a
    record is put right where it is kept. Its amount is the difference: above nothing it is claimed, below it is asked back.
    Raises ReasonMissing, NotAllowed, FactWrong, CorrectionImpossible.
    """
    if not reasons.strip():
        raise ReasonMissing
    if not isinstance(actor, User):
        raise NotAllowed
    plan = plan_in_force()
    seen = ClaimLine.objects.get(pk=line_id)
    claim = Claim.objects.select_for_update(of=("self",)).get(pk=seen.claim_id)
    whose = _whose(seen, person, plan)
    lock_subjects([seen, ClaimLine(person=whose, payee_id=seen.payee_id)])
    [line] = locked_lines([line_id])
    require_step(actor, [line], CORRECTING, plan)
    _require_correctable(line)
    correcting = ClaimLine.objects.create(
        claim=claim,
        position=next_position(claim),
        plan_id=line.plan_id,
        scheme=line.scheme,
        payee=line.payee,
        payer=line.payer,
        person=whose,
        area_code=line.area_code,
        basis=line.basis,
        record_id=line.record_id,
        declared=line.declared,
        corrects=line,
        state_at=now,
        made_by=actor,
    )
    _keep_facts(line, correcting, changes, reasons.strip(), proof, actor, plan)
    keep_judgement([correcting], now=now, take_places=True, plan=plan)
    compare_lines([correcting], plan=plan)
    take_step([correcting], "line_submitted", actor=actor, now=now, reasons=reasons.strip())
    record_event(
        actor=actor,
        verb="line_correction_begun",
        subject=line,
        details={"by": correcting.pk, "facts": sorted(changes), "amount_fen": correcting.amount_fen},
    )
    return correcting


def _require_correctable(line: ClaimLine) -> None:
    if line.state not in DECIDED:
        raise CorrectionImpossible(
            _("第 %(line)s 号明细还没有批准，不用更正：退回补正就可以改。没有改动。") % {"line": line.pk}
        )
    if line.corrects_id is not None:
        raise CorrectionImpossible(
            _("第 %(line)s 号明细本身是更正，请更正原来的第 %(original)s 号。没有改动。")
            % {"line": line.pk, "original": line.corrects_id}
        )
    over = (*ENDED, *DECIDED, LineState.CORRECTED)
    if open_one := line.corrections.exclude(state__in=over).order_by("pk").first():
        raise CorrectionImpossible(
            _("第 %(line)s 号明细正在更正（第 %(other)s 号），没有再建一条。") % {"line": line.pk, "other": open_one.pk}
        )


def _whose(line: ClaimLine, person: Person | None, plan: Plan) -> Person | None:
    """Whose the correcting line is: as told, or as the record says now."""
    if line.basis == Basis.DECLARED or line.record_id is None:
        return person or line.person
    record = records_by_id(plan.scheme(line.scheme), [line.record_id]).get(line.record_id)
    now = Person.objects.filter(pk=record.person_id).first() if record and record.person_id else line.person
    if person is not None and (now is None or now.pk != person.pk):
        raise CorrectionImpossible(_("这一条按记录申报，请先把记录里的人改对，再更正。没有改动。"))
    return now


def _keep_facts(
    line: ClaimLine,
    correcting: ClaimLine,
    changes: Mapping[str, Any],
    reasons: str,
    proof: int,
    actor: User,
    plan: Plan,
) -> None:
    """What officers verified of the line that is corrected stands for this one too; then what changes."""
    kept = [
        VerifiedFact(
            line=correcting, fact=held.fact, value=held.value, proof=held.proof, basis=held.basis, evidence_id=held.evidence_id,
            by_id=held.by_id,
        )
        for held in VerifiedFact.objects.filter(line=line).order_by("pk")
    ]  # fmt: skip
    subject = plan.scheme(line.scheme).subject
    for name, value in changes.items():
        fact = plan.facts.get(name)
        if fact is None or subject not in fact.subjects or name in OF_THE_PERSON:
            raise FactWrong(name, name, _("这项补贴不核验这一栏"))
        found = typed_fact(fact, value)
        kept.append(
            VerifiedFact(line=correcting, fact=name, value=found, proof=Proof(proof), basis=reasons[:300], by=actor)
        )
    VerifiedFact.objects.bulk_create(kept)
