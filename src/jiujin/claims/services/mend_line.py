"""Changes a draft, or a line that was returned: that one becomes a draft again, to be sent anew."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from jiujin.claims.errors import StepImpossible
from jiujin.claims.models import Basis, ClaimLine
from jiujin.claims.services.compare_lines import compare_lines
from jiujin.claims.services.file_claim import checked_declared
from jiujin.claims.services.keep_judgement import keep_judgement
from jiujin.claims.services.lock import locked_lines
from jiujin.claims.services.save_lines import save_lines
from jiujin.claims.services.take_step import STEP_FIELDS, take_step
from jiujin.claims.states import LineState
from jiujin.claims.steps import require_payee_of
from jiujin.core.plan_in_force import plan_in_force
from jiujin.core.services.record_event import Actor, record_event
from jiujin.registry.models import Person


@transaction.atomic
def mend_line(
    *, line_id: int, declared: Mapping[str, Any], actor: Actor, now: datetime, person: Person | None = None
) -> ClaimLine:
    """Change declared facts of a line (those given; None takes one away), or whose it is, and judge it again.

    A line that rests on a record has no declared facts: the record is mended where it is kept, and the line sent again.
    Raises NotAllowed, FactWrong, PayeeDiffers, StepImpossible.
    """
    [line] = locked_lines([line_id])
    require_payee_of(actor, line.claim)
    if line.state not in (LineState.DRAFT, LineState.RETURNED):
        raise StepImpossible(line.pk, line.state, "line_mended")
    plan = plan_in_force()
    changed = []
    if line.basis == Basis.DECLARED:
        before = dict(line.declared)
        line.declared = checked_declared(plan, plan.scheme(line.scheme), line.payee, {**before, **declared})
        changed = sorted(name for name in {*before, *line.declared} if before.get(name) != line.declared.get(name))
        if person is not None and person.pk != line.person_id:
            line.person, changed = person, [*changed, "person"]
    keep_judgement([line], now=now, take_places=False, plan=plan)
    compare_lines([line], plan=plan)
    if line.state == LineState.RETURNED:
        take_step([line], "line_mended", actor=actor, now=now)
    else:
        line.version += 1
        save_lines([line], STEP_FIELDS)
    record_event(
        actor=actor, verb="line_facts_changed", subject=line, details={"facts": changed, "version": line.version}
    )
    return line
